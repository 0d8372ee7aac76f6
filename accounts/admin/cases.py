"""Cases at the desk: the queue by deadline, and the page of one, through which Support sees an order (P9)."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from accounts.admin import case_deeds, case_page
from accounts.admin.case_deeds import DEEDS
from accounts.cases import case_files, figures
from accounts.forms.desk import CannedAnswerForm
from accounts.models import CannedAnswer, Case
from privacy import looks
from privacy.admin import Desk, ReadOnly
from privacy.badges import badge
from privacy.masking import mask_email
from privacy.models import Look
from shop.models import OrderParty


class Part(admin.SimpleListFilter):
    """Which part of the queue; what needs us unless another is chosen."""

    title, parameter_name = "part", "part"
    PARTS = {
        "needs": ("needs us", figures.needing_us),
        "waits": ("waits for others", figures.waiting),
        "late": ("late", figures.overdue),
        "closed": ("closed", figures.closed),
    }

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(name, words) for name, (words, _) in self.PARTS.items() if name != "needs"]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        return [first | {"display": "needs us"}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        if "q" in request.GET and self.value() is None:
            return queryset  # a search looks through all of them
        _, rows = self.PARTS.get(self.value() or "needs", self.PARTS["needs"])
        return queryset & rows().order_by()


class Whose(admin.SimpleListFilter):
    """Who goes on with it."""

    title, parameter_name = "who goes on", "whose"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("mine", "me"), ("nobody", "nobody")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        if self.value() == "mine":
            return queryset.filter(assigned_to=request.user.pk)
        return queryset.filter(assigned_to__isnull=True) if self.value() == "nobody" else queryset


@admin.register(Case)
class CaseAdmin(ReadOnly, Desk):
    """The queue by deadline; one case is one page, from what was written to the story of what was done."""

    list_display = ("number_words", "deadline", "person", "state_words", "who")
    list_display_links = ("number_words",)
    list_filter = (Part, "kind", Whose)
    list_select_related = ("party", "assigned_to", "order")
    search_fields = ("party__email__iexact", "order__number")
    search_help_text = "Number of the case or the order, or whole e-mail address"
    ordering = ("due_at", "id")
    list_before_template = "admin/accounts/case/figures.html"
    list_after_template = "admin/privacy/deletionrequest/keys.html"
    change_form_template = "admin/accounts/case/change_form.html"
    fields = ("state",)

    def get_form(self, request: HttpRequest, obj: Case | None = None, **options: Any) -> type[ModelForm]:
        return super().get_form(request, obj, **options | {"fields": ()})

    def looked_at(self, request: HttpRequest, row: Case) -> Model | None:
        """Whose case it is, as long as that is kept."""
        return getattr(row, "party", None)

    # --- The queue ----------------------------------------------------------------------------------------------------

    def find(self, request: HttpRequest, queryset: QuerySet[Case], term: str) -> tuple[QuerySet[Case], bool]:
        """By number as well."""
        digits = term.strip().upper().removeprefix("C-")
        if digits.isascii() and digits.isdigit() and len(digits) < 19:
            return queryset.filter(pk=int(digits)), False
        return super().find(request, queryset, term)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        count, here = figures.needing_us().count(), request.GET.get(Part.parameter_name, "needs")
        first, usual = figures.needing_us().first(), figures.median_days()
        shown = {
            "heading": f"{count or 'No'} case{'' if count == 1 else 's'} need{'s' if count == 1 else ''} you",
            "parts": [
                {"words": words.capitalize(), "address": f"?part={name}", "is_here": name == here}
                for name, (words, _) in Part.PARTS.items()
            ],
            "nearest": case_page.clock_of(first) if first else None,
            "late": figures.overdue().count(),
            "usual": None if usual is None else f"{usual:.1f}".removesuffix(".0"),
        }
        return super().changelist_view(request, shown | (extra_context or {}))

    @display(description="Case", ordering="pk")
    def number_words(self, row: Case) -> SafeString:
        about = row.get_kind_display() + (f", {row.order.number}" if row.order else "")
        return format_html('<span><span class="whitespace-nowrap">{}</span><br>{}</span>', row.number, about)

    @display(description="Deadline", ordering="due_at")
    def deadline(self, row: Case) -> SafeString:
        return render_to_string("admin/privacy/deletionrequest/clock.html", {"clock": case_page.clock_of(row)})

    @display(description="Person, masked")
    def person(self, row: Case) -> str:
        party = getattr(row, "party", None)
        return mask_email(party.email) if party else "no longer kept"

    @display(description="State", ordering="state")
    def state_words(self, row: Case) -> SafeString:
        shown = badge(row.state, row.get_state_display())
        needs = row.needs_person and row.state not in {Case.State.RECEIVED, Case.State.UNPROVEN}
        return format_html("<span>{}<br>and needs us</span>", shown) if needs else shown

    @display(description="Who goes on")
    def who(self, row: Case) -> str:
        return str(row.assigned_to) if row.assigned_to else "–"

    # --- One case -----------------------------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The case. From here on, it is the reason for what this person opens and searches."""
        row = self.get_object(request, object_id) if self.has_view_permission(request) else None
        context: dict[str, Any] = {}
        if row is not None:
            looks.keep_reason(request.session, f"Case {row.number}")
            self._record_order(request, row)
            context = case_page.page(request, row)
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def _record_order(self, request: HttpRequest, row: Case) -> None:
        """The page shows the order's person, too: that is a look of its own."""
        party = getattr(row.order, "party", None) if row.order else None
        if party is not None:
            purpose = f"Case {row.number}"
            looks.record(by=request.user, kind=Look.Kind.ORDER, model=OrderParty, object_id=party.pk, purpose=purpose)

    # --- Deeds --------------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site.admin_view
        deeds = [
            path(f"<int:case_id>/{name}/", site(partial(self._deed_view, name)), name=f"accounts_case_{name}")
            for name in DEEDS
        ]
        file = path("<int:case_id>/files/<int:file_id>/", site(self.file_view), name="accounts_case_file")
        return [*deeds, file, *super().get_urls()]

    def _deed_view(self, name: str, request: HttpRequest, case_id: int) -> HttpResponse:
        row, deed = self._row(request, case_id, case_deeds.HANDLE), DEEDS[name]
        if row.state not in deed.states:
            self.message_user(request, f"{row.number} is {row.get_state_display()}: that can’t be done now.", "warning")
            return HttpResponseRedirect(case_page.address(row.pk))
        return case_deeds.ask(request, deed, row, self.admin_site.each_context(request) | {"opts": self.opts})

    def file_view(self, request: HttpRequest, case_id: int, file_id: int) -> FileResponse:
        """A file of the case, to be saved; a look like that at the case itself."""
        row = self._row(request, case_id, "accounts.view_case")
        party = getattr(row, "party", None)
        found = case_files.of(party, file_id) if party else None
        if found is None:
            raise Http404
        self.record_look(request, row)
        return case_files.response(found)

    def _row(self, request: HttpRequest, case_id: int, permission: str) -> Case:
        """The case, for who may do this. Raises PermissionDenied before it says whether there is one."""
        if not (self.has_view_permission(request) and request.user.has_perm(permission)):
            raise PermissionDenied("Your role doesn't do this.")
        row = self.get_queryset(request).select_related("party", "order__party").filter(pk=case_id).first()
        if row is None:
            raise Http404
        return row


@admin.register(CannedAnswer)
class CannedAnswerAdmin(Desk):
    """Answers that fit many cases."""

    form = CannedAnswerForm
    list_display = ("title",)
    search_fields = ("title", "text")
    ordering = ("title",)
