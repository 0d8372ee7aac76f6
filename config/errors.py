"""Pages for what went wrong. None of them shows a trace; all but the 404 page, which has the shop's header, do without
the database."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shop.views import checkout


def _page(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    return render(request, f"errors/{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request can't be understood."""
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the sentence of the PermissionDenied that was raised."""
    return _page(request, 403, reason=str(exception) if exception else "")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or old: the page was open too long, or cookies are off."""
    if request.resolver_match and request.resolver_match.url_name == "checkout":
        return checkout.again(request, "This page was open for too long. Please look at it again, then press Pay.")
    return _page(request, 403, reason="This page was open for too long. Go back, reload it and send the form again.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same bytes for what isn't there and for what is somebody else's."""
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: says that nothing was lost, and where to write."""
    return _page(request, 500)


def maintenance(request: HttpRequest) -> HttpResponse:
    """503: the shop is closed for a while."""
    return render(request, "errors/maintenance.html", status=503)
