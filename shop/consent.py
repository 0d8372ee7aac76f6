"""The visitor's answer to the one question that the shop asks: may it remember the products that were viewed?

The answer stands in a signed cookie of the visitor's own: which words were asked, what was said, and when. That is the
proof of an anonymous yes, and it needs no identifier (docs/adr/0009). Who is signed in has the answer in the register
too, and may take it back there for every browser. Global Privacy Control counts as a no, whatever was said before, and
then nothing is asked (https://www.w3.org/TR/gpc/).
"""

from datetime import UTC, datetime
from enum import StrEnum

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponseBase

from privacy import clock, consents
from privacy.consents import ConsentText
from shop import cookies

#: Who asks for more must ask again: a new version makes the old answers void.
QUESTION = consents.register(
    ConsentText("recently_viewed", "1", "May we remember on this device which products you viewed?")
)
_BETWEEN = "-"


class Answer(StrEnum):
    """What was said; `NONE` until something was."""

    YES = "yes"
    NO = "no"
    NONE = ""


def has_global_no(request: HttpRequest) -> bool:
    """Whether the browser says no for its user to everybody (the header Sec-GPC)."""
    return request.headers.get("Sec-GPC") == "1"


def of(request: HttpRequest) -> Answer:
    """The answer in force for this request. One query, and only after a yes in a browser that is signed in."""
    if has_global_no(request):
        return Answer.NO
    answer, said_at = _said(request)
    user = _person(request) if answer is Answer.YES else None
    if user is not None and consents.was_withdrawn_since(user, QUESTION.key, said_at):
        return Answer.NO
    return answer


def record(request: HttpRequest, response: HttpResponseBase, answer: Answer) -> Answer:
    """Keeps the answer in the visitor's browser, and in the register where the visitor is signed in; returns it.

    A no also removes what an earlier yes had left in the browser. A browser that says no to everybody can't say yes.
    """
    answer = Answer.NO if has_global_no(request) else answer
    user = _person(request)
    if answer is Answer.YES and user is not None:
        consents.give(user, QUESTION.key)
    if answer is not Answer.YES:
        cookies.VIEWED.remove(response)
        if user is not None:
            consents.withdraw(user, QUESTION.key)
    cookies.CONSENT.write(response, _BETWEEN.join([QUESTION.version, answer, _stamp(clock.now())]))
    return answer


def _said(request: HttpRequest) -> tuple[Answer, datetime]:
    version, answer, stamp = [*(cookies.CONSENT.read(request) or "").split(_BETWEEN), "", "", ""][:3]
    if version != QUESTION.version or answer not in set(Answer) or not stamp.isdecimal():
        return Answer.NONE, clock.now()
    return Answer(answer), datetime.fromtimestamp(int(stamp) / 1000, UTC)


def _stamp(moment: datetime) -> str:
    """Milliseconds since 1970."""
    return str(int(moment.timestamp() * 1000))


def _person(request: HttpRequest) -> AbstractBaseUser | None:
    """Who is signed in. Without the cookie of a session, nothing is looked up."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        return request.user
    return None
