"""The providers' own lists against our books: what nobody told us is found, and what nobody knows calls a person."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from payments import balances, providers, reckoning, refund_shares, refund_submission, refunds, statements
from payments.models import Attempt, Dispute, Reference, Refund, Statement
from payments.providers import paypal_transport, stripe_transport
from payments.providers.paypal_objects import custom_id
from privacy import clock
from privacy.models import Alert
from shop import orders
from tests.accounts import purchases
from tests.payments import paying
from tests.payments.paying import Till

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def only(till: Till, settings: Any) -> None:
    """One provider at a time has keys."""
    for name in ("STRIPE_SECRET_KEY", "PAYPAL_CLIENT_ID"):
        if not name.startswith(till.name.upper()):
            setattr(settings, name, "")


def later(hours: float = 4) -> Any:
    """When PayPal's list shows what happens now."""
    return clock.at(clock.now() + timedelta(hours=hours))


def compare() -> statements.Comparison:
    with later():
        return statements.compare_all()


def alert_kinds() -> list[str]:
    return list(Alert.objects.order_by("id").values_list("kind", flat=True))


def strange(till: Till, mark: str | None = None) -> None:
    """Money that comes to the account without us: of a payment link, or of another shop that writes its mark."""
    if till.name == "stripe":
        metadata = {"order": "AO-9", "attempt": "1", "shop": mark} if mark else {}
        price = {"currency": "eur", "unit_amount": 700, "product_data": {"name": "Mug"}}
        session = stripe_transport.ask(
            lambda: stripe_transport.client().v1.checkout.sessions.create(
                params={
                    "mode": "payment",
                    "line_items": [{"price_data": price, "quantity": 1}],
                    "success_url": "https://elsewhere.example/",
                    "metadata": metadata,
                    "payment_intent_data": {"metadata": metadata},
                }
            )
        )
        till.agree(session["id"])
        return
    unit = {"amount": {"currency_code": "EUR", "value": "7.00"}} | ({"custom_id": f"AO-9-1@{mark}"} if mark else {})
    body = {"intent": "CAPTURE", "purchase_units": [unit]}
    transport = paypal_transport.transport()
    made = transport.post("v2/checkout/orders", body, headers={"PayPal-Request-Id": "x"})
    till.agree(made["id"])
    transport.post(f"v2/checkout/orders/{made['id']}/capture", {}, headers={"PayPal-Request-Id": "y"})


def captured_there(till: Till) -> Attempt:
    """A payment whose money was taken and of which nobody told us."""
    attempt, identifier = paying.begun(till)
    till.agree(identifier)
    providers.get(till.name).capture(attempt)
    return attempt


def test_what_is_in_the_books_needs_nobody(till: Till, client: Client) -> None:
    attempt = paying.paid(till, client, paying.order(2))
    attempt.order = orders.lock(attempt.order_id)
    refunds.request_units(attempt, refund_shares.units_left(attempt.order)[:1], by=None, reason="Asked for.")
    refund_submission.submit_due()
    found = compare()
    assert (found.entries, found.unmatched, found.unreachable, alert_kinds()) == (2, 0, 0, [])


def test_a_payment_of_which_nobody_told_us_is_settled(till: Till) -> None:
    attempt = captured_there(till)
    assert compare().unmatched == 0
    assert paying.states(attempt) == ("captured", "paid", ["assigned"])


def test_a_payment_whose_ids_were_lost_is_found_by_its_label(till: Till) -> None:
    attempt = captured_there(till)
    Reference.objects.all().delete()
    assert compare().unmatched == 0
    assert paying.states(attempt) == ("captured", "paid", ["assigned"])


def test_money_without_an_order_calls_a_person_once(till: Till) -> None:
    strange(till)
    assert (compare().unmatched, alert_kinds()) == (1, ["unmatched_money"])
    assert "7 EUR" in Alert.objects.get().message.replace("7.00", "7")
    Alert.objects.update(closed_at=clock.now())
    Statement.objects.update(compared_until=clock.now() - timedelta(hours=1))
    assert (compare().unmatched, alert_kinds()) == (1, ["unmatched_money"])


def test_money_of_another_installation_is_no_alarm(till: Till) -> None:
    strange(till, "elsewhere.example")
    assert (compare().unmatched, alert_kinds()) == (0, [])


def test_a_refund_made_there_is_taken_in(till: Till, client: Client) -> None:
    attempt = paying.paid(till, client)
    till.sandbox.act("refund", attempt.reference(till.kind))
    assert compare().unmatched == 0
    assert [(refund.kind, refund.state) for refund in Refund.objects.all()] == [("units", "succeeded")]
    assert (paying.states(attempt)[2], alert_kinds()) == (["revoked"], ["refund_at_provider"])


def test_a_refund_that_failed_late_is_seen(till: Till, client: Client) -> None:
    attempt = paying.paid(till, client)
    attempt.order = orders.lock(attempt.order_id)
    refunds.give_back(attempt.order, by=None, reason="Asked for.")
    refund_submission.submit_due()
    till.sandbox.act("fail_refund", Refund.objects.get().provider_refund)
    compare()
    assert (Refund.objects.get().state, purchases.states(attempt.order)) == ("failed", ["assigned"])


def test_a_dispute_is_seen_without_a_webhook_from_its_opening_to_its_end(till: Till, client: Client) -> None:
    attempt = paying.paid(till, client)
    made = till.sandbox.act("open_dispute", attempt.reference(till.kind))
    compare()
    assert (Dispute.objects.get().state, purchases.states(attempt.order)) == ("open", ["suspended"])
    Statement.objects.update(compared_until=clock.now())
    till.sandbox.act("lose_dispute", made.get("dispute_id") or made["id"])
    compare()
    assert (Dispute.objects.get().state, purchases.states(attempt.order)) == ("lost", ["revoked"])


def test_a_silent_provider_is_asked_again_and_after_a_while_a_person_is_called(till: Till, client: Client) -> None:
    paying.paid(till, client)
    till.sandbox.faults({"match": "GET /v1/*", "times": 999, "action": "down"})
    with later():
        assert statements.compare_all().unreachable == 1
    assert alert_kinds() == []
    with later(20):
        statements.compare_all()
    assert alert_kinds() == ["statement_stuck"]
    till.sandbox.faults()
    with later(21):
        assert statements.compare_all().unreachable == 0
    assert Alert.objects.get().closed_at is not None


def test_a_long_list_is_read_to_its_end(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payments.providers.stripe.PAGE", 2)
    for _ in range(5):
        captured_there(till)
    assert compare().entries == 5
    assert set(Attempt.objects.values_list("state", flat=True)) == {"captured"}


# --- Without a list ---------------------------------------------------------------------------------------------------


#: Stripe's lists are there for every account.
only_paypal = pytest.mark.parametrize("till", ["paypal"], indirect=True)


@pytest.fixture
def blind(till: Till) -> Till:
    till.sandbox.switch(reporting=False)
    return till


@only_paypal
def test_an_account_without_a_list_is_asked_one_by_one_and_the_start_page_says_so(blind: Till, client: Client) -> None:
    attempt = paying.paid(blind, client)
    strange(blind)
    found = compare()
    assert (found.unmatched, found.unreachable, alert_kinds()) == (0, 0, [])
    assert Statement.objects.get().is_blind
    Attempt.objects.filter(pk=attempt.pk).update(amount=1)
    Statement.objects.update(compared_until=clock.now())
    compare()
    assert alert_kinds() == ["payment_differs"]
    blind.sandbox.switch(reporting=True)
    with later(9):
        statements.compare_all()
    assert not Statement.objects.get().is_blind


@only_paypal
def test_a_refund_that_no_webhook_told_is_found_within_a_day(blind: Till, client: Client) -> None:
    attempt, forgotten = paying.paid(blind, client), paying.paid(blind, client)
    with later(20 * 24):
        statements.compare_all()
        blind.sandbox.act("refund", attempt.reference(blind.kind))
        blind.sandbox.provider.objects.remove(forgotten.reference("paypal_order"))
    for hour in range(25):
        with later(20 * 24 + hour):
            assert statements.compare_all().unreachable == 0
    assert Refund.objects.get().attempt == attempt
    assert alert_kinds() == ["refund_at_provider"]
    assert purchases.states(attempt.order) == ["revoked"]


@only_paypal
def test_disputes_are_seen_all_the_same(blind: Till, client: Client) -> None:
    attempt = paying.paid(blind, client)
    blind.sandbox.act("open_dispute", attempt.reference(blind.kind))
    compare()
    assert purchases.states(attempt.order) == ["suspended"]


# --- Days -------------------------------------------------------------------------------------------------------------


def balance() -> balances.Balance:
    """Of today, two days later."""
    today = datetime.now(UTC).date()
    with later(48):
        return balances.balance_of(providers.get(statements.with_statements()[0].name), today)


def test_captures_less_refunds_less_disputes_are_equal(till: Till, client: Client) -> None:
    attempt = paying.paid(till, client, paying.order(2))
    attempt.order = orders.lock(attempt.order_id)
    refunds.request_units(attempt, refund_shares.units_left(attempt.order)[:1], by=None, reason="Asked for.")
    refund_submission.submit_due()
    made = till.sandbox.act("open_dispute", paying.paid(till, client).reference(till.kind))
    till.sandbox.act("lose_dispute", made.get("dispute_id") or made["id"])
    compare()
    found = balance()
    assert (found.theirs, found.ours, found.differences) == ({"EUR": 119}, {"EUR": 119}, {})


@pytest.mark.parametrize(("ours", "difference"), [("118.99", "0.01"), ("119.01", "-0.01")])
def test_a_difference_of_a_cent_is_named(till: Till, client: Client, ours: str, difference: str) -> None:
    attempt = paying.paid(till, client)
    Attempt.objects.filter(pk=attempt.pk).update(amount=Decimal(ours))
    assert balance().differences == {"EUR": Decimal(difference)}


def test_a_capture_that_only_we_have_is_a_difference(till: Till, client: Client) -> None:
    attempt = paying.paid(till, client)
    till.sandbox.reset()
    assert balance().differences == {"EUR": -attempt.amount}


def test_a_refund_that_only_they_have_is_a_difference(till: Till, client: Client) -> None:
    attempt = paying.paid(till, client)
    till.sandbox.act("refund", attempt.reference(till.kind), amount=1900)
    assert balance().differences == {"EUR": Decimal(-19)}


def test_each_day_is_balanced_once_after_its_end(till: Till, client: Client) -> None:
    paying.paid(till, client)
    compare()
    today = datetime.now(UTC).date()
    Statement.objects.update(balanced_until=today)
    assert balances.balance_all().balances == []
    Attempt.objects.update(amount=100)
    with clock.at(datetime.combine(today, datetime.min.time(), UTC) + timedelta(days=2, hours=5)):
        assert [(found.day - today).days for found in balances.balance_all().balances] == [0, 1]
        assert balances.balance_all().balances == []
    [alert] = Alert.objects.all()
    assert (alert.kind, "The difference is 19" in alert.message) == ("ledger_difference", True)


# --- The command ------------------------------------------------------------------------------------------------------


def reconcile(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("reconcile", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue()
    return 0, out.getvalue()


def test_the_command_settles_what_is_due_and_says_that_the_books_are_equal(till: Till) -> None:
    attempt, identifier = paying.begun(till)
    till.agree(identifier)
    code, text = reconcile("--at", (clock.now() + timedelta(minutes=10)).isoformat())
    assert (code, "payments looked at: 1" in text, "The books are equal." in text) == (0, True, True)
    assert paying.states(attempt) == ("captured", "paid", ["assigned"])


def test_the_command_names_what_needs_a_person(till: Till) -> None:
    strange(till)
    code, text = reconcile("--at", (clock.now() + timedelta(hours=4)).isoformat())
    assert (code, "unmatched_money:" in text) == (1, True)


def test_the_command_says_that_a_provider_is_away(till: Till) -> None:
    till.sandbox.faults({"match": "GET /v1/*", "times": 999, "action": "down"})
    assert reconcile("--at", (clock.now() + timedelta(hours=4)).isoformat())[0] == 3


@pytest.mark.parametrize("moment", ["soon", "2026-13-01", ""])
def test_the_command_refuses_what_is_no_time(moment: str) -> None:
    if moment:
        assert reconcile("--at", moment)[0] == 2
    else:
        assert reconcile()[0] == 0


def test_every_kind_of_alert_about_money_is_known_to_the_command() -> None:
    assert len(set(reckoning.KINDS)) == len(reckoning.KINDS) == 20


def test_the_mark_is_in_what_paypal_bears(till: Till, settings: Any) -> None:
    settings.INSTALLATION = "shop.example"
    placed = paying.order()
    assert custom_id(Attempt(order=placed, number=2)) == f"{placed.number}-2@shop.example"


def test_every_alert_about_money_has_its_row_in_the_runbook() -> None:
    raised = {
        kind
        for file in (ROOT / "payments").rglob("*.py")
        for kind in re.findall(r'raise_alert\(\s*"([a-z_]+)"', file.read_text())
    }
    explained = set(re.findall(r"^\| `([a-z_]+)` \|", (ROOT / "docs" / "payments.md").read_text(), re.MULTILINE))
    assert raised | {"backorder"} == explained == set(reckoning.KINDS)
