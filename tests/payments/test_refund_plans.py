"""Refunds from the desk: in full, by line, by unit, by amount, of tax alone; shown before they are made."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from payments import refund_plans, refund_submission, refund_tax, refunds
from payments.models import Attempt, Refund
from payments.refund_plans import NotPossible, What, Wish
from shop import orders
from shop.models import Order, OrderLine
from tests import desk
from tests.accounts import purchases
from tests.payments import paying
from tests.payments.paying import Till

pytestmark = pytest.mark.django_db


@pytest.fixture
def bought(till: Till, client: Client) -> Attempt:
    """Two lines: three generated keys, and one sealed key of a pool; 476.00 EUR, of which 76.00 are tax."""
    placed = purchases.order((purchases.edition(), 3), (purchases.edition(pool=1), 1))
    return paying.paid(till, client, Order.objects.select_related("party").get(pk=placed.pk))


def units(attempt: Attempt) -> list[str]:
    return [unit.state for unit in purchases.units_of(attempt.order)]


def plan(attempt: Attempt, wish: Wish) -> refund_plans.Plan:
    return refund_plans.make(attempt.order, wish)


def carry_out(attempt: Attempt, wish: Wish) -> Refund:
    previewed = plan(attempt, wish)
    by = desk.person("Shop Manager")
    refund = refund_plans.carry_out(attempt.order_id, wish, previewed=previewed, by=by, reason="Asked for.")
    refund_submission.submit_due()
    refund.refresh_from_db()
    return refund


def test_everything_goes_back_with_all_its_tax(till: Till, bought: Attempt) -> None:
    refund = carry_out(bought, Wish(What.EVERYTHING))
    assert (refund.state, refund.kind, refund.amount, refund.tax) == ("succeeded", "units", 476, 76)
    assert (units(bought), till.sandbox.ledger()["refunds"]) == (["refunded"] * 4, {"EUR": 47600})
    with pytest.raises(NotPossible, match="Nothing that was paid"):
        plan(bought, Wish(What.EVERYTHING))


def test_a_line_goes_back(bought: Attempt) -> None:
    line = OrderLine.objects.filter(order=bought.order)[0]
    refund = carry_out(bought, Wish(What.UNITS, lines={line.pk}))
    assert (refund.amount, refund.tax, units(bought)) == (357, 57, ["refunded"] * 3 + ["fulfilled"])


def test_units_go_back_and_only_their_keys_end(bought: Attempt) -> None:
    first, *_, last = purchases.units_of(bought.order)
    wish = Wish(What.UNITS, units={first.pk, last.pk})
    ends = [what for _, what in refund_plans.consequences(plan(bought, wish))]
    assert [re.sub(r"\d+", "N", what) for what in ends] == ["Key N stops working", "Key N goes back to stock, sealed"]
    refund = carry_out(bought, wish)
    assert (refund.amount, refund.tax, refund.state) == (238, 38, "succeeded")
    assert units(bought) == ["refunded", "fulfilled", "fulfilled", "refunded"]
    assert purchases.states(bought.order) == ["revoked", "assigned", "assigned"]


@pytest.mark.parametrize(("amount", "tax"), [("100.00", "15.97"), ("0.01", "0.00"), ("476.00", "76.00")])
def test_an_amount_goes_back_with_its_part_of_the_tax_and_no_key_changes(
    bought: Attempt, amount: str, tax: str
) -> None:
    refund = carry_out(bought, Wish(What.AMOUNT, amount=Decimal(amount)))
    assert (refund.kind, refund.amount, refund.tax) == ("amount", Decimal(amount), Decimal(tax))
    assert (set(units(bought)), set(purchases.states(bought.order))) == ({"fulfilled"}, {"assigned"})


def test_tax_alone_goes_back_once_and_touches_no_unit(bought: Attempt) -> None:
    refund = carry_out(bought, Wish(What.TAX))
    assert (refund.kind, refund.amount, refund.tax, refund.state) == ("tax", 76, 76, "succeeded")
    assert (set(units(bought)), set(purchases.states(bought.order))) == ({"fulfilled"}, {"assigned"})
    with pytest.raises(NotPossible, match="No tax is left"):
        plan(bought, Wish(What.TAX))
    rest = carry_out(bought, Wish(What.EVERYTHING))
    assert (rest.amount, rest.tax) == (400, 0)


def test_all_partial_refunds_together_give_back_exactly_the_tax(till: Till, client: Client) -> None:
    """Three units of 0.07 EUR tax in all: parts that don't divide."""
    placed = purchases.order((purchases.edition(), 3))
    OrderLine.objects.filter(order=placed).update(net=Decimal("9.93"), tax=Decimal("0.07"), total=10)
    Order.objects.filter(pk=placed.pk).update(net=Decimal("9.93"), tax=Decimal("0.07"), total=10)
    attempt = paying.paid(till, client, Order.objects.select_related("party").get(pk=placed.pk))
    taxes = [carry_out(attempt, Wish(What.UNITS, units={unit.pk})).tax for unit in purchases.units_of(placed)]
    assert (taxes, sum(taxes)) == ([Decimal("0.03"), Decimal("0.02"), Decimal("0.02")], Decimal("0.07"))
    assert refund_tax.left_of(attempt.order) == 0


def test_a_second_payment_that_goes_back_bears_no_tax(bought: Attempt) -> None:
    second = Attempt.objects.create(
        order=bought.order,
        number=2,
        provider="stripe",
        state="captured",
        amount=476,
        currency="EUR",
        captured_at=bought.captured_at,
    )
    with transaction.atomic():
        bought.order = second.order = orders.lock(bought.order_id)
        refund = refunds.request_amount(second, Decimal(476), by=None, reason="Twice.", is_of_sale=False)
    assert (refund.tax, refund_tax.left_of(bought.order)) == (0, 76)


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        (Wish(What.AMOUNT, amount=Decimal("476.01")), "Of this payment €476.00 are left"),
        (Wish(What.AMOUNT, amount=Decimal("1.001")), "no smaller part than 0.01"),
        (Wish(What.AMOUNT, amount=Decimal(0)), "above zero"),
        (Wish(What.TAX, amount=Decimal("76.01")), "Of the tax €76.00 are left"),
        (Wish(What.UNITS), "Choose at least one"),
        (Wish(What.UNITS, units={0}), "Choose at least one"),
    ],
)
def test_what_can_not_be_given_back_is_said(bought: Attempt, wish: Wish, sentence: str) -> None:
    with pytest.raises(NotPossible, match=sentence):
        plan(bought, wish)


def test_a_plan_that_was_overtaken_is_not_carried_out(bought: Attempt) -> None:
    wish = Wish(What.AMOUNT, amount=Decimal(10))
    previewed, by = plan(bought, wish), desk.person("Shop Manager")
    refund_plans.carry_out(bought.order_id, wish, previewed=previewed, by=by, reason="Asked for.")
    with pytest.raises(NotPossible, match="meanwhile"):
        refund_plans.carry_out(bought.order_id, wish, previewed=previewed, by=by, reason="Asked for.")
    assert Refund.objects.count() == 1


def test_more_tax_than_the_order_s_is_refused_by_the_database(bought: Attempt) -> None:
    for _ in range(2):
        Refund.objects.create(attempt=bought, kind="tax", amount=40, tax=40)
    with pytest.raises(IntegrityError, match="refund_of_tax_within_order"):
        connection.check_constraints()


@pytest.mark.parametrize(("kind", "tax", "name"), [("amount", 2, "tax_within"), ("tax", 0, "tax_is_all")])
def test_the_database_knows_what_tax_can_be(bought: Attempt, kind: str, tax: int, name: str) -> None:
    with pytest.raises(IntegrityError, match=name.replace("tax_is_all", "refund_of_tax_is_all_tax")):
        Refund.objects.create(attempt=bought, kind=kind, amount=1, tax=tax)


# --- The desk ---------------------------------------------------------------------------------------------------------


def confirmed(client: Client, address: str, **fields: Any) -> Any:
    """Sends the form, reads what the preview would send back, and sends that."""
    preview = client.post(address, {"reason": "Asked for.", **fields})
    seen = re.search(r'name="seen" value="([^"]+)"', preview.content.decode())
    assert seen, preview.content.decode()
    sent = {"reason": "Asked for.", **fields, "seen": seen[1], "confirmed": "1"}
    return preview, sent, client.post(address, sent, follow=True)


def test_the_desk_shows_what_follows_and_then_does_it(bought: Attempt) -> None:
    client = desk.at_desk("Shop Manager")
    of_order = f"/admin/shop/order/{bought.order_id}/change/"
    address = f"/admin/payments/refund/request/{bought.order_id}/"
    assert address in client.get(of_order).content.decode()
    assert "Show what follows" in client.get(address).content.decode()
    first, *_, last = purchases.units_of(bought.order)
    preview, sent, answer = confirmed(client, address, what="units", units=[first.pk, last.pk])
    text = " ".join(preview.content.decode().split())
    for part in (
        f"€238.00 go back to the payment at {bought.provider}, €38.00 of it tax. €238.00 of the payment stay.",
        "stops working",
        "goes back to stock, sealed",
        "Give €238.00 back",
        'name="confirmed"',
    ):
        assert part in text, part
    assert (answer.redirect_chain[0][0], "€238.00 of order" in answer.content.decode()) == (of_order, True)
    refund = Refund.objects.get()
    assert (refund.amount, refund.tax, refund.reason) == (238, 38, "Asked for.")
    assert refund.requested_by == answer.context["user"]
    again = client.post(address, sent)
    assert (again.status_code, Refund.objects.count()) == (200, 1)


@pytest.mark.parametrize(
    ("fields", "kind", "amount"),
    [
        ({"what": "everything"}, "units", "476"),
        ({"what": "amount", "amount": "12.50", "units": []}, "amount", "12.50"),
        ({"what": "tax"}, "tax", "76"),
        ({"what": "tax", "amount": "6"}, "tax", "6"),
    ],
)
def test_each_kind_is_made_from_the_desk(bought: Attempt, fields: dict[str, Any], kind: str, amount: str) -> None:
    address = f"/admin/payments/refund/request/{bought.order_id}/"
    confirmed(desk.at_desk("Administrator"), address, **fields)
    assert [(refund.kind, refund.amount) for refund in Refund.objects.all()] == [(kind, Decimal(amount))]


def test_a_form_that_lacks_something_says_what(bought: Attempt) -> None:
    client, address = desk.at_desk("Shop Manager"), f"/admin/payments/refund/request/{bought.order_id}/"
    for fields, sentence in (
        ({"what": "amount", "reason": "x"}, "Type the amount to give back."),
        ({"what": "everything"}, "Say why, in a few words."),
        ({"what": "amount", "amount": "999", "reason": "x"}, "Of this payment €476.00 are left."),
        ({"what": "units", "reason": "x"}, "Choose at least one line or unit"),
    ):
        text = client.post(address, fields).content.decode()
        assert (sentence in text, 'name="confirmed"' in text) == (True, False)
    changing = client.post(address, {"what": "everything", "reason": "x", "change": "1"}).content.decode()
    assert ("Show what follows" in changing, Refund.objects.count()) == (True, 0)


@pytest.mark.promise("P9a")
def test_only_who_may_gives_money_back(bought: Attempt) -> None:
    address = f"/admin/payments/refund/request/{bought.order_id}/"
    client = desk.at_desk("Support")
    assert [client.get(address).status_code, client.post(address).status_code] == [403, 403]
    assert desk.at_desk("Shop Manager").get("/admin/payments/refund/request/0/").status_code == 404
