"""Who looked, for Administrators: a list without pages behind it, since a look says no more than its line."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.decorators import display

from privacy.admin.desk import Desk, ReadOnly
from privacy.models import Look


@admin.register(Look)
class LookAdmin(ReadOnly, Desk):
    """Looks at people's data, searches and exports, latest first."""

    list_display = ("at", "who", "role", "kind", "row", "purpose")
    list_display_links = None
    list_filter = ("kind", "role", ("at", admin.DateFieldListFilter))
    list_select_related = ("by",)
    fields = ("at", "who", "role", "kind", "row", "purpose")
    readonly_fields = ("who", "row")
    ordering = ("-at", "-id")

    @display(description="Who", ordering="by")
    def who(self, look: Look) -> str:
        return str(look.by or "account erased")

    @display(description="Row")
    def row(self, look: Look) -> str:
        return f"{look.model} {look.object_id}".strip()

    def get_list_filter(self, request: HttpRequest) -> tuple[object, ...]:
        return self.list_filter
