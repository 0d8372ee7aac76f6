"""The desk's list of legal holds."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.decorators import action, display

from privacy import holds
from privacy.admin.desk import Desk
from privacy.forms import HoldForm
from privacy.models import LegalHold


@admin.register(LegalHold)
class LegalHoldAdmin(Desk):
    """Rows that stay beyond their period. A hold is placed and lifted here, and never typed over."""

    form = HoldForm
    list_display = ("held", "reason", "placed_at", "until", "lifted_at")
    list_filter = (("lifted_at", admin.EmptyFieldListFilter),)
    fields = ("kind", "which", "reason", "last_day")
    actions = ("lift",)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return self.fields if obj is None else ("held", "reason", "placed_by", "placed_at", "until", "lifted_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("privacy.place_legalhold")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_lift_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("privacy.lift_legalhold")

    @display(description="Row")
    def held(self, hold: LegalHold) -> str:
        return f"{hold.model} {hold.object_id}"

    def save_model(self, request: HttpRequest, obj: LegalHold, form: HoldForm, change: bool) -> None:
        """Places the hold that the form describes."""
        typed = form.cleaned_data
        placed = holds.place(
            form.held, typed["which"], by=request.user, reason=typed["reason"], until=typed["last_day"]
        )
        obj.__dict__ |= placed.__dict__

    def add_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """The form; where the row left between its check and the hold, a sentence that says so."""
        try:
            return super().add_view(request, *args, **options)
        except holds.CannotHold as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.path)

    @action(description="Lift the selected holds", permissions=["lift"])
    def lift(self, request: HttpRequest, queryset: QuerySet[LegalHold]) -> None:
        """Lets the rows go by their own periods again, at the next sweep where those are over."""
        count = sum(holds.lift(pk, by=request.user) for pk in queryset.order_by().values_list("pk", flat=True))
        self.message_user(request, f"Lifted: {count}.", messages.SUCCESS)
