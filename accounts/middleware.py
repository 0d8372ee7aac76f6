"""Middleware of accounts."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase


def remember_device(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Keeps the list of places where an account is signed in up to date."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    return respond
