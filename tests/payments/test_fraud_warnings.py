"""Warnings of fraud: a person looks before anything else happens."""

from typing import Any

import pytest
from django.test import Client

from accounts import licenses
from payments import fraud_warnings, refund_submission, refunds, webhooks
from payments.models import Attempt, WebhookEvent
from privacy.models import Alert
from shop import orders
from shop.models import OrderHold
from tests.accounts import purchases
from tests.payments import paying
from tests.payments.paying import Till
from tests.payments.test_webhooks import deliver, handled

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(stripe_sandbox: Any) -> Till:
    return Till("stripe", stripe_sandbox)


@pytest.fixture
def bought(card: Till, client: Client) -> Attempt:
    return paying.paid(card, client)


def warn(till: Till, client: Client, attempt: Attempt) -> None:
    till.sandbox.act("warn_of_fraud", attempt.reference("stripe_session"))
    deliver(client, till, till.events("radar.early_fraud_warning.created")[-1])
    webhooks.handle_due()


@pytest.mark.promise("P6c")
def test_a_warning_puts_the_order_on_hold_and_calls_a_person(card: Till, bought: Attempt, client: Client) -> None:
    warn(card, client, bought)
    assert paying.states(bought) == ("captured", "on_hold", ["assigned"])
    assert OrderHold.objects.get(order=bought.order).reason == fraud_warnings.SUSPECTED
    assert (list(Alert.objects.values_list("kind", flat=True)), handled()) == (["fraud_warning"], [True])
    [key] = purchases.keys_of(bought.order)
    with pytest.raises(licenses.KeyNotUsable):
        licenses.open_key(key.pk, order=bought.order)


def test_a_released_order_is_not_held_again_by_the_same_warning(card: Till, bought: Attempt, client: Client) -> None:
    warn(card, client, bought)
    orders.release(bought.order_id, by=None)
    event = WebhookEvent.objects.get()
    assert fraud_warnings.heed("stripe", event.object_id, event_id=event.pk)
    assert paying.states(bought)[1] == "paid"


def test_a_warning_that_is_faster_than_its_payment_holds_what_it_settles(card: Till, client: Client) -> None:
    attempt, identifier = paying.begun(card)
    card.agree(identifier)
    warn(card, client, attempt)
    assert paying.states(attempt) == ("captured", "on_hold", ["assigned"])


def test_a_warning_about_money_that_went_back_is_of_no_use(card: Till, bought: Attempt, client: Client) -> None:
    refunds_all(bought)
    warn(card, client, bought)
    assert (paying.states(bought)[1], Alert.objects.count(), handled()) == ("paid", 0, [True])


def refunds_all(attempt: Attempt) -> None:
    attempt.order = orders.lock(attempt.order_id)
    refunds.give_back(attempt.order, by=None, reason="Asked for.")
    refund_submission.submit_due()
