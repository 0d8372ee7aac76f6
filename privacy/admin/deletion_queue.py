"""The queue of requests for deletion: by deadline, people masked, and of a doubtful mail no word, only the rule."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from privacy import deletion_figures
from privacy.admin import deletion_case
from privacy.admin.desk import Desk
from privacy.badges import badge
from privacy.forms.deletions import number_of
from privacy.mailbox.rules import rule_of
from privacy.masking import mask_email
from privacy.models import DeletionRequest

State = DeletionRequest.State
#: What is to do next, for the queue.
NEXT = {
    State.RECEIVED: "Is it a request?",
    State.TRIAGED: "Ask for proof",
    State.IDENTITY_PENDING: "The person confirms",
    State.VERIFIED: "Make the plan",
    State.PLANNED: "Approve the plan",
    State.APPROVED: "Begins within a minute",
    State.EXECUTING: "Is carried out",
    State.VERIFYING: "Is searched for leftovers",
    State.NOTIFYING: "The person is told",
}


class Part(admin.SimpleListFilter):
    """Which part of the queue; the open ones unless another is chosen."""

    title, parameter_name = "part", "part"
    PARTS = {
        "open": ("open", deletion_figures.unfinished),
        "needs": ("needs us", deletion_figures.needing_staff),
        "waits": ("waits for others", deletion_figures.waiting),
        "closed": ("closed", deletion_figures.closed),
    }

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(name, words) for name, (words, _) in self.PARTS.items() if name != "open"]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        return [first | {"display": "open"}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[DeletionRequest]) -> QuerySet[DeletionRequest]:
        _, rows = self.PARTS.get(self.value() or "open", self.PARTS["open"])
        return queryset.filter(pk__in=rows().order_by().values("pk"))


class Queue(Desk):
    """The list."""

    list_display = ("number_words", "deadline", "person", "state_words", "next_deed")
    list_display_links = ("number_words",)
    list_filter = (Part, "state", "is_doubtful", "channel")
    list_select_related = ("subject", "approved_by")
    search_fields = ("subject__addresses__address__iexact",)
    search_help_text = "Number, or whole e-mail address"
    ordering = ("due_at", "id")
    list_before_template = "admin/privacy/deletionrequest/figures.html"
    list_after_template = "admin/privacy/deletionrequest/keys.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeletionRequest]:
        return super().get_queryset(request).select_related("subject").defer("receipt")

    def find(
        self, request: HttpRequest, queryset: QuerySet[DeletionRequest], term: str
    ) -> tuple[QuerySet[DeletionRequest], bool]:
        """By number as well."""
        number = number_of(term)
        return (queryset.filter(pk=number), False) if number is not None else super().find(request, queryset, term)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        count = deletion_figures.needing_staff().count()
        first = deletion_figures.unfinished().filter(told_at__isnull=True).first()
        usual = deletion_figures.median_days()
        here = request.GET.get(Part.parameter_name, "open")
        figures = {
            "heading": f"{count or 'No'} request{'' if count == 1 else 's'} need{'s' if count == 1 else ''} you",
            "enter": reverse("admin:privacy_deletionrequest_add"),
            "parts": [
                {"words": words.capitalize(), "address": f"?part={name}", "is_here": name == here}
                for name, (words, _) in Part.PARTS.items()
            ],
            "open_count": deletion_figures.unfinished().count(),
            "nearest": deletion_case.clock_of(first) if first else None,
            "usual": None if usual is None else f"{usual:.1f}".removesuffix(".0"),
            "left_over": deletion_figures.left_over(),
        }
        return super().changelist_view(request, figures | (extra_context or {}))

    @display(description="Deadline", ordering="due_at")
    def deadline(self, row: DeletionRequest) -> SafeString:
        return render_to_string("admin/privacy/deletionrequest/clock.html", {"clock": deletion_case.clock_of(row)})

    @display(description="Request", ordering="pk")
    def number_words(self, row: DeletionRequest) -> SafeString:
        way = ", ".join(part for part in (row.get_channel_display(), row.language) if part)
        return format_html('<span><span class="whitespace-nowrap">{}</span><br>{}</span>', row.number, way)

    @display(description="Person, masked")
    def person(self, row: DeletionRequest) -> str:
        subject = getattr(row, "subject", None)
        masked = [mask_email(one.address) for one in subject.addresses.all()] if subject else []
        return ", ".join(masked) or "no longer kept"

    @display(description="State", ordering="state")
    def state_words(self, row: DeletionRequest) -> SafeString:
        subject = getattr(row, "subject", None)
        rules = dict.fromkeys(rule_of(str(reason)) for reason in subject.reasons) if subject else {}
        why = f"Doubtful: {'; '.join(rules)}" if row.is_doubtful and rules else ""
        if row.problem:
            why = f"Stuck: {row.problem}"
        elif row.approved_by is not None and row.is_open:
            why = f"Approved by {row.approved_by}"
        shown = badge(row.state, row.get_state_display())
        return format_html("<span>{}<br>{}</span>", shown, why) if why else shown

    @display(description="Next")
    def next_deed(self, row: DeletionRequest) -> str:
        return "Look at it" if row.problem else NEXT.get(State(row.state), "–")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        shown = super().get_changelist_instance(request)
        shown.result_list = shown.result_list.prefetch_related("subject__addresses")
        return shown
