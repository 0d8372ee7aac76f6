"""A payment that isn't what was asked for: another amount, currency or order, or somebody else's."""

from typing import Any

import pytest
from django.test import Client

from payments import webhooks
from privacy.models import Alert
from shop import orders
from tests.payments import paying
from tests.payments.paying import Till
from tests.payments.test_webhooks import DECISIVE, deliver

pytestmark = pytest.mark.django_db
SWAPS = ("amount", "currency", "order")


def swap(till: Till, identifier: str, what: str) -> None:
    """Changes the open payment at the provider, as if another had been asked for under this id."""
    objects = till.sandbox.provider.objects
    document = objects.find(*{"stripe": ("checkout.session", identifier), "paypal": ("order", identifier)}[till.name])
    if till.name == "stripe":
        changes: dict[str, Any] = {
            "amount": {"amount_total": 100, "amount_subtotal": 100},
            "currency": {"currency": "usd"},
        }
        document |= changes.get(what, {"client_reference_id": "AO-1-1"})
    else:
        unit = document["purchase_units"][0]
        unit["amount"] |= {"amount": {"value": "1.00"}, "currency": {"currency_code": "USD"}}.get(what, {})
        unit |= {"custom_id": "AO-1-1"} if what == "order" else {}
    objects.save(document)


@pytest.mark.parametrize("is_heard_of_by", ["webhook", "return"])
@pytest.mark.parametrize("what", SWAPS)
def test_what_differs_from_the_order_waits_for_a_person(
    till: Till, client: Client, what: str, is_heard_of_by: str
) -> None:
    """No key. PayPal isn't even asked for the money; a card's is taken by then, and written down as it was."""
    attempt, identifier = paying.begun(till)
    swap(till, identifier, what)
    till.agree(identifier)
    if is_heard_of_by == "webhook":
        deliver(client, till, till.events(DECISIVE[till.name])[0])
        webhooks.handle_due()
    else:
        paying.come_back(client, till, attempt, identifier)
    state = {"stripe": "captured", "paypal": "requires_action"}[till.name]
    assert paying.states(attempt) == (state, "on_hold", [])
    assert list(Alert.objects.values_list("kind", "key")) == [("payment_held", attempt.order.number)]
    taken = {"amount": {"EUR": 100}, "currency": {"USD": 11900}, "order": {"EUR": 11900}}[what]
    assert till.captured() == (taken if till.name == "stripe" else {})


def test_somebody_else_s_session_id_on_the_return_page(till: Till, client: Client) -> None:
    """Nothing is paid by it, nothing of the other's order is shown, and the other's payment isn't touched."""
    own, _ = paying.begun(till)
    other, identifier = paying.begun(till)
    till.agree(identifier)
    answer = paying.come_back(client, till, own, identifier)
    assert answer["Location"] == orders.path(own.order)
    assert other.order.number not in client.get(answer["Location"]).content.decode()
    for attempt in (own, other):
        assert paying.states(attempt) == ("requires_action", "pending_payment", [])


def test_one_s_own_paid_session_does_not_pay_another_order(till: Till, client: Client) -> None:
    """Paying the cheap order and coming back to the dear one."""
    cheap = paying.paid(till, client)
    dear, _ = paying.begun(till, paying.order(50))
    paying.come_back(client, till, dear, cheap.reference(till.kind))
    assert paying.states(dear) == ("requires_action", "pending_payment", [])
    assert till.captured() == {"EUR": 11900}
