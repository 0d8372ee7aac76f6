"""Requests for deletion at the desk: the queue by deadline, and the page of one request."""

from functools import partial
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path

from privacy import clock, deletion_requests, look_alikes, looks, searches
from privacy.admin import deletion_case, deletion_deeds
from privacy.admin.deletion_deeds import DEEDS, HANDLE
from privacy.admin.deletion_queue import Queue
from privacy.deletion_requests import CannotDo
from privacy.erasure import candidates
from privacy.forms.deletions import EntryForm, FindForm, StaffNoteForm
from privacy.models import DeletionRequest, DeletionStep, Look, RequestAddress, RequestSubject
from privacy.tasks import nudge, send_mails

State = DeletionRequest.State


@admin.register(DeletionRequest)
class DeletionRequestAdmin(Queue):
    """The queue by deadline; one request is one page, from what was asked to the story of what was done."""

    form = EntryForm
    change_form_template = "admin/privacy/deletionrequest/change_form.html"
    add_form_template = "admin/change_form.html"
    fields = ("channel", "address", "name", "received_on", "language", "law", "text")

    # --- Who may ------------------------------------------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: DeletionRequest | None = None, **options: Any) -> type[ModelForm]:
        return super().get_form(request, obj, **options | ({"fields": ()} if obj else {"form": EntryForm}))

    def get_fields(self, request: HttpRequest, obj: DeletionRequest | None = None) -> tuple[str, ...]:
        return self.fields if obj is None else ("state",)

    def looked_at(self, request: HttpRequest, row: DeletionRequest) -> Model | None:
        """Who asked, as long as that is kept."""
        return getattr(row, "subject", None)

    # --- One request --------------------------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The case. From here on, it is the reason for what this person opens and searches."""
        row = self.get_object(request, object_id) if self.has_view_permission(request) else None
        context: dict[str, Any] = {}
        if row is not None:
            looks.keep_reason(request.session, f"Deletion request {row.number}")
            context = deletion_case.page(request, row)
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    # --- A request by phone or letter ---------------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        words = {
            "title": "Enter a request from phone or letter",
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
        }
        return super().add_view(request, form_url, words | (extra_context or {}))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"received_on": clock.today(), "law": "gdpr"}

    def save_model(self, request: HttpRequest, obj: DeletionRequest, form: ModelForm, change: bool) -> None:
        """Writes it down; the row that stands for it is the one of the form from then on."""
        said = form.cleaned_data
        received = deletion_requests.receive(
            **{name: said[name] for name in ("channel", "address", "name", "language", "law", "text")},
            received_at=said["received_on"],
            reasons=[f"entered by staff, it came by {said['channel']}"],
            by=request.user,
        )
        obj.__dict__ |= received.__dict__
        nudge(send_mails)

    def response_add(
        self, request: HttpRequest, obj: DeletionRequest, post_url_continue: str | None = None
    ) -> HttpResponse:
        if obj.state == State.DUPLICATE and obj.duplicate_of is not None:
            said = f"{obj.number} repeats {obj.duplicate_of.number}, which is open: it was closed as a duplicate."
            self.message_user(request, said, messages.WARNING)
            return HttpResponseRedirect(deletion_case.case(obj.duplicate_of.pk))
        self.message_user(request, f"{obj.number} is written down. The address is asked for proof.", messages.SUCCESS)
        return HttpResponseRedirect(deletion_case.case(obj.pk))

    # --- Deeds --------------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site.admin_view
        deeds = [
            path(f"<int:request_id>/{name}/", site(self._deed(name)), name=f"privacy_deletionrequest_{name}")
            for name in DEEDS
        ]
        own = [
            path("<int:request_id>/note/", site(self.note_view), name="privacy_deletionrequest_note"),
            path("<int:request_id>/find/", site(self.find_view), name="privacy_deletionrequest_find"),
            path("<int:request_id>/mentions/", site(self.mentions_view), name="privacy_deletionrequest_mentions"),
            path("<int:request_id>/offer/", site(self.offer_view), name="privacy_deletionrequest_offer"),
            path("steps/<int:step_id>/", site(self.step_view), name="privacy_deletionrequest_step"),
        ]
        return [*deeds, *own, *super().get_urls()]

    def _deed(self, name: str) -> Any:
        """The page of a deed. An approval asks once more who approves, unless two people must agree."""
        view = partial(self.deed_view, name=name)
        if name != "approve":
            return view
        guarded = reauthentication_required(view)

        def approve(request: HttpRequest, request_id: int) -> HttpResponse:
            return (view if settings.ERASURE_FOUR_EYES else guarded)(request, request_id=request_id)

        return approve

    def deed_view(self, request: HttpRequest, request_id: int, name: str) -> HttpResponse:
        """Asks before a deed, and does it."""
        deed = DEEDS[name]
        row = self._row(request, request_id, deed.permission)
        if request.method != "POST" and deed not in deletion_deeds.offered(request.user, row):
            self.message_user(request, f"{row.number}: that can't be done now.", messages.WARNING)
            return HttpResponseRedirect(deletion_case.case(row.pk))
        return deletion_deeds.ask(request, deed, row, self._context(request))

    def step_view(self, request: HttpRequest, step_id: int) -> HttpResponse:
        """A step at a service provider that a person does."""
        if not request.user.has_perm(HANDLE):
            raise PermissionDenied("Your role doesn't do this.")
        step = DeletionStep.objects.select_related("request").filter(pk=step_id).first()
        if step is None:
            raise Http404
        return deletion_deeds.finish_step(request, step, self._context(request))

    def note_view(self, request: HttpRequest, request_id: int) -> HttpResponse:
        """Keeps the note for colleagues."""
        row = self._row(request, request_id, HANDLE)
        form = StaffNoteForm(request.POST)
        if request.method == "POST" and form.is_valid():
            RequestSubject.objects.filter(request=row).update(note=form.cleaned_data["note"])
            self.message_user(request, "The note is kept.", messages.SUCCESS)
        return HttpResponseRedirect(deletion_case.case(row.pk))

    def find_view(self, request: HttpRequest, request_id: int) -> HttpResponse:
        """Finds a person by address, order or account: a search, on record with the request as its reason."""
        row = self._row(request, request_id, HANDLE)
        form = FindForm(request.POST if request.method == "POST" else None)
        found = None
        if form.is_valid():
            purpose = f"Deletion request {row.number}"
            looks.record(by=request.user, kind=Look.Kind.SEARCH, model=RequestAddress, purpose=purpose)
            found = deletion_case.offers(request, look_alikes.found_by(form.cleaned_data["term"]))
        context = self._context(request) | {
            "title": f"{row.number}: find the person",
            "request_row": row,
            "form": form,
            "found": found,
            "back": deletion_case.case(row.pk),
        }
        return self._render(request, "admin/privacy/deletionrequest/find.html", context)

    def mentions_view(self, request: HttpRequest, request_id: int) -> HttpResponse:
        """Searches for the person's names elsewhere, and notes whose they are."""
        row = self._row(request, request_id, HANDLE)
        mentions = None
        if request.method == "POST":
            act = {"clear": candidates.clear, "erase": candidates.erase}
            try:
                for name in act.keys() & request.POST.keys():
                    act[name](row.pk, request.POST.get("place", ""), by=request.user)  # type: ignore[arg-type]
            except CannotDo as sentence:
                self.message_user(request, str(sentence), messages.ERROR)
            purpose = f"Deletion request {row.number}"
            looks.record(by=request.user, kind=Look.Kind.SEARCH, model=DeletionRequest, purpose=purpose)
            mentions = candidates.of_request(row.pk)
        context = self._context(request) | {
            "title": f"{row.number}: mentions elsewhere",
            "request_row": row,
            "mentions": mentions,
            "back": deletion_case.case(row.pk),
        }
        return self._render(request, "admin/privacy/deletionrequest/mentions.html", context)

    def offer_view(self, request: HttpRequest, request_id: int) -> HttpResponse:
        """Adds the address that a button of the page stands for, and asks it for proof."""
        row = self._row(request, request_id, HANDLE)
        user_id = cast(int, request.user.pk)
        address = searches.term_of(request.POST.get("offer", ""), user_id=user_id, model=RequestAddress)
        if request.method == "POST" and address is None:
            self.message_user(request, "This page was open for too long. Choose again.", messages.WARNING)
        elif address is not None:
            try:
                DEEDS["add-address"].act(row, request.user, {"address": address})  # type: ignore[arg-type]
            except CannotDo as sentence:
                self.message_user(request, str(sentence), messages.ERROR)
            else:
                nudge(send_mails)
                self.message_user(request, DEEDS["add-address"].done, messages.SUCCESS)
        return HttpResponseRedirect(deletion_case.case(row.pk))

    def _row(self, request: HttpRequest, request_id: int, permission: str) -> DeletionRequest:
        """The request, for who may do this. Raises PermissionDenied before it says whether there is one."""
        if not (self.has_view_permission(request) and request.user.has_perm(permission)):
            raise PermissionDenied("Your role doesn't do this.")
        row = self.get_queryset(request).filter(pk=request_id).first()
        if row is None:
            raise Http404
        return row

    def _context(self, request: HttpRequest) -> dict[str, Any]:
        return self.admin_site.each_context(request) | {"opts": self.opts}

    @staticmethod
    def _render(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        return HttpResponse(render_to_string(template, context, request))
