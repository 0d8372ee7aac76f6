"""What every app's admin is made of."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import display

from privacy.badges import badge


class Desk(ModelAdmin):
    """An admin list that never counts its whole table to say how many rows a filter left out."""

    show_full_result_count = False
    list_per_page = 50
    list_fullwidth = True

    @display(description="State", ordering="state")
    def state_badge(self, row: Any) -> SafeString:
        """The row's state."""
        return badge(row.state, row.get_state_display())

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        """Django looks for the row first: who may see none would learn which rows there are."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)


class ReadOnly:
    """For admins and inlines of rows that are looked at and never typed over."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
