"""Views for people who are signed in."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from accounts.models import User

P = ParamSpec("P")


class SignedInRequest(HttpRequest):
    """A request whose `user` is a person, not an anonymous visitor."""

    user: User


def signed_in(
    view: Callable[Concatenate[SignedInRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Decorator: others are sent to the sign-in page and come back; the answer is kept by nobody."""
    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", never_cache(login_required(view)))
