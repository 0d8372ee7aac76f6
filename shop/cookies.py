"""Every cookie that the shop sets, declared in one place: what it is for, how long it stays, whether it is signed.

All are first-party. What is not declared here is not set: the cookies page shows the list, the inventory reads it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


@dataclass(frozen=True)
class Cookie:
    """A cookie by its name, with its purpose in a sentence for the visitor.

    `lasts` counts from the last time it was set; None means until the browser is closed. `needs_yes` says that it is
    set only after the visitor agreed; the others are strictly necessary for what the visitor asked for (Directive
    2002/58/EC, Art. 5(3)).
    """

    name: str
    purpose: str
    lasts: timedelta | None
    signed: bool
    needs_yes: bool = False

    def read(self, request: HttpRequest) -> str | None:
        """The value that the visitor's browser sent, or None: not there, not signed by us, or too old."""
        if self.signed:
            return request.get_signed_cookie(self.name, default=None, salt=self._salt, max_age=self.lasts)
        return request.COOKIES.get(self.name)

    def write(self, response: HttpResponseBase, value: str) -> None:
        """Has the browser keep `value`, readable by no script and sent to no other site."""
        keep: dict[str, Any] = {
            "max_age": self.lasts,
            "secure": settings.SESSION_COOKIE_SECURE,
            "httponly": True,
            "samesite": "Lax",
        }
        if self.signed:
            response.set_signed_cookie(self.name, value, salt=self._salt, **keep)
        else:
            response.set_cookie(self.name, value, **keep)

    def remove(self, response: HttpResponseBase) -> None:
        """Has the browser forget the cookie."""
        response.delete_cookie(self.name, samesite="Lax")

    @property
    def _salt(self) -> str:
        return f"shop.cookies.{self.name}"


CART = Cookie("cart", "Keeps what you put in the cart.", timedelta(days=30), signed=True)
COUPON = Cookie(
    "coupon", "Keeps the code of a discount that you entered for the cart.", timedelta(days=30), signed=True
)
CONSENT = Cookie(
    "consent",
    "Keeps your answer to whether we may remember the products you viewed, and when you gave it.",
    timedelta(days=180),
    signed=True,
)
PLACE = Cookie(
    "place",
    "Keeps the country and the currency you chose to see prices for.",
    timedelta(days=180),
    signed=False,
)
VIEWED = Cookie(
    "viewed",
    "Keeps the last 12 products you viewed, to show them to you again.",
    timedelta(days=90),
    signed=True,
    needs_yes=True,
)


def declared() -> Iterator[Cookie]:
    """All cookies, those of Django included: sign-in, protection of forms, and words left for the next page."""
    yield from (CART, COUPON, CONSENT, PLACE, VIEWED)
    yield Cookie(
        settings.SESSION_COOKIE_NAME,
        "Keeps you signed in, and an order together while you place it.",
        timedelta(seconds=settings.SESSION_COOKIE_AGE),
        signed=False,
    )
    yield Cookie(
        settings.CSRF_COOKIE_NAME,
        "Makes sure that a form was sent from this shop and by you.",
        timedelta(seconds=settings.CSRF_COOKIE_AGE or 0) or None,
        signed=False,
    )
    yield Cookie("messages", "Carries a sentence, such as what was changed, to the next page.", None, signed=True)
