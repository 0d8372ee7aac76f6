"""Money given back: asked for, sent once, finished when the provider says so, and never more than was taken."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client

from accounts import licenses
from accounts.models import LicenseKey
from payments import providers, refund_settlement, refund_submission, refunds, settlement, webhooks
from payments.models import Attempt, Reference, Refund, RefundUnit
from payments.order_money import Money
from payments.providers.base import RefundSnapshot, Snapshot
from privacy import clock
from privacy.models import Alert, OutgoingMail
from shop import orders
from shop.models import Order, OrderLine, OrderUnit
from tests.accounts import purchases
from tests.payments import paying
from tests.payments.paying import Till
from tests.payments.test_webhooks import deliver

pytestmark = pytest.mark.django_db
REFUND = {"stripe": "POST /v1/refunds", "paypal": "POST /v2/payments/captures/*/refund"}


@pytest.fixture
def bought(till: Till, client: Client) -> Attempt:
    """Two licenses for 238.00 EUR, paid and delivered."""
    return paying.paid(till, client, paying.order(2))


def ask(attempt: Attempt, count: int = 2) -> Refund:
    """Asks to give back the first `count` units."""
    with transaction.atomic():
        order = orders.lock(attempt.order_id)
        attempt.order = order
        return refunds.request_units(attempt, refunds.units_left(order)[:count], by=None, reason="Asked for.")


def units(attempt: Attempt) -> list[str]:
    return [unit.state for unit in purchases.units_of(attempt.order)]


def given_back(till: Till) -> int:
    return till.sandbox.ledger()["refunds"].get("EUR", 0)


def test_a_requested_refund_suspends_exactly_its_units_keys(bought: Attempt) -> None:
    refund = ask(bought, 1)
    assert (refund.state, refund.amount) == ("requested", Decimal(119))
    assert purchases.states(bought.order) == ["suspended", "assigned"]
    assert units(bought) == ["fulfilled", "fulfilled"]
    assert ("refund_requested", "119.00 EUR") in purchases.events(bought.order)


def test_a_refund_is_sent_and_ends_the_keys(till: Till, bought: Attempt) -> None:
    refund = ask(bought, 1)
    assert refund_submission.submit_due() == 1
    refund.refresh_from_db()
    assert (refund.state, refund.finished_at is not None, refund.next_try_at) == ("succeeded", True, None)
    assert refund.provider_refund
    assert (units(bought), purchases.states(bought.order)) == (["refunded", "fulfilled"], ["revoked", "assigned"])
    assert given_back(till) == 11900
    assert OutgoingMail.objects.filter(kind="refund_made", object_id=refund.pk).count() == 1
    assert refund_submission.submit_due() == 0


@pytest.mark.parametrize("action", ["drop", "error", "down", "html", "limit"])
def test_a_refund_whose_answer_is_lost_is_made_once(till: Till, bought: Attempt, action: str) -> None:
    refund = ask(bought)
    till.sandbox.faults({"match": REFUND[till.name], "times": 2, "action": action})
    refund_submission.submit_due()
    refund.refresh_from_db()
    assert (refund.state, purchases.states(bought.order)) == ("requested", ["suspended", "suspended"])
    assert refund_submission.submit_due() == 0
    assert refund.next_try_at is not None
    with clock.at(refund.next_try_at):
        assert refund_submission.submit_due() == 1
    refund.refresh_from_db()
    assert (refund.state, given_back(till)) == ("succeeded", 23800)


def test_a_refused_refund_gives_the_keys_back_and_calls_a_person(till: Till, bought: Attempt) -> None:
    till.sandbox.act("refund", bought.reference(till.kind))
    refund = ask(bought)
    refund_submission.submit_due()
    refund.refresh_from_db()
    assert refund.state == "failed"
    assert refund.problem == {"stripe": "charge_already_refunded", "paypal": "CAPTURE_FULLY_REFUNDED"}[till.name]
    assert (units(bought), purchases.states(bought.order)) == (["fulfilled"] * 2, ["assigned"] * 2)
    assert Alert.objects.get().kind == "refund_failed"


def test_a_pending_refund_leaves_the_keys_suspended_until_it_is_made(till: Till, bought: Attempt) -> None:
    till.sandbox.switch(refunds="pending")
    refund = ask(bought)
    refund_submission.submit_due()
    refund.refresh_from_db()
    assert (refund.state, purchases.states(bought.order)) == ("submitted", ["suspended", "suspended"])
    till.sandbox.act("complete_refund", refund.provider_refund)
    assert refund.next_try_at is not None
    with clock.at(refund.next_try_at):
        refund_submission.submit_due()
    assert (units(bought), purchases.states(bought.order)) == (["refunded"] * 2, ["revoked"] * 2)


def test_a_refund_that_fails_late_makes_the_keys_work_again(till: Till, bought: Attempt, client: Client) -> None:
    refund = ask(bought)
    refund_submission.submit_due()
    refund.refresh_from_db()
    before = set(till.events())
    till.sandbox.act("fail_refund", refund.provider_refund)
    if till.name == "stripe":
        for event in [event for event in till.events() if event not in before]:
            deliver(client, till, event)
        webhooks.handle_due()
    else:
        refund_submission.look(till.name, refund.provider_refund)
    refund.refresh_from_db()
    assert refund.state == "failed"
    assert (units(bought), purchases.states(bought.order)) == (["fulfilled"] * 2, ["assigned"] * 2)
    assert Alert.objects.get().kind == "refund_failed"


@pytest.fixture
def short(till: Till, client: Client) -> Attempt:
    """Two paid units of which one has the pool's only key and the other waits."""
    till.sandbox.switch(refunds="pending")
    placed = purchases.order((purchases.edition(pool=1), 2))
    attempt = paying.paid(till, client, Order.objects.select_related("party").get(pk=placed.pk))
    assert (units(attempt), alert_kinds()) == (["fulfilled", "backordered"], ["backorder"])
    return attempt


def alert_kinds() -> list[str]:
    return list(Alert.objects.filter(closed_at__isnull=True).values_list("kind", flat=True))


def refill(attempt: Attempt) -> None:
    line = attempt.order.lines.get()
    assert line.edition is not None
    purchases.fill(line.edition, 5)
    licenses.deliver_backorders()


def test_a_unit_that_waits_for_a_key_gets_none_once_it_is_asked_back(short: Attempt) -> None:
    refund = ask(short)
    assert (units(short), purchases.states(short.order)) == (["fulfilled", "refunded"], ["suspended"])
    assert alert_kinds() == []
    refund_submission.submit_due()
    refill(short)
    assert (units(short), purchases.states(short.order)) == (["fulfilled", "refunded"], ["suspended"])
    right = RefundSnapshot(state="succeeded", provider_refund="", amount=refund.amount, currency="EUR")
    refund_settlement.apply_snapshot(refund.pk, right)
    assert (units(short), purchases.states(short.order)) == (["refunded", "refunded"], [])
    assert len(keys_in_stock()) == 6


def test_what_is_given_back_at_the_provider_gets_no_key_either(till: Till, short: Attempt, client: Client) -> None:
    before = set(till.events())
    till.sandbox.act("refund", short.reference(till.kind))
    for event in [event for event in till.events() if event not in before]:
        deliver(client, till, event)
    webhooks.handle_due()
    refund_submission.look(till.name, till.sandbox.provider.objects.of("refund")[0]["id"])
    assert Refund.objects.get().state == "submitted"
    refill(short)
    assert (units(short), purchases.states(short.order)) == (["fulfilled", "refunded"], ["suspended"])


@pytest.mark.parametrize("stock", [0, 5])
def test_a_unit_whose_refund_fails_waits_again_or_takes_what_is_in_stock(short: Attempt, stock: int) -> None:
    refund = ask(short)
    if stock:
        refill(short)
    failed = RefundSnapshot(state="failed", provider_refund="", amount=refund.amount, currency="EUR")
    refund_settlement.apply_snapshot(refund.pk, failed)
    if stock:
        assert (units(short), purchases.states(short.order)) == (["fulfilled"] * 2, ["assigned"] * 2)
        assert alert_kinds() == ["refund_failed"]
    else:
        assert (units(short), purchases.states(short.order)) == (["fulfilled", "backordered"], ["assigned"])
        assert sorted(alert_kinds()) == ["backorder", "refund_failed"]
        refill(short)
        assert (units(short), alert_kinds()) == (["fulfilled"] * 2, ["refund_failed"])


def test_the_units_of_an_order_that_was_never_paid_are_as_before_when_its_refund_fails(stripe_sandbox: Any) -> None:
    attempt, _ = paying.begun(Till("stripe", stripe_sandbox))
    orders.hold(attempt.order_id, by=None, reason="A doubt.")
    money = Snapshot(state="captured", label=attempt.label, amount=attempt.amount, currency="EUR")
    settlement.apply_snapshot(attempt.pk, money)
    orders.cancel(attempt.order_id, by=None, reason="The doubt was right.")
    assert units(attempt) == ["refunded"]
    failed = RefundSnapshot(state="failed", provider_refund="", amount=Decimal(119), currency="EUR")
    refund_settlement.apply_snapshot(Refund.objects.get().pk, failed)
    assert (units(attempt), purchases.states(attempt.order)) == (["ordered"], [])


def test_a_failed_refund_of_a_cancelled_order_is_given_back_again(till: Till, bought: Attempt) -> None:
    orders.hold(bought.order_id, by=None, reason="A doubt.")
    orders.cancel(bought.order_id, by=None, reason="The doubt was right.")
    refund_submission.submit_due()
    failed = Refund.objects.get()
    till.sandbox.act("fail_refund", failed.provider_refund)
    refund_submission.look(till.name, failed.provider_refund)
    assert (alert_kinds(), given_back(till)) == (["refund_failed"], 0)
    assert refunds.ask_again(failed.pk, by=None)
    assert not refunds.ask_again(failed.pk, by=None)
    assert (refund_submission.submit_due(), given_back(till), alert_kinds()) == (1, 23800, [])
    again = Refund.objects.get(repeats=failed)
    assert (again.state, again.kind, again.amount, again.reason) == ("succeeded", "units", 238, failed.reason)
    assert (units(bought), purchases.states(bought.order)) == (["refunded"] * 2, ["revoked"] * 2)
    assert not refunds.ask_again(again.pk, by=None)
    connection.check_constraints()


def test_a_repeated_refund_that_fails_as_well_gives_no_key_of_a_cancelled_order(bought: Attempt) -> None:
    orders.hold(bought.order_id, by=None, reason="A doubt.")
    orders.cancel(bought.order_id, by=None, reason="The doubt was right.")
    failed = Refund.objects.get()
    right = RefundSnapshot(state="succeeded", provider_refund="", amount=failed.amount, currency="EUR")
    refund_settlement.apply_snapshot(failed.pk, right)
    refund_settlement.apply_snapshot(failed.pk, replace(right, state="failed"))
    assert refunds.ask_again(failed.pk, by=None)
    again = Refund.objects.get(repeats=failed)
    refund_settlement.apply_snapshot(again.pk, replace(right, state="failed"))
    assert (units(bought), purchases.states(bought.order)) == (["refunded"] * 2, ["revoked"] * 2)
    assert refunds.ask_again(again.pk, by=None)


def test_a_repetition_gives_back_no_more_than_is_left(bought: Attempt) -> None:
    failed = refund_row(bought, "100.00", reason="A discount.", state="failed")
    of_a_unit = ask(bought, 1)
    refused = RefundSnapshot(state="failed", provider_refund="", amount=Decimal(119), currency="EUR")
    refund_settlement.apply_snapshot(of_a_unit.pk, refused)
    with transaction.atomic():
        bought.order = orders.lock(bought.order_id)
        refunds.request_amount(bought, Decimal(180), by=None, reason="By agreement.")
    assert refunds.ask_again(failed.pk, by=None)
    assert Refund.objects.get(repeats=failed).amount == Decimal(58)
    assert not refunds.ask_again(of_a_unit.pk, by=None)
    assert not Refund.objects.filter(repeats=of_a_unit).exists()
    connection.check_constraints()


def test_a_failed_refund_is_asked_for_again_once_though_more_is_left(bought: Attempt) -> None:
    failed = refund_row(bought, "20.00", reason="A discount.", state="failed")
    assert [refunds.ask_again(failed.pk, by=None) for _ in range(2)] == [True, False]
    assert Refund.objects.exclude(state="failed").get().amount == Decimal(20)


def keys_in_stock() -> list[LicenseKey]:
    return list(LicenseKey.objects.filter(state=LicenseKey.State.AVAILABLE))


def test_a_call_that_the_provider_has_forgotten_is_looked_up_and_not_repeated(till: Till, bought: Attempt) -> None:
    refund = ask(bought)
    till.sandbox.faults({"match": REFUND[till.name], "times": 2, "action": "drop"})
    refund_submission.submit_due()
    till.sandbox.faults()
    with clock.at(clock.now() + timedelta(hours=25)):
        refund_submission.submit_due()
    refund.refresh_from_db()
    assert (refund.state, given_back(till)) == ("succeeded", 23800)


def test_a_forgotten_call_of_which_the_provider_shows_nothing_calls_a_person(till: Till, bought: Attempt) -> None:
    refund = ask(bought)
    till.sandbox.faults({"match": REFUND[till.name], "times": 2, "action": "down"})
    refund_submission.submit_due()
    till.sandbox.faults()
    with clock.at(clock.now() + timedelta(hours=25)):
        refund_submission.submit_due()
    refund.refresh_from_db()
    assert (refund.state, refund.next_try_at, given_back(till)) == ("requested", None, 0)
    assert Alert.objects.get().kind == "refund_unclear"


def two(till: Till, client: Client) -> tuple[Refund, Refund]:
    """Two refunds of two orders, both due, the older one first."""
    first, second = (ask(paying.paid(till, client), 1) for _ in range(2))
    return first, second


def test_a_refund_that_can_not_be_written_stops_no_other(till: Till, client: Client) -> None:
    refused, _ = two(till, client)
    paying.refuse("payments_refund", f"id = {refused.pk} AND state = 'succeeded'")
    assert refund_submission.submit_due() == 2
    assert list(Refund.objects.values_list("state", flat=True)) == ["requested", "succeeded"]
    assert Alert.objects.count() == 0
    Refund.objects.filter(pk=refused.pk).update(tries=refund_submission.MOST_TRIES - 1, next_try_at=clock.now())
    assert refund_submission.submit_due() == 1
    assert [(alert.kind, alert.key) for alert in Alert.objects.all()] == [("refund_stuck", str(refused.pk))]
    assert Refund.objects.filter(pk=refused.pk, next_try_at__gt=clock.now()).exists()


def test_a_refund_whose_answer_can_not_be_read_stops_no_other(till: Till, client: Client) -> None:
    till.sandbox.switch(refunds="pending")
    garbled, _ = two(till, client)
    assert refund_submission.submit_due() == 2
    objects = till.sandbox.provider.objects
    for refund in Refund.objects.all():
        till.sandbox.act("complete_refund", refund.provider_refund)
    garbled.refresh_from_db()
    objects.save(objects.find("refund", garbled.provider_refund) | {"amount": "much"})
    Refund.objects.update(next_try_at=clock.now())
    assert refund_submission.submit_due() == 2
    assert list(Refund.objects.values_list("state", flat=True)) == ["submitted", "succeeded"]


def test_a_worker_that_dies_leaves_the_refunds_that_it_had_not_begun(
    stripe_sandbox: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, second = two(Till("stripe", stripe_sandbox), client)
    monkeypatch.setitem(providers._PROVIDERS, "stripe", paying.Deadly())
    with pytest.raises(SystemExit):
        refund_submission.submit_due()
    second.refresh_from_db()
    assert second.tries == 0


def another(till: Till, refund: Refund, **changes: Any) -> str:
    """A refund at the provider that bears the id of ours, as one of another shop on the same account may; its id."""
    refund_submission.submit_due()
    refund.refresh_from_db()
    objects = till.sandbox.provider.objects
    objects.save(objects.find("refund", refund.provider_refund) | changes)
    identifier = refund.provider_refund
    Refund.objects.filter(pk=refund.pk).update(provider_refund="")
    return identifier


def test_a_refund_of_another_payment_that_bears_our_id_is_not_ours(till: Till, client: Client) -> None:
    till.sandbox.switch(refunds="pending")
    first, second = two(till, client)
    identifier = another(till, first)
    Reference.objects.filter(attempt=first.attempt).update(value=Concat(Value("x"), "value"))
    assert not refund_submission.look(till.name, identifier)
    till.sandbox.act("complete_refund", identifier)
    assert not refund_submission.look(till.name, identifier)
    first.refresh_from_db()
    assert (first.state, first.provider_refund) == ("submitted", "")
    assert [(alert.kind, alert.key) for alert in Alert.objects.all()] == [("refund_mismatch", str(first.pk))]
    assert second.attempt_id != first.attempt_id


def test_a_refund_of_our_payment_that_bears_our_id_is_ours(till: Till, client: Client) -> None:
    till.sandbox.switch(refunds="pending")
    refund, _ = two(till, client)
    identifier = another(till, refund)
    till.sandbox.act("complete_refund", identifier)
    assert refund_submission.look(till.name, identifier)
    refund.refresh_from_db()
    assert (refund.state, refund.provider_refund, Alert.objects.count()) == ("succeeded", identifier, 0)


@pytest.mark.parametrize("changes", [{"amount": Decimal("118.99")}, {"currency": "USD"}])
def test_a_refund_of_other_money_changes_nothing(bought: Attempt, changes: dict[str, Any]) -> None:
    refund = ask(bought, 1)
    right = RefundSnapshot(state="succeeded", provider_refund="re_1", amount=Decimal(119), currency="EUR")
    refund_settlement.apply_snapshot(refund.pk, replace(right, **changes))
    refund.refresh_from_db()
    assert (refund.state, refund.provider_refund) == ("requested", "")
    assert (units(bought), Alert.objects.get().kind) == (["fulfilled"] * 2, "refund_mismatch")
    refund_settlement.apply_snapshot(refund.pk, right)
    assert units(bought) == ["refunded", "fulfilled"]


def test_a_full_refund_made_at_the_provider_takes_all_units(till: Till, bought: Attempt, client: Client) -> None:
    before = set(till.events())
    till.sandbox.act("refund", bought.reference(till.kind))
    for event in [event for event in till.events() if event not in before]:
        assert deliver(client, till, event) == 200
    webhooks.handle_due()
    refund = Refund.objects.get()
    assert (refund.state, refund.kind, refund.amount) == ("succeeded", "units", Decimal("238.000"))
    assert (units(bought), purchases.states(bought.order)) == (["refunded"] * 2, ["revoked"] * 2)
    assert Alert.objects.get().kind == "refund_at_provider"


def test_a_partial_refund_made_at_the_provider_takes_no_unit(till: Till, bought: Attempt, client: Client) -> None:
    before = set(till.events())
    till.sandbox.act("refund", bought.reference(till.kind), amount=5000)
    for event in [event for event in till.events() if event not in before] * 2:
        deliver(client, till, event)
    webhooks.handle_due()
    refund = Refund.objects.get()
    assert (refund.state, refund.kind, refund.amount) == ("succeeded", "amount", Decimal("50.000"))
    assert units(bought) == ["fulfilled", "fulfilled"]


def test_a_cancelled_order_gives_everything_back_and_takes_every_key(till: Till, bought: Attempt) -> None:
    orders.hold(bought.order_id, by=None, reason="A doubt.")
    orders.cancel(bought.order_id, by=None, reason="The doubt was right.")
    refund_submission.submit_due()
    assert paying.states(bought) == ("captured", "cancelled", ["revoked", "revoked"])
    assert (units(bought), given_back(till)) == (["refunded", "refunded"], 23800)
    assert not Money().is_captured(bought.order)


def test_a_refund_of_a_cancelled_order_that_fails_late_hands_out_no_key(till: Till, bought: Attempt) -> None:
    orders.hold(bought.order_id, by=None, reason="A doubt.")
    orders.cancel(bought.order_id, by=None, reason="The doubt was right.")
    refund_submission.submit_due()
    refund = Refund.objects.get()
    till.sandbox.act("fail_refund", refund.provider_refund)
    refund_submission.look(till.name, refund.provider_refund)
    assert paying.states(bought) == ("captured", "cancelled", ["revoked", "revoked"])
    assert Alert.objects.filter(kind="refund_failed").exists()


def test_what_went_back_before_is_not_given_twice(bought: Attempt) -> None:
    with transaction.atomic():
        order = orders.lock(bought.order_id)
        bought.order = order
        refunds.request_amount(bought, Decimal("38.00"), by=None, reason="A discount.")
        made = refunds.give_back(order, by=None, reason="All of it.")
    assert [(refund.kind, refund.amount) for refund in made] == [("units", Decimal(200))]
    assert refunds.left_of(bought) == 0
    connection.check_constraints()


def test_money_beyond_the_units_goes_back_as_an_amount(bought: Attempt) -> None:
    Attempt.objects.filter(pk=bought.pk).update(amount=Decimal(250))
    with transaction.atomic():
        made = refunds.give_back(orders.lock(bought.order_id), by=None, reason="All of it.")
    assert [(refund.kind, refund.amount) for refund in made] == [("units", Decimal(238)), ("amount", Decimal(12))]
    connection.check_constraints()


def test_shares_sum_to_the_line_and_differ_by_a_cent_at_most() -> None:
    line = OrderLine(total=Decimal("100.00"))
    units_of_line = [OrderUnit(pk=number, line=line, position=number) for number in range(1, 4)]
    assert list(refunds.shares(line, units_of_line, "EUR").values()) == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]


def committed(make: Any, attempt: Attempt) -> None:
    """Makes the rows, with what is checked at the commit."""
    with transaction.atomic():
        make(attempt)
        connection.check_constraints()


# --- What the database refuses ----------------------------------------------------------------------------------------


def refund_row(attempt: Attempt, amount: str, kind: str = "amount", **fields: Any) -> Refund:
    return Refund.objects.create(attempt=attempt, amount=Decimal(amount), kind=kind, **fields)


def more_than_was_taken(attempt: Attempt) -> None:
    refund_row(attempt, "200.00")
    refund_row(attempt, "38.01")


def of_money_not_taken(attempt: Attempt) -> None:
    open_one = Attempt.objects.create(order=attempt.order, number=9, provider="stripe", amount=50, currency="EUR")
    refund_row(open_one, "10.00")


def a_unit_twice(attempt: Attempt) -> None:
    unit = purchases.units_of(attempt.order)[0]
    for _ in range(2):
        RefundUnit.objects.create(refund=refund_row(attempt, "119.00", "units"), unit=unit, amount=Decimal(119))


def a_unit_s_money_and_more(attempt: Attempt) -> None:
    refund = refund_row(attempt, "119.01", "units")
    RefundUnit.objects.create(refund=refund, unit=purchases.units_of(attempt.order)[0], amount=Decimal("119.01"))


def units_that_are_not_the_sum(attempt: Attempt) -> None:
    refund = refund_row(attempt, "119.00", "units")
    RefundUnit.objects.create(refund=refund, unit=purchases.units_of(attempt.order)[0], amount=Decimal("118.00"))


def units_without_units(attempt: Attempt) -> None:
    refund_row(attempt, "119.00", "units")


def another_order_s_unit(attempt: Attempt) -> None:
    stranger = purchases.units_of(purchases.paid((purchases.edition(), 1)))[0]
    RefundUnit.objects.create(refund=refund_row(attempt, "119.00", "units"), unit=stranger, amount=Decimal(119))


ILLEGAL = {
    "refund_within_attempt": (more_than_was_taken, "payments_refund_limits ON payments_refund"),
    "refund_of_captured_attempt": (of_money_not_taken, "payments_refund_limits ON payments_refund"),
    "refund_within_unit": (a_unit_s_money_and_more, "payments_refundunit_limits ON payments_refundunit"),
    "refundunit_of_same_order": (another_order_s_unit, "payments_refundunit_limits ON payments_refundunit"),
    "refund_is_sum_of_units": (units_that_are_not_the_sum, "payments_refund_limits ON payments_refund"),
}


@pytest.mark.parametrize("name", ILLEGAL)
def test_the_database_refuses(bought: Attempt, name: str) -> None:
    with pytest.raises(IntegrityError) as caught:
        committed(ILLEGAL[name][0], bought)
    assert caught.value.__cause__.diag.constraint_name == name  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ILLEGAL)
def test_canary_without_its_trigger_the_illegal_row_stands(bought: Attempt, name: str) -> None:
    make, trigger = ILLEGAL[name]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {trigger}")
        if name == "refund_is_sum_of_units":
            cursor.execute("DROP TRIGGER payments_refundunit_sum ON payments_refundunit")
    make(bought)
    connection.check_constraints()
    assert Refund.objects.exists()


@pytest.mark.parametrize("make", [a_unit_twice, units_without_units])
def test_the_database_refuses_units_without_their_money(bought: Attempt, make: Any) -> None:
    with pytest.raises(IntegrityError):
        committed(make, bought)


def test_a_failed_refund_counts_no_more(bought: Attempt) -> None:
    failed = refund_row(bought, "238.00")
    failed.state = Refund.State.FAILED
    failed.save(update_fields=["state"])
    refund_row(bought, "238.00")
    connection.check_constraints()
    assert refunds.left_of(bought) == 0
