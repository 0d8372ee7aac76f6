"""What is written about an order after its person has left it goes by itself, and late money goes back."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import transaction

from accounts.models import License
from payments import bank_transfers, disputes, refund_settlement, settlement
from payments.models import Aftermath, Attempt, Dispute, Reference, Refund
from payments.providers.base import DisputeSnapshot, RefundSnapshot, Snapshot
from privacy import clock, mails
from privacy.models import Alert, OutgoingMail
from shop import orders
from shop.models import Order, OrderEvent, OrderParty
from tests.accounts import purchases
from tests.accounts.conftest import person
from tests.payments import paying
from tests.payments.paying import Till
from tests.privacy.retention import old_orders

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P7b")]
PLACED_AT = datetime(2026, 5, 5, 9, 30, tzinfo=UTC)
RULE = "payments.Aftermath.expires_at"


def begun(provider: str) -> Attempt:
    """A payment that never came, of an order whose person has left it meanwhile."""
    with clock.at(PLACED_AT):
        order = purchases.order((purchases.edition(), 1))
        attempt = Attempt.objects.create(
            order=order, number=1, provider=provider, state="cancelled", amount=order.total, currency="EUR"
        )
    Reference.objects.create(attempt=attempt, kind="stripe_session", value="cs_early")
    Order.objects.filter(pk=order.pk).update(expires_at=PLACED_AT)
    with clock.at(PLACED_AT + timedelta(days=1)):
        orders.expire(order.pk)
    Order.objects.update(ended_at=PLACED_AT)
    assert sweep(PLACED_AT + timedelta(days=31)) == {old_orders.PARTY: 1}
    assert (OrderParty.objects.count(), Reference.objects.count(), Aftermath.objects.count()) == (0, 0, 0)
    return attempt


def sweep(at: datetime) -> dict[str, int]:
    """What was swept, by rule, of what this file is about."""
    return {name: count for name, count in old_orders.sweep(at).items() if name in {RULE, old_orders.PARTY}}


def captured(attempt: Attempt, **changes: Any) -> Snapshot:
    known = {"label": attempt.label, "amount": attempt.amount, "currency": "EUR", "is_live": False, "country": "DE"}
    return Snapshot(state="captured", **(known | changes))


def later(days: float) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def refunded(refund: Refund) -> None:
    said = RefundSnapshot(state="succeeded", provider_refund="re_late", amount=refund.amount, currency="EUR")
    refund_settlement.apply_snapshot(refund.pk, said)


@pytest.mark.parametrize("amount", [Decimal(119), Decimal("7.50")])
def test_money_that_comes_after_the_person_has_gone_goes_back_and_gives_no_keys(amount: Decimal) -> None:
    attempt = begun("stripe")
    settlement.apply_snapshot(attempt.pk, captured(attempt, amount=amount, references={"stripe_intent": "pi_late"}))
    attempt.refresh_from_db()
    assert (attempt.state, attempt.amount, attempt.order.state) == ("captured", amount, "expired")
    refund = Refund.objects.get()
    assert (refund.kind, refund.amount, refund.tax, refund.state) == ("amount", amount, 0, "requested")
    assert list(Alert.objects.values_list("kind", "key")) == [("paid_too_late", attempt.order.number)]
    assert (License.objects.count(), attempt.order.holds.count()) == (0, 0)
    settlement.apply_snapshot(attempt.pk, captured(attempt, amount=amount))
    assert Refund.objects.count() == 1
    refunded(refund)
    mails.send_due()
    assert mail.outbox == []
    assert OutgoingMail.objects.filter(state="pending").count() == 0


def test_an_order_that_was_held_when_its_person_left_is_cancelled_by_its_release() -> None:
    attempt = begun("stripe")
    orders.hold(attempt.order_id, by=None, reason="Looks odd.")
    settlement.apply_snapshot(attempt.pk, captured(attempt))
    assert Refund.objects.get().amount == attempt.amount
    orders.release(attempt.order_id, by=None)
    assert (Order.objects.get().state, License.objects.count(), Refund.objects.count()) == ("cancelled", 0, 1)


def test_what_was_written_late_goes_thirty_days_after_the_last_of_it_is_final() -> None:
    kim = person("kim@example.com", is_staff=True)
    attempt = begun("manual")
    bank_transfers.record_arrival(attempt.pk, amount=Decimal(attempt.amount), by=kim)
    refund, late = Refund.objects.get(), Aftermath.objects.get()
    assert (late.order_id, late.expires_at) == (attempt.order_id, None)
    assert sweep(later(400)) == {}  # the refund is under way: it must be found again
    Refund.objects.update(state="submitted")
    bank_transfers.record_return(refund.pk, by=kim)
    Reference.objects.create(attempt=attempt, kind="stripe_session", value="cs_late")
    late.refresh_from_db()
    assert late.expires_at == late.written_at + timedelta(days=30)
    assert OrderEvent.objects.filter(by=kim).count() == 2
    assert sweep(later(29)) == {}
    assert sweep(later(31)) == {RULE: 1}
    assert (Aftermath.objects.count(), OrderEvent.objects.count(), Reference.objects.count()) == (0, 0, 0)
    refund.refresh_from_db()
    assert (refund.reason, refund.provider_refund, refund.requested_by, refund.state) == ("", "", None, "succeeded")
    assert sweep(later(400)) == {}


def test_an_open_dispute_and_an_open_hold_are_kept_until_they_end() -> None:
    kim = person("kim@example.com", is_staff=True)
    attempt = begun("stripe")
    Attempt.objects.update(state="captured", captured_at=clock.now())
    said = DisputeSnapshot(
        provider_dispute="dp_late",
        payment="pi_late",
        state="open",
        amount=Decimal(119),
        currency="EUR",
        reason="fraudulent",
        is_withdrawn=False,
        opened_at=clock.now(),
    )
    disputes.apply_snapshot(attempt.pk, said)
    assert Aftermath.objects.get().expires_at is None
    with transaction.atomic():
        Dispute.objects.get().move_to("lost", decided_at=clock.now())
    assert Aftermath.objects.get().expires_at is not None
    orders.hold(attempt.order_id, by=None, reason="Katrin called.")
    assert Aftermath.objects.get().expires_at is None
    assert sweep(later(400)) == {}
    orders.release(attempt.order_id, by=kim)
    Refund.objects.all().delete()
    assert sweep(later(400)) == {RULE: 1}
    held = attempt.order.holds.get()
    assert (held.reason, held.released_by, Dispute.objects.get().provider_dispute) == ("", None, "")


def test_an_order_that_has_its_person_needs_no_such_row() -> None:
    old_orders.sold(PLACED_AT)
    assert Aftermath.objects.count() == 0


def test_money_that_waits_for_us_to_take_it_is_not_taken(paypal_sandbox: Any) -> None:
    paypal = Till("paypal", paypal_sandbox)
    attempt, identifier = paying.begun(paypal)
    paypal.agree(identifier)
    OrderParty.objects.all().delete()
    settlement.look(Attempt.objects.select_related("order").get(pk=attempt.pk))
    attempt.refresh_from_db()
    assert (attempt.state == "captured", paypal.captured(), Refund.objects.count()) == (False, {}, 0)
