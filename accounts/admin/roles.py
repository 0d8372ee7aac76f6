"""Roles on the desk: to be looked at. What a role may do is written in `accounts/roles.py`."""

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import display

from privacy.admin import Desk, ReadOnly

admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(ReadOnly, Desk):
    """Who has a role is said on the page of the person."""

    list_display = ("name", "people")
    fields = ("name", "may")
    readonly_fields = ("may",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        return super().get_queryset(request).annotate(people=Count("user"))

    @display(description="People", ordering="people")
    def people(self, group: Group) -> int:
        return group.people  # type: ignore[attr-defined]  # annotated

    @display(description="May")
    def may(self, group: Group) -> SafeString:
        names = group.permissions.order_by("content_type__app_label", "codename").values_list("name")
        return format_html_join("", "<p>{}</p>", names)
