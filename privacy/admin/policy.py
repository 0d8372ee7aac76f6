"""The versions of the policy at the desk, and the record of processing beside them."""

import re

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from privacy import policy, processing_record
from privacy.admin.desk import Desk, ReadOnly
from privacy.models import PolicyVersion


@admin.register(PolicyVersion)
class PolicyVersionAdmin(ReadOnly, Desk):
    """The versions of the privacy policy, which `manage.py privacy publish` writes, and the record of processing."""

    list_display = ("number", "published_at", "read")
    fields = ("number", "published_at", "digest_in_groups")
    readonly_fields = ("digest_in_groups",)
    change_list_template = "admin/privacy/policyversion/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[PolicyVersion]:
        return super().get_queryset(request).defer("content")

    @display(description="Digest")
    def digest_in_groups(self, version: PolicyVersion) -> str:
        """In groups of eight, which fit on a phone."""
        return " ".join(re.findall(".{1,8}", version.digest))

    @display(description="Text")
    def read(self, version: PolicyVersion) -> SafeString:
        """A link to the text as visitors read it."""
        return format_html('<a href="{}" class="desk-link">Read</a>', reverse("policy_version", args=[version.number]))

    def get_urls(self) -> list[URLPattern]:
        record = path("record/", self.admin_site.admin_view(self.record), name="privacy_processing_record")
        return [record, *super().get_urls()]

    def record(self, request: HttpRequest) -> HttpResponse:
        """`admin/privacy/policyversion/record.html`: activities and measures (Article 30(1) GDPR)."""
        if not request.user.has_perm("privacy.view_processing_record"):
            raise PermissionDenied("Administrators see the record of processing.")
        context = {
            **self.admin_site.each_context(request),
            "title": "Record of processing",
            "activities": processing_record.activities(),
            "measures": processing_record.measures(),
            "version": policy.in_force(),
        }
        return TemplateResponse(request, "admin/privacy/policyversion/record.html", context)
