"""Orders with a coupon on their way through payment, receipt, mails and refunds: everywhere what is paid counts."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.license_mails import order_confirmation
from payments import refund_shares, settlement
from payments.models import Attempt, Refund
from payments.providers.stripe import _line_item
from payments.refund_plans import What, Wish, carry_out, make
from privacy.models import Alert
from shop import checkout, coupons, orders, payment_methods, receipt_page, receipts
from shop.models import Coupon, CouponUse, Edition, Order
from tests.accounts import purchases
from tests.accounts.conftest import person
from tests.payments import giving_back, paying
from tests.payments.paying import Till
from tests.payments.test_settlement import captured
from tests.shop import goods
from tests.shop.test_coupons import cart_of, coupon

pytestmark = pytest.mark.django_db


def placed(*lines: tuple[Edition, int], method: str = "card", email: str = "ada@example.com", **off: Any) -> Order:
    """An order as checkout writes it, with a coupon of its own."""
    if not Coupon.objects.exists():
        coupon(**off)
    bought = checkout.Purchase(
        token=uuid.uuid4(),
        country="DE",
        party={"email": email, "name": "Ada Lovelace"},
        is_business=False,
        payment_method=method,
        delivery=Order.Delivery.SEALED,
        terms=goods.terms(),
        user=None,
        ip_country="DE",
        browser_family="Firefox",
    )
    order = checkout.place(cart_of(*lines), bought)
    return Order.objects.select_related("party").get(pk=order.pk)


def three_lines() -> tuple[tuple[Edition, int], ...]:
    return (
        (goods.edition("149.99"), 3),
        (goods.edition("39.95", sold_per="seat"), 7),
        (goods.edition("0.05"), 2),
    )


def test_the_provider_takes_what_is_left(till: Till, client: Client) -> None:
    order = placed(*three_lines(), method=till.method, percent="33.33")
    attempt = paying.paid(till, client, order)
    assert paying.states(attempt)[:2] == ("captured", "paid")
    assert till.captured() == {"EUR": int(order.total * 100)}
    assert order.total + order.discount == Decimal("729.72")
    items = [_line_item(line, "EUR") for line in orders.lines_of(order)]
    assert sum(item["price_data"]["unit_amount"] * item["quantity"] for item in items) == int(order.total * 100)


def test_the_receipt_and_the_mail_tell_the_discount_apart(stripe_sandbox: Any, client: Client) -> None:
    order = placed((goods.edition("119.00"), 2))
    order = paying.paid(Till("stripe", stripe_sandbox), client, order).order
    (receipt,) = receipts.of(order)
    shown = receipt_page.context(order, receipt)
    assert [net for _, net in shown["lines"]] == [Decimal(200)]
    assert shown["discounts"] == [("Discount, code SPRING-10", Decimal(-20))]
    assert (receipt.net, receipt.tax, receipt.total) == (Decimal(180), Decimal("34.20"), Decimal("214.20"))
    page = client.get(f"{orders.path(order)}receipts/{receipt.label}/").content.decode()
    assert "Discount, code SPRING-10" in page
    mail = order_confirmation(order.pk)
    assert mail is not None
    assert mail.context["lines"][-1] == ("Discount, code SPRING-10", "-€20.00")
    assert mail.context["total"] == "€214.20"


@pytest.mark.parametrize("percent", ["10", "33.33", "99.9"])
def test_all_units_and_seats_go_back_for_exactly_what_was_paid(
    stripe_sandbox: Any, client: Client, percent: str
) -> None:
    till = Till("stripe", stripe_sandbox)
    order = placed(*three_lines(), percent=percent)
    attempt = paying.paid(till, client, order)
    shares = refund_shares.units_left(order)
    assert sum(share.amount for share in shares) == order.total
    assert sum(share.tax for share in shares) == order.tax
    assert all(0 <= share.tax <= share.amount for share in shares)
    seats = next(share.unit for share in shares if share.unit.seats == 7)
    giving_back.ask_seats(attempt, 3, of=[unit.pk for unit in purchases.units_of(order)].index(seats.pk))
    wish = Wish(What.EVERYTHING)
    with transaction.atomic():
        plan = make(orders.lock(order.pk), wish)
    carry_out(order.pk, wish, previewed=plan, by=person("desk@example.com"), reason="Asked for.")
    asked = Refund.objects.filter(attempt=attempt)
    assert sum(refund.amount for refund in asked) == order.total
    assert sum(refund.tax for refund in asked) == order.tax
    assert Coupon.objects.get().uses == 1  # what goes back later doesn't free the use


def test_what_costs_nothing_is_paid_at_once_and_has_its_receipt(client: Client) -> None:
    order = placed((goods.edition("119.00"), 1), percent="100", method=payment_methods.FREE)
    method = payment_methods.get(order.payment_method)
    assert not method.is_offered("DE", "EUR")
    assert method.start(order, address="") == orders.path(order)
    order.refresh_from_db()
    assert (order.state, Attempt.objects.get(order=order).provider) == ("paid", "free")
    (receipt,) = receipts.of(order)
    assert (receipt.net, receipt.total) == (0, 0)
    mail = order_confirmation(order.pk)
    assert mail is not None
    assert (mail.context["paid_by"], mail.context["total"]) == ("Nothing to pay", "€0.00")
    assert "Discount, code SPRING-10" in client.get(orders.path(order)).content.decode()


def test_the_way_of_nothing_to_pay_takes_no_order_that_costs_something() -> None:
    order = placed((goods.edition("119.00"), 1), method=payment_methods.FREE)
    with pytest.raises(payment_methods.PaymentUnavailable):
        payment_methods.get(payment_methods.FREE).start(order, address="")
    assert [way.name for way in payment_methods.for_order(order)] == ["card", "paypal"]
    order.total = Decimal(0)
    assert [way.name for way in payment_methods.for_order(order)] == ["free"]


class TestMoneyThatComesLate:
    def late(self, stripe_sandbox: Any) -> Attempt:
        """The buyer is on the provider's page while the use of the only coupon goes back."""
        order = placed((goods.edition("119.00"), 1), most_uses=1)
        attempt, _ = paying.begun(Till("stripe", stripe_sandbox), order)
        with transaction.atomic():
            assert coupons.give_back(orders.lock(order.pk))
        return attempt

    def test_it_counts_again_where_nobody_took_the_use(self, stripe_sandbox: Any) -> None:
        attempt = self.late(stripe_sandbox)
        settlement.apply_snapshot(attempt.pk, captured(attempt))
        assert paying.states(attempt) == ("captured", "paid", ["assigned"])
        assert Coupon.objects.get().uses == 1

    def test_it_waits_for_a_person_where_others_were_faster(self, stripe_sandbox: Any) -> None:
        attempt = self.late(stripe_sandbox)
        placed((goods.edition("119.00"), 1), email="faster@example.com")
        settlement.apply_snapshot(attempt.pk, captured(attempt))
        assert paying.states(attempt) == ("captured", "on_hold", [])
        alert = Alert.objects.get(kind="payment_held")
        assert "Its coupon was used up by others before the money came." in alert.message
        orders.release(attempt.order_id, by=person("desk@example.com"))
        assert paying.states(attempt) == ("captured", "paid", ["assigned"])
        assert (Coupon.objects.get().uses, CouponUse.objects.filter(given_back_at__isnull=False).count()) == (1, 1)


def test_a_paid_order_that_is_cancelled_keeps_its_use(stripe_sandbox: Any, client: Client) -> None:
    attempt = paying.paid(Till("stripe", stripe_sandbox), client, placed((goods.edition("119.00"), 1)))
    orders.hold(attempt.order_id, by=person("desk@example.com"), reason="odd")
    orders.cancel(attempt.order_id, by=None, reason="odd")
    assert Coupon.objects.get().uses == 1
