"""Tax that was charged while VIES was away goes back by itself, once, and no key changes."""

from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client

from payments import refund_submission, refunds, tax_returns
from payments.models import Attempt, Refund
from payments.tasks import return_tax
from privacy import clock, mails
from sandbox.running import ViesSandbox
from shop import vat_checks
from shop.models import Order, OrderParty, VatCheck
from shop.tasks import ask_vies
from shop.tax import Number
from shop.vat_checks import Known
from tests.accounts import purchases
from tests.payments import paying
from tests.payments.paying import Till

pytestmark = pytest.mark.django_db
NUMBER = "FR40303265045"


def bought(till: Till, client: Client) -> Attempt:
    """A paid order of a French company, 119.00 EUR of which 19.00 are tax, whose number VIES couldn't confirm."""
    placed = paying.order(is_business=True)
    OrderParty.objects.filter(order=placed).update(vat_number=NUMBER, company="Nordhafen SARL")
    vat_checks.write(placed, Known(Number.PENDING, problem="MS_UNAVAILABLE"))
    VatCheck.objects.update(next_try_at=clock.now())
    return paying.paid(till, client, Order.objects.select_related("party").get(pk=placed.pk))


@pytest.mark.promise("P6d")
def test_the_tax_comes_back_by_itself(till: Till, client: Client, vies_sandbox: ViesSandbox) -> None:
    attempt = bought(till, client)
    before = purchases.states(attempt.order)
    mails.send_due()
    mail.outbox.clear()
    assert ask_vies() == 1
    assert return_tax() == 1
    refund_submission.submit_due()
    refund = Refund.objects.get()
    assert (refund.kind, refund.amount, refund.tax, refund.state) == ("tax", Decimal(19), Decimal(19), "succeeded")
    assert till.sandbox.ledger()["refunds"] == {"EUR": 1900}
    assert purchases.states(attempt.order) == before
    mails.send_due()
    (sent,) = mail.outbox
    assert sent.to == ["ada@example.com"]
    assert "confirmed your VAT number, so you owe the VAT yourself (reverse charge)" in " ".join(sent.body.split())


def test_it_goes_back_once_however_often_it_is_swept(till: Till, client: Client, vies_sandbox: ViesSandbox) -> None:
    attempt = bought(till, client)
    ask_vies()
    assert [return_tax(), return_tax()] == [1, 0]
    assert tax_returns.request(attempt.order_id) == []
    assert Refund.objects.count() == 1


def test_of_what_went_back_before_no_tax_goes_back_again(till: Till, client: Client, vies_sandbox: ViesSandbox) -> None:
    attempt = bought(till, client)
    refunds.request_amount(attempt, Decimal("59.50"), by=None, reason="Half")
    ask_vies()
    return_tax()
    assert list(Refund.objects.values_list("kind", "amount", "tax")) == [
        ("amount", Decimal("59.50"), Decimal("9.50")),
        ("tax", Decimal("9.50"), Decimal("9.50")),
    ]


def test_of_an_order_that_went_back_whole_nothing_is_left(
    till: Till, client: Client, vies_sandbox: ViesSandbox
) -> None:
    attempt = bought(till, client)
    refunds.give_back(attempt.order, by=None, reason="All")
    ask_vies()
    assert return_tax() == 0
    assert VatCheck.objects.get().tax_returned_at is not None
    assert Refund.objects.get().kind == "units"


def test_while_the_order_is_held_nothing_goes_back(till: Till, client: Client, vies_sandbox: ViesSandbox) -> None:
    attempt = bought(till, client)
    ask_vies()
    Order.objects.filter(pk=attempt.order_id).update(state="on_hold")
    assert return_tax() == 0
    Order.objects.filter(pk=attempt.order_id).update(state="paid")
    assert return_tax() == 1


def test_a_number_that_stays_unknown_gives_nothing_back(till: Till, client: Client, vies_sandbox: ViesSandbox) -> None:
    bought(till, client)
    vies_sandbox.strike_off(NUMBER)
    ask_vies()
    assert return_tax() == 0
    assert not Refund.objects.exists()


def test_the_rate_of_the_sale_counts_whatever_it_is_today(
    till: Till, client: Client, vies_sandbox: ViesSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shop import tax_rates

    bought(till, client)
    monkeypatch.setattr(tax_rates, "RATES", [rate._replace(percent=Decimal(50)) for rate in tax_rates.RATES])
    tax_rates.standard_rate.cache_clear()
    ask_vies()
    return_tax()
    monkeypatch.undo()
    tax_rates.standard_rate.cache_clear()
    assert Refund.objects.get().amount == Decimal(19)
