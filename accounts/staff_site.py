"""The admin site: who may enter, and its start page."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from unfold.sites import UnfoldAdminSite

from accounts import staff, start_page

SET_UP = "Staff sign in with a second factor. Set one up here, then open the desk again."


class StaffSite(UnfoldAdminSite):
    """The admin. Staff enter it with a second factor, unless DEBUG is on."""

    index_title = "What needs me"
    index_template = "admin/start_page.html"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Active staff, in a session that a second factor confirmed. allauth asked for a confirmed address before."""
        if not super().has_permission(request):
            return False
        return settings.DEBUG or _is_confirmed(request)

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sends whoever may not enter to what is missing: signing in, setting a second factor up, or using it."""
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        if not request.user.is_authenticated:
            return _to(settings.LOGIN_URL, request)
        if not super().has_permission(request):
            raise PermissionDenied("This page is for the people who run the shop.")
        if not staff.has_second_factor(request.user):
            messages.warning(request, SET_UP)
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return _to("mfa_reauthenticate", request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Passwords are changed where customers change theirs."""
        return HttpResponseRedirect(reverse("account_change_password"))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """What waits for a person, then how the shop is doing."""
        page = {"needs": start_page.needs_of(request.user), "panels": start_page.panels_of(request.user)}
        return super().index(request, page | (extra_context or {}))


def _is_confirmed(request: HttpRequest) -> bool:
    """Whether the session has its second factor. A page asks this several times; the database is asked once."""
    known = vars(request)
    if "second_factor_confirmed" not in known:
        known["second_factor_confirmed"] = staff.used_second_factor(request) and staff.has_second_factor(request.user)
    return known["second_factor_confirmed"]


def _to(page: str, request: HttpRequest) -> HttpResponse:
    """The page, which comes back to where the person wanted to go."""
    wanted = request.GET.get("next", "")
    back = wanted if wanted.startswith("/admin/") else reverse("admin:index")
    return HttpResponseRedirect(f"{resolve_url(page)}?{urlencode({'next': back})}")
