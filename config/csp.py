"""The admin's wider Content-Security-Policy.

The admin's look (unfold) runs Alpine, which evaluates expressions and sets styles. Nothing outside `/admin/` gets this.
"""

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.http import HttpRequest, HttpResponseBase

ADMIN_DIRECTIVES = {"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]}


def admin_policy(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: replaces two directives on pages under `/admin/`, and only there."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_replace = ADMIN_DIRECTIVES  # type: ignore[attr-defined]  # how django-csp takes it
        return response

    return respond
