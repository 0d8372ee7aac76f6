"""The inbox: only what the provider signed for us, once, without its body; and the webhook alone settles."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from payments import webhooks
from payments.models import Attempt, ProviderCall, Reference, Refund, WebhookEvent
from payments.providers.base import Forged
from privacy import clock
from privacy.models import Alert
from shop.models import Order
from tests.payments import paying
from tests.payments.paying import Till

pytestmark = pytest.mark.django_db
DECISIVE = {"stripe": "checkout.session.completed", "paypal": "CHECKOUT.ORDER.APPROVED"}


def post(client: Client, till: Till, body: bytes, headers: dict[str, str]) -> int:
    address = reverse(f"{till.name}_webhook")
    kind = headers.pop("Content-Type", "application/json")
    return client.post(address, body, content_type=kind, headers=headers).status_code


def deliver(client: Client, till: Till, event: str) -> int:
    headers, body = till.sandbox.signed(event)
    return post(client, till, body, headers)


def handled() -> list[bool]:
    return [event.handled_at is not None for event in WebhookEvent.objects.order_by("id")]


@pytest.fixture
def agreed(till: Till) -> Attempt:
    """An attempt whose buyer agreed at the provider and never came back."""
    attempt, identifier = paying.begun(till)
    till.agree(identifier)
    return attempt


def test_the_webhook_alone_settles(till: Till, agreed: Attempt, client: Client) -> None:
    (event,) = till.events(DECISIVE[till.name])
    assert deliver(client, till, event) == 200
    assert webhooks.handle_due() == 1
    assert paying.states(agreed) == ("captured", "paid", ["assigned"])
    assert (till.captured(), handled()) == ({"EUR": 11900}, [True])


def test_all_events_in_any_order_and_twice_settle_once(till: Till, agreed: Attempt, client: Client) -> None:
    for event in [*reversed(till.events()), *till.events()]:
        assert deliver(client, till, event) == 200
        webhooks.handle_due()
    for event in till.events():  # PayPal's capture made some more
        assert deliver(client, till, event) == 200
    webhooks.handle_due()
    assert paying.states(agreed) == ("captured", "paid", ["assigned"])
    assert till.captured() == {"EUR": 11900}
    assert (set(handled()), Refund.objects.count(), Alert.objects.count()) == ({True}, 0, 0)


def test_an_event_is_kept_once_and_without_its_body(till: Till, agreed: Attempt, client: Client) -> None:
    (event,) = till.events(DECISIVE[till.name])
    assert [deliver(client, till, event) for _ in range(3)] == [200, 200, 200]
    kept = WebhookEvent.objects.get()
    reference = Reference.objects.get(attempt=agreed, kind=till.kind).value
    assert (kept.provider, kept.event_id, kept.kind, kept.object_id) == (
        till.name,
        event,
        DECISIVE[till.name],
        reference,
    )


def test_an_event_that_is_faster_than_our_own_commit_finds_its_attempt(
    till: Till, agreed: Attempt, client: Client
) -> None:
    Reference.objects.all().delete()
    Attempt.objects.filter(pk=agreed.pk).update(looks=0)
    (event,) = till.events(DECISIVE[till.name])
    deliver(client, till, event)
    webhooks.handle_due()
    assert paying.states(agreed) == ("captured", "paid", ["assigned"])


def test_the_end_of_a_payment_whose_session_is_unknown_finds_it_in_stripe_s_list(
    stripe_sandbox: Any, client: Client
) -> None:
    till = Till("stripe", stripe_sandbox)
    attempt, identifier = paying.begun(till)
    till.agree(identifier)
    Reference.objects.all().delete()
    (event,) = till.events("payment_intent.succeeded")
    deliver(client, till, event)
    webhooks.handle_due()
    assert (handled(), paying.states(attempt)[0]) == ([True], "captured")
    assert Reference.objects.get(attempt=attempt, kind=till.kind).value == identifier


def test_a_provider_that_is_away_is_asked_again_later(till: Till, agreed: Attempt, client: Client) -> None:
    (event,) = till.events(DECISIVE[till.name])
    till.sandbox.faults({"match": "* /v?/checkout/*", "times": 2, "action": "down"})
    deliver(client, till, event)
    assert (webhooks.handle_due(), handled()) == (1, [False])
    assert webhooks.handle_due() == 0
    with clock.at(WebhookEvent.objects.get().next_try_at):
        assert webhooks.handle_due() == 1
    assert (handled(), paying.states(agreed)[1]) == ([True], "paid")


def test_an_event_that_can_never_be_handled_calls_a_person(till: Till, agreed: Attempt, client: Client) -> None:
    (event,) = till.events(DECISIVE[till.name])
    till.sandbox.faults({"match": "* /v?/checkout/*", "times": 99, "action": "down"})
    deliver(client, till, event)
    WebhookEvent.objects.update(tries=webhooks.MOST_TRIES - 1)
    webhooks.handle_due()
    assert (handled(), Alert.objects.get().kind) == ([True], "webhook_stuck")


def test_an_event_that_meets_a_fault_stops_no_other_and_calls_a_person_in_the_end(till: Till, client: Client) -> None:
    pairs = [paying.begun(till) for _ in range(3)]
    for _, identifier in pairs:
        till.agree(identifier)
    (_, identifier), (refused, _), (sound, _) = pairs
    paying.garble(till, identifier)
    paying.refuse("payments_attempt", f"id = {refused.pk} AND state = 'captured'")
    for event in till.events(DECISIVE[till.name]):
        deliver(client, till, event)
    assert (webhooks.handle_due(), handled()) == (3, [False, False, True])
    assert paying.states(sound) == ("captured", "paid", ["assigned"])
    WebhookEvent.objects.update(tries=webhooks.MOST_TRIES - 1, next_try_at=clock.now())
    assert (webhooks.handle_due(), handled()) == (2, [True, True, True])
    assert list(Alert.objects.values_list("kind", flat=True)) == ["webhook_stuck"] * 2


def forget(attempt: Attempt, **changes: Any) -> None:
    """The attempt knows no id of the provider, as before our own commit; `changes` make it somebody else's."""
    Reference.objects.filter(attempt=attempt).delete()
    Attempt.objects.filter(pk=attempt.pk).update(**changes)


@pytest.mark.parametrize("changes", [{"amount": 120}, {"currency": "USD"}, {"provider": "free"}])
def test_a_payment_that_another_shop_labeled_as_we_do_is_not_ours(
    till: Till, agreed: Attempt, client: Client, changes: dict[str, Any]
) -> None:
    forget(agreed, **changes)
    for event in till.events():
        deliver(client, till, event)
    webhooks.handle_due()
    assert (set(handled()), Reference.objects.count(), Alert.objects.count()) == ({True}, 0, 0)
    assert paying.states(agreed) == ("requires_action", "pending_payment", [])


def test_a_payment_with_our_label_beside_our_own_payment_is_not_ours(
    till: Till, agreed: Attempt, client: Client
) -> None:
    Reference.objects.filter(attempt=agreed).update(value="our_own")
    deliver(client, till, till.events(DECISIVE[till.name])[0])
    webhooks.handle_due()
    assert handled() == [True]
    assert list(Reference.objects.values_list("kind", "value")) == [(till.kind, "our_own")]


def test_an_object_of_somebody_else_is_of_no_concern(till: Till, agreed: Attempt, client: Client) -> None:
    Order.objects.filter(pk=agreed.order_id).update(number="AO-OTHER")
    Reference.objects.all().delete()
    for event in till.events():
        assert deliver(client, till, event) == 200
    webhooks.handle_due()
    assert set(handled()) == {True}
    assert paying.states(agreed) == ("requires_action", "pending_payment", [])


def test_an_object_that_the_provider_does_not_know_is_of_no_concern(till: Till) -> None:
    event = WebhookEvent.objects.create(
        provider=till.name, event_id="1", kind=DECISIVE[till.name], object_id="cs_test_unknown"
    )
    webhooks.handle(event)
    assert handled() == [True]


def forged(till: Till, event: str) -> dict[str, tuple[dict[str, str], bytes]]:
    headers, body = till.sandbox.signed(event)
    signature = {"stripe": "Stripe-Signature", "paypal": "PAYPAL-TRANSMISSION-SIG"}[till.name]
    name = next(name for name in headers if name.lower() == signature.lower())
    value = headers[name]
    flipped = value[:-8] + ("A" if value[-8] != "A" else "B") + value[-7:]
    again = json.dumps(json.loads(body), indent=1).encode()
    return {
        "without a signature": ({key: value for key, value in headers.items() if key != name}, body),
        "with a wrong one": ({**headers, name: flipped}, body),
        "with none that can be read": ({**headers, name: "§"}, body),
        "with another body": (headers, body.replace(b"119", b"001") + b" "),
        "written anew": (headers, again),
        "empty": (headers, b""),
        "not text": (headers, b"\xff\xfe"),
    }


@pytest.mark.parametrize(
    "how",
    [
        *("without a signature", "with a wrong one", "with none that can be read"),
        *("with another body", "written anew", "empty", "not text"),
    ],
)
def test_what_the_provider_did_not_sign_leaves_no_row(till: Till, agreed: Attempt, client: Client, how: str) -> None:
    (event,) = till.events(DECISIVE[till.name])
    headers, body = forged(till, event)[how]
    assert post(client, till, body, headers) == 400
    assert WebhookEvent.objects.count() == 0


def test_one_provider_s_webhook_is_nothing_at_the_other_s_address(
    stripe_sandbox: Any, paypal_sandbox: Any, client: Client
) -> None:
    till = Till("stripe", stripe_sandbox)
    _, identifier = paying.begun(till)
    till.agree(identifier)
    headers, body = stripe_sandbox.signed(till.events(DECISIVE["stripe"])[0])
    assert post(client, Till("paypal", paypal_sandbox), body, headers) == 400


def test_a_get_is_no_webhook(till: Till, client: Client) -> None:
    assert client.get(reverse(f"{till.name}_webhook")).status_code == 405


def stripe_event(sandbox: Any, *, at: int | None = None, **changes: Any) -> tuple[bytes, dict[str, str]]:
    from sandbox.stripe.events import signature

    event = {
        "id": "evt_own",
        "object": "event",
        "type": "checkout.session.completed",
        "livemode": False,
        "data": {"object": {"id": "cs_test_1", "object": "checkout.session"}},
    } | changes
    body = json.dumps(event).encode()
    return body, {"Stripe-Signature": signature(sandbox.webhook_secret, body, at=at)}


@pytest.mark.parametrize(("age", "status"), [(0, 200), (290, 200), (310, 400), (86400, 400)])
def test_a_replay_outside_stripe_s_tolerance_is_refused(
    stripe_sandbox: Any, client: Client, age: int, status: int
) -> None:
    till = Till("stripe", stripe_sandbox)
    body, headers = stripe_event(stripe_sandbox, at=int(clock.now().timestamp()) - age)
    assert post(client, till, body, headers) == status
    assert WebhookEvent.objects.count() == (status == 200)


@pytest.mark.parametrize(
    "changes",
    [
        {"livemode": True},
        {"account": "acct_other"},
        {"type": "customer.created"},
        {"type": "radar.early_fraud_warning.updated"},
        {"type": "balance.available", "data": {"object": {}}},
    ],
)
def test_a_signed_event_of_no_use_is_answered_and_not_kept(
    stripe_sandbox: Any, client: Client, changes: dict[str, Any]
) -> None:
    body, headers = stripe_event(stripe_sandbox, **changes)
    assert post(client, Till("stripe", stripe_sandbox), body, headers) == 200
    assert WebhookEvent.objects.count() == 0


@pytest.mark.parametrize("changes", [{"data": {}}, {"data": None}, {"data": {"object": {}}}])
def test_a_signed_text_that_is_no_event_is_refused(
    stripe_sandbox: Any, client: Client, changes: dict[str, Any]
) -> None:
    body, headers = stripe_event(stripe_sandbox, **changes)
    assert post(client, Till("stripe", stripe_sandbox), body, headers) == 400


def test_without_a_secret_nothing_is_believed(till: Till, agreed: Attempt, client: Client, settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRET = settings.PAYPAL_WEBHOOK_ID = ""
    (event,) = till.events(DECISIVE[till.name])
    assert deliver(client, till, event) == 400


def test_paypal_s_webhook_for_another_webhook_id_is_refused(paypal_sandbox: Any, client: Client, settings: Any) -> None:
    till = Till("paypal", paypal_sandbox)
    _, identifier = paying.begun(till)
    till.agree(identifier)
    headers, body = paypal_sandbox.signed(till.events(DECISIVE["paypal"])[0])
    settings.PAYPAL_WEBHOOK_ID = "WHOTHER"
    with pytest.raises(Forged):
        webhooks.receive("paypal", {name.title(): value for name, value in headers.items()}, body)


def test_a_certificate_that_can_not_be_had_makes_the_webhook_come_again(paypal_sandbox: Any, client: Client) -> None:
    till = Till("paypal", paypal_sandbox)
    _, identifier = paying.begun(till)
    till.agree(identifier)
    (event,) = till.events(DECISIVE["paypal"])
    paypal_sandbox.faults({"match": "GET /v1/notifications/certs/*", "action": "down"})
    assert deliver(client, till, event) == 503
    assert deliver(client, till, event) == 200


def test_nothing_of_the_call_that_began_it_is_left(till: Till, agreed: Attempt, client: Client) -> None:
    ProviderCall.objects.create(key="left", attempt=agreed, parameters={"name": "Ada"})
    Attempt.objects.filter(pk=agreed.pk).update(looks=0)
    deliver(client, till, till.events(DECISIVE[till.name])[0])
    webhooks.handle_due()
    assert paying.states(agreed)[0] == "captured"
