"""The shop is closed for a while (`MAINTENANCE=true`): every page answers 503, so that search engines and payment
providers come back. Staff can sign in and work in the admin; a load balancer still sees a healthy process."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from config import errors

OPEN = ("/admin/", "/static/", "/account/login/", "/account/logout/", "/account/2fa/", "/healthz", "/readyz")
BACK_IN_SECONDS = 600


def closed(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: while `MAINTENANCE` is on, answers everything but `OPEN` with the maintenance page."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        if not settings.MAINTENANCE or request.path.startswith(OPEN):
            return get_response(request)
        response = errors.maintenance(request)
        response["Retry-After"] = str(BACK_IN_SECONDS)
        return response

    return respond
