"""What every app's admin is made of. Whatever shows one row with a person's data writes the look down first."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from unfold.decorators import display

from privacy import looks
from privacy.admin.search import PeopleSearch
from privacy.badges import badge


class Desk(PeopleSearch):
    """An admin list that never counts its whole table to say how many rows a filter left out."""

    show_full_result_count = False
    list_per_page = 50
    list_fullwidth = True

    @display(description="State", ordering="state")
    def state_badge(self, row: Any) -> SafeString:
        """The row's state."""
        return badge(row.state, row.get_state_display())

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        """Django looks for the row first: who may see none would learn which there are. Its title names the row."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))
        if row is not None:
            self.record_look(request, row)
        return super().history_view(request, object_id, extra_context)

    def looked_at(self, request: HttpRequest, row: Any) -> Model | None:
        """The row whose person is seen on the page of `row`: itself where it has a column about one, or None."""
        return row if looks.is_personal(type(row)) else None

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *places: Any, obj: Any = None, **options: Any
    ) -> HttpResponse:
        """The page of one row. Where the look can't be written down, nothing is shown."""
        if obj is not None:  # as the admin calls it; None where a row is added
            self.record_look(request, obj)
        return super().render_change_form(request, context, *places, obj=obj, **options)

    def record_look(self, request: HttpRequest, row: Any) -> None:
        """Writes down that this person sees `row`; for pages of an admin's own that show one."""
        seen = self.looked_at(request, row)
        if seen is not None:
            model = type(seen)
            purpose = looks.reason_of(request.session) or looks.DAILY_WORK
            looks.record(by=request.user, kind=looks.kind_of(model), model=model, object_id=seen.pk, purpose=purpose)


class ReadOnly:
    """For admins and inlines of rows that are looked at and never typed over."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
