"""The queue of deletion requests (P12c): by deadline, its people masked."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from privacy import clock, deletion_requests
from privacy.models import DeletionRequest, DeletionStep
from tests import desk
from tests.privacy.deletion_desk import LIST, case, customer, planned, proven, receive, text

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P12c")]


def test_the_queue_is_ordered_by_deadline_and_masks_its_people(support: Client) -> None:
    late, soon, calm = (
        receive(f"person-{days}@customer.example", received_at=clock.now() - timedelta(days=days))
        for days in (27, 22, 1)
    )
    page = text(support, LIST)
    places = [page.index(one.number) for one in (late, soon, calm)]
    assert places == sorted(places)
    assert "@customer.example" not in page
    assert "p…@cust….example" in page
    assert [re.findall(r'class="clock ?(\w*)"', page)[place] for place in (-3, -2, -1)] == ["urgent", "near", ""]


def test_a_deadline_that_has_passed_says_how_late_it_is(support: Client) -> None:
    receive(received_at=clock.now() - timedelta(days=40))
    assert re.search(r"\d+ days? late, \d+ \w+ \d{4}", text(support, LIST))


def test_doubtful_ones_say_why(support: Client) -> None:
    receive(is_doubtful=True, reasons=["speaks of deleting, but not of data", "asks: “delete kim@x.de” (English)"])
    page = text(support, LIST)
    assert "Doubtful: speaks of deleting, but not of data; asks<" in page
    assert "kim@x.de" not in page
    assert "Is it a request?" in page


def test_the_parts_of_the_queue(support: Client) -> None:
    waits, needs, closed = receive("a@example.com"), proven("b@example.com"), receive("c@example.com")
    deletion_requests.withdraw(closed.pk)
    hand = receive("d@example.com")
    DeletionStep.objects.create(request=hand, position=200, name="provider:paypal", kind="manual")
    stuck = receive("e@example.com")
    DeletionRequest.objects.filter(pk=stuck.pk).update(problem="residue")
    shown = {
        part: set(support.get(LIST, {"part": part} if part else {}).context["cl"].queryset.values_list("pk", flat=True))
        for part in ("", "needs", "waits", "closed")
    }
    assert shown == {
        "": {waits.pk, needs.pk, hand.pk, stuck.pk},
        "needs": {needs.pk, hand.pk, stuck.pk},
        "waits": {waits.pk},
        "closed": {closed.pk},
    }
    assert "3 requests need you" in text(support, LIST)


def test_a_request_is_found_by_its_number_and_by_an_address_with_a_reason(support: Client) -> None:
    one, other = receive("ada@example.com"), receive("bob@example.com")
    for term, found in ((one.number, one), (str(other.pk), other), ("BOB@example.com", other)):
        address = desk.search(support, LIST, term)
        assert list(support.get(address).context["cl"].queryset) == [found], term


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_a_case_runs_the_same_queries_for_1_and_for_30_requests_and_events(support: Client) -> None:
    request = planned(support, customer().email)
    first = queries(support, case(request))
    for number in range(29):
        receive(f"other-{number}@example.com")
        deletion_requests.locked.tell(request, "message", detail="Asked again.")
    assert queries(support, case(request)) == first
