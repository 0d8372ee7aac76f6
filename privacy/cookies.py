"""Nothing sets a cookie that the inventory doesn't declare, a package of somebody else's included."""

from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from privacy import places

log = structlog.get_logger(__name__)


def only_declared(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: takes an undeclared cookie off the answer and says so in the log.

    In development it raises places.Undeclared instead, with the line to write.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name in [name for name in response.cookies if places.find(places.Cookie, name) is None]:
            if settings.DEBUG:
                raise places.Undeclared(
                    f"The cookie {name!r} isn't declared. In the app's places.py, write "
                    f'places.declare(places.Cookie(name="{name}", words="Keeps what for whom.", purpose=..., '
                    "lasts=timedelta(days=30), needs_yes=True))."
                )
            del response.cookies[name]
            log.error("undeclared cookie refused", kind=name)
        return response

    return respond
