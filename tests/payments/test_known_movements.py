"""The days of an account that may not see its list: each known payment, refund and dispute is asked for by itself."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from payments import balances, disputes, known_movements, refund_submission, statements
from payments.models import Attempt, Dispute, Refund, Statement
from payments.providers.base import NotFound
from payments.providers.paypal import PayPal
from privacy import clock
from privacy.models import Alert
from tests import desk
from tests.payments import paying
from tests.payments.giving_back import ask
from tests.payments.paying import Till
from tests.payments.test_statements import captured_there

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("till", ["paypal"], indirect=True)]


@pytest.fixture(autouse=True)
def blind(till: Till, settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = ""
    till.sandbox.switch(reporting=False)


def balance() -> balances.Balance:
    """Of today, two days later."""
    today = clock.today()
    with clock.at(clock.now() + timedelta(days=2)):
        return balances.balance_of(PayPal(), today)


def test_what_is_known_on_both_sides_is_equal(till: Till, bought: Attempt, client: Client) -> None:
    ask(bought, 1)
    refund_submission.submit_due()
    lost = paying.paid(till, client)
    dispute = till.sandbox.act("open_dispute", lost.reference(till.kind))
    till.sandbox.act("lose_dispute", dispute["dispute_id"])
    disputes.look("paypal", dispute["dispute_id"])
    paying.begun(till)
    found = balance()
    assert (found.theirs, found.ours, found.differences) == ({"EUR": 119}, {"EUR": 119}, {})


@pytest.mark.parametrize(("ours", "difference"), [("237.99", "0.01"), ("238.01", "-0.01")])
def test_a_difference_of_a_cent_is_named(bought: Attempt, ours: str, difference: str) -> None:
    Attempt.objects.filter(pk=bought.pk).update(amount=Decimal(ours))
    assert balance().differences == {"EUR": Decimal(difference)}


def test_a_capture_that_our_books_lack_is_a_difference(till: Till) -> None:
    captured_there(till)
    assert balance().differences == {"EUR": 119}


def test_another_currency_there_is_a_difference_in_both(bought: Attempt) -> None:
    Attempt.objects.filter(pk=bought.pk).update(currency="USD")
    assert balance().differences == {"EUR": 238, "USD": -238}


def test_a_refund_that_failed_there_is_a_difference(till: Till, bought: Attempt) -> None:
    refund = ask(bought, 1)
    refund_submission.submit_due()
    refund.refresh_from_db()
    document = till.sandbox.provider.objects.find("refund", refund.provider_refund)
    till.sandbox.provider.objects.save(document | {"status": "FAILED"})
    assert balance().differences == {"EUR": 119}


def test_a_dispute_that_took_more_there_is_a_difference(till: Till, bought: Attempt) -> None:
    dispute = till.sandbox.act("open_dispute", bought.reference(till.kind))
    disputes.look("paypal", dispute["dispute_id"])
    till.sandbox.act("lose_dispute", dispute["dispute_id"])
    assert Dispute.objects.get().withdrawn == 0
    assert balance().differences == {"EUR": -238}


def test_what_the_provider_does_not_know_moved_nothing(
    till: Till, bought: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(bought, 1)
    refund_submission.submit_due()
    dispute = till.sandbox.act("open_dispute", bought.reference(till.kind))
    disputes.look("paypal", dispute["dispute_id"])

    def gone(*_arguments: object) -> None:
        raise NotFound

    for name in ("fetch", "fetch_refund", "fetch_dispute"):
        monkeypatch.setattr(PayPal, name, gone)
    assert sum(movement.theirs for movement in movements()) == 0
    assert balance().differences == {"EUR": -119}


def movements() -> Iterator[known_movements.Movement]:
    now = clock.now()
    return known_movements.between(PayPal(), now - timedelta(days=1), now + timedelta(days=1))


def test_each_day_of_it_is_balanced_and_a_difference_calls_a_person(bought: Attempt) -> None:
    statements.compare_all()
    with clock.at(clock.now() + timedelta(hours=4)):
        statements.compare_all()
    assert Statement.objects.get().is_blind
    today = clock.today()
    Statement.objects.update(balanced_until=today)
    Attempt.objects.filter(pk=bought.pk).update(amount=Decimal("238.50"))
    with clock.at(clock.now() + timedelta(days=2)):
        days = [found.day for found in balances.balance_all().balances]
        assert days[0] == today
        assert balances.balance_all().balances == []
    alert = Alert.objects.get(kind="ledger_difference")
    assert "-0.50" in alert.message
    page = desk.at_desk("Shop Manager").get("/admin/").content.decode()
    assert "provider does not show money that we know nothing of" in page


def test_a_silent_provider_leaves_the_day_to_be_done(till: Till, bought: Attempt) -> None:
    statements.compare_all()
    today = clock.today()
    Statement.objects.update(balanced_until=today, is_blind=True)
    till.sandbox.faults({"match": "GET /v2/checkout/orders/*", "action": "down", "times": 9})
    with clock.at(clock.now() + timedelta(days=2)):
        balancing = balances.balance_all()
    assert (balancing.unreachable, balancing.balances) == (1, [])
    assert Statement.objects.get().balanced_until == today
    assert not Refund.objects.exists()
