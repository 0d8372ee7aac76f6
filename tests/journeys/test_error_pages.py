"""The pages for what went wrong. A shop in development shows Django's own, so here the test run's shop, which is set up
as in production, answers in place of the running one; styles and scripts are the running shop's."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from playwright.sync_api import Page, Route, expect

from config import errors
from tests.journeys import inspection
from tests.journeys.visitor import Visitor

PATH = "/what-went-wrong/"


def _show(page: Page, answer: HttpResponse) -> None:
    def respond(route: Route) -> None:
        headers = {name: value for name, value in answer.items() if name != "Content-Length"}
        route.fulfill(status=answer.status_code, headers=headers, body=answer.content)

    page.route(f"**{PATH}", respond, times=1)
    inspection.open_whole(page, PATH)


def _closed(settings: LazySettings) -> HttpResponse:
    settings.MAINTENANCE = True
    return Client().get("/")


ANSWERS: dict[int, tuple[str, Callable[[LazySettings], HttpResponse]]] = {
    400: ("This request can’t be read", lambda _: errors.bad_request(RequestFactory().get("/"))),
    403: ("This is not open to you", lambda _: Client(enforce_csrf_checks=True).post("/find-order/")),
    404: ("No page fits this address", lambda _: Client().get(PATH)),
    500: ("Something broke on our side", lambda _: errors.server_error(RequestFactory().get("/"))),
    503: ("The shop is closed for a moment", _closed),
}


@pytest.mark.django_db
@pytest.mark.parametrize("status", ANSWERS)
def test_a_page_for_what_went_wrong(visitor: Visitor, settings: LazySettings, status: int) -> None:
    title, make = ANSWERS[status]
    answer = make(settings)
    assert answer.status_code == status
    page = visitor.open("about:blank")
    _show(page, answer)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert inspection.axe_faults(page) + inspection.width_faults(page) + inspection.doubled_ids(page) == []
    assert [complaint for complaint in visitor.complaints if f"{status} GET" not in complaint] == []
    visitor.complaints.clear()
