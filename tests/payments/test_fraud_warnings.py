"""Warnings of fraud: a person looks before anything else happens."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts import licenses
from payments import fraud_warnings, reckoning, refund_submission, refunds, statements, webhooks
from payments.models import Attempt, Reference, WebhookEvent
from privacy import clock
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


# --- The list, where no webhook came ---------------------------------------------------------------------------------


def test_a_warning_of_which_no_webhook_told_is_found_in_the_list(card: Till, bought: Attempt) -> None:
    card.sandbox.act("warn_of_fraud", bought.reference("stripe_session"))
    with clock.at(clock.now() + timedelta(minutes=1)):
        report = reckoning.run()
    assert paying.states(bought) == ("captured", "on_hold", ["assigned"])
    assert [alert.kind for alert in report.alerts] == ["fraud_warning"]
    event = WebhookEvent.objects.get()
    assert (event.is_from_list, event.handled_at is not None, event.provider) == (True, True, "stripe")


def test_list_and_webhook_together_hold_once(card: Till, bought: Attempt, client: Client) -> None:
    """The list first, the webhook days later, or the other way round: a released order stays released."""
    card.sandbox.act("warn_of_fraud", bought.reference("stripe_session"))
    with clock.at(clock.now() + timedelta(minutes=1)):
        reckoning.run()
        orders.release(bought.order_id, by=None)
        deliver(client, card, card.events("radar.early_fraud_warning.created")[-1])
        webhooks.handle_due()
        assert paying.states(bought)[1] == "paid"
    for hours in (1, 2):
        with clock.at(clock.now() + timedelta(hours=hours, minutes=1)):
            reckoning.run()
    assert (paying.states(bought)[1], WebhookEvent.objects.count()) == ("paid", 2)


def test_what_a_webhook_told_is_not_taken_from_the_list_again(card: Till, bought: Attempt, client: Client) -> None:
    warn(card, client, bought)
    orders.release(bought.order_id, by=None)
    with clock.at(clock.now() + timedelta(minutes=1)):
        statements.compare_all()
    assert (WebhookEvent.objects.count(), paying.states(bought)[1]) == (1, "paid")


def test_a_warning_about_somebody_else_s_payment_is_nothing_here(card: Till, bought: Attempt) -> None:
    card.sandbox.act("warn_of_fraud", bought.reference("stripe_session"))
    Reference.objects.all().delete()
    Attempt.objects.filter(pk=bought.pk).update(number=7)
    with clock.at(clock.now() + timedelta(minutes=1)):
        statements.compare_all()
        webhooks.handle_due()
    assert (paying.states(bought)[1], handled()) == ("paid", [True])
    assert not Alert.objects.filter(kind="fraud_warning").exists()


def refunds_all(attempt: Attempt) -> None:
    attempt.order = orders.lock(attempt.order_id)
    refunds.give_back(attempt.order, by=None, reason="Asked for.")
    refund_submission.submit_due()
