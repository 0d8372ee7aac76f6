"""The visitor's answer to the one question that the shop asks: may it remember the products that were viewed?

The answer stands in a cookie of its own. Global Privacy Control counts as a no, and then nothing is asked
(https://www.w3.org/TR/gpc/).
"""

from enum import StrEnum

from django.http import HttpRequest, HttpResponseBase

from shop import cookies

#: Of the question. Who asks for more must ask again: a new version makes the old answers void.
QUESTION = "1"


class Answer(StrEnum):
    """What was said; `NONE` until something was."""

    YES = "yes"
    NO = "no"
    NONE = ""


def has_global_no(request: HttpRequest) -> bool:
    """Whether the browser says no for its user to everybody (the header Sec-GPC)."""
    return request.headers.get("Sec-GPC") == "1"


def of(request: HttpRequest) -> Answer:
    """The answer in force for this request."""
    if has_global_no(request):
        return Answer.NO
    question, _, answer = (cookies.CONSENT.read(request) or "").partition("-")
    return Answer(answer) if question == QUESTION and answer in set(Answer) else Answer.NONE


def record(response: HttpResponseBase, answer: Answer) -> None:
    """Keeps the answer in the visitor's browser; a no also removes what an earlier yes had left there."""
    cookies.CONSENT.write(response, f"{QUESTION}-{answer}")
    if answer is not Answer.YES:
        cookies.VIEWED.remove(response)
