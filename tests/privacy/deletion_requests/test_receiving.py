"""A request about an address that has an open one already: it isn't lost, and a forged one is in nobody's way."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from config.celery import app
from privacy import clock, deletion_requests, tasks
from privacy.deletion_requests import CannotDo
from privacy.models import DeletionRequest, OutgoingMail, RequestAddress
from tests.accounts.conftest import person

pytestmark = pytest.mark.django_db
State = DeletionRequest.State
ADA = "ada@example.com"


@pytest.fixture(autouse=True)
def noon() -> Iterator[datetime]:
    """In the middle of a day, so that what comes a little later is of the same one."""
    with clock.at(clock.now().replace(hour=12)) as moment:
        yield moment


def receive(address: str = ADA, *, is_doubtful: bool = False) -> DeletionRequest:
    return deletion_requests.receive(channel="mail", address=address, is_doubtful=is_doubtful)


def asked() -> int:
    return OutgoingMail.objects.filter(kind="deletion_proof").count()


def test_a_clear_request_takes_the_doubtful_one_before_it_up() -> None:
    first = receive(is_doubtful=True)
    assert receive(is_doubtful=True).state == State.DUPLICATE
    first.refresh_from_db()
    assert (first.state, asked()) == (State.RECEIVED, 0)
    assert receive().state == State.DUPLICATE
    first.refresh_from_db()
    assert (first.state, first.is_doubtful, asked()) == (State.IDENTITY_PENDING, False, 1)


def test_who_asks_on_another_day_gets_a_link_that_works_and_one_a_day() -> None:
    first = receive()
    receive()
    assert asked() == 1
    with clock.at(clock.now() + timedelta(days=13)):
        receive(ADA.upper())
        receive()
        receive(is_doubtful=True)
        assert asked() == 2
    with clock.at(clock.now() + timedelta(days=20)):
        assert deletion_requests.prove(deletion_requests.token(first.tokens.latest("id")), way="link") == first


def test_no_other_address_of_the_request_is_asked_again() -> None:
    first = receive()
    deletion_requests.add_address(first.pk, "bob@example.com", by=person("sue@example.com", is_staff=True))
    receive("bob@example.com")
    assert list(first.tokens.values_list("address__address", flat=True).order_by("id")) == [ADA, "bob@example.com"]


def test_a_request_that_is_proven_is_left_as_it_is() -> None:
    first = receive()
    deletion_requests.prove(deletion_requests.token(first.tokens.get()), way="link")
    with clock.at(clock.now() + timedelta(days=1)):
        assert receive().state == State.DUPLICATE
    first.refresh_from_db()
    assert (first.state, asked()) == (State.VERIFIED, 1)


def test_what_nobody_confirmed_is_closed_every_hour_and_the_address_is_free() -> None:
    entry = app.conf.beat_schedule["close-unverified-requests"]
    assert (entry["task"], entry["schedule"]) == (tasks.close_unverified_requests.name, 3600.0)
    first = receive()
    with clock.at(clock.now() + timedelta(days=15)):
        assert tasks.close_unverified_requests() == 1
        assert receive().state == State.IDENTITY_PENDING
    first.refresh_from_db()
    assert first.state == State.UNVERIFIED_CLOSED


def test_a_request_that_ends_while_another_comes_is_in_nobodys_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address is taken when it is written, and free when it is looked who has it."""
    first = receive()
    real = QuerySet.first

    def ended(rows: QuerySet[DeletionRequest]) -> object:
        if rows.model is DeletionRequest and "open_address" in str(rows.query) and first.is_open:
            deletion_requests.withdraw(first.pk)
            first.refresh_from_db()
        return real(rows)

    monkeypatch.setattr(QuerySet, "first", ended)
    assert receive().state == State.IDENTITY_PENDING


def test_an_address_that_never_gets_free_is_an_error_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(**_said: object) -> RequestAddress:
        raise IntegrityError

    monkeypatch.setattr(RequestAddress.objects, "create", taken)
    with pytest.raises(CannotDo, match="come and go"):
        receive()
