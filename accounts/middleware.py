"""Middleware of accounts."""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponseBase

from accounts import devices


def remember_device(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Keeps the list of places where an account is signed in up to date.

    It looks only where the page has read the session anyway and somebody is signed in: anonymous pages pay nothing.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.session.accessed and SESSION_KEY in request.session:
            devices.remember(request)
        return response

    return respond
