"""The mail about a refund."""

from decimal import Decimal

import pytest

from payments.models import Attempt, Refund, RefundUnit
from payments.refund_mails import refund_failed, refund_made
from privacy import clock, mails
from shop import orders
from tests.accounts import purchases
from tests.payments import paying

pytestmark = pytest.mark.django_db


def refund(provider: str = "stripe", kind: str = "amount") -> Refund:
    attempt = Attempt.objects.create(
        order=paying.order(),
        number=1,
        provider=provider,
        amount=119,
        currency="EUR",
        state="captured",
        captured_at=clock.now(),
    )
    made = Refund.objects.create(attempt=attempt, amount=Decimal("19.00"), kind=kind)
    if kind == Refund.Kind.UNITS:
        (unit,) = purchases.units_of(attempt.order)
        RefundUnit.objects.create(refund=made, unit=unit, amount=made.amount)
    return made


@pytest.mark.parametrize(
    ("provider", "words"), [("stripe", "back to the card you paid with"), ("paypal", "back to your PayPal account")]
)
@pytest.mark.promise("P6a")
def test_it_says_what_goes_back_and_where(provider: str, words: str) -> None:
    made = refund(provider)
    order = made.attempt.order
    mail = refund_made(made.pk)
    assert mail is not None
    assert (mail.to, mail.subject) == ("ada@example.com", f"Your refund for order {order.number}")
    message = mails.build(mail)
    html = str(message.alternatives[0][0])
    for text in (str(message.body), html):
        assert "€19.00" in text
        assert words in text
        assert orders.link(order) in text
        assert "no longer work" not in text


def test_it_says_when_keys_end() -> None:
    mail = refund_made(refund(kind="units").pk)
    assert mail is not None
    assert "no longer work" in str(mails.build(mail).body)


def test_it_is_not_sent_for_an_order_that_names_nobody_any_more() -> None:
    made = refund()
    made.attempt.order.party.delete()
    assert refund_made(made.pk) is None
    assert refund_made(0) is None


@pytest.mark.promise("P6a")
def test_who_was_told_of_a_refund_that_failed_later_is_told_that_too() -> None:
    made = refund()
    Refund.objects.filter(pk=made.pk).update(state="failed", finished_at=clock.now())
    mail = refund_failed(made.pk)
    assert mail is not None
    assert (mail.to, mail.subject) == (
        "ada@example.com",
        f"Your refund for order {made.attempt.order.number} didn’t arrive",
    )
    text = str(mails.build(mail).body)
    assert "we wrote that €19.00 went back to you. Your bank sent it back to us" in text
    assert orders.link(made.attempt.order) in text


def test_it_is_not_told_where_the_money_is_on_its_way_again() -> None:
    made = refund()
    assert refund_failed(made.pk) is None  # it hasn't failed
    Refund.objects.filter(pk=made.pk).update(state="failed", finished_at=clock.now())
    Refund.objects.create(attempt=made.attempt, amount=made.amount, kind="amount", repeats=made)
    assert refund_failed(made.pk) is None
    assert refund_failed(0) is None
