"""Webhooks that aren't the provider's, aren't ours, or aren't new."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.test import Client

from payments import webhooks
from payments.models import WebhookEvent
from payments.providers import paypal_signatures
from privacy import clock
from sandbox.running import PayPalSandbox, StripeSandbox
from tests.payments import paying
from tests.payments.paying import Till
from tests.payments.test_webhooks import DECISIVE, forged, post, stripe_event

pytestmark = pytest.mark.django_db
PAID = ("captured", "paid", ["assigned"])


def agreed(till: Till) -> tuple[Any, str]:
    """An attempt whose buyer agreed, and the event that says so."""
    attempt, identifier = paying.begun(till)
    till.agree(identifier)
    return attempt, till.events(DECISIVE[till.name])[0]


def test_forged_and_re_serialised_webhooks_leave_no_row(till: Till) -> None:
    attempt, event = agreed(till)
    answers = {how: post(Client(), till, body, headers) for how, (headers, body) in forged(till, event).items()}
    assert set(answers.values()) == {400}
    assert "written anew" in answers
    assert (WebhookEvent.objects.count(), webhooks.handle_due()) == (0, 0)
    assert paying.states(attempt) == ("requires_action", "pending_payment", [])


def test_the_signature_of_somebody_who_has_other_keys(till: Till, settings: Any) -> None:
    """Another secret, or a chain that ends at another root."""
    _, event = agreed(till)
    settings.STRIPE_WEBHOOK_SECRET = "whsec_of_somebody_else"
    with PayPalSandbox() as other:
        settings.PAYPAL_WEBHOOK_CA = str(other.ca_pem)
        paypal_signatures.forget()
        headers, body = till.sandbox.signed(event)
        assert post(Client(), till, body, headers) == 400
    assert WebhookEvent.objects.count() == 0


def test_a_replay_settles_nothing_again(till: Till) -> None:
    attempt, event = agreed(till)
    headers, body = till.sandbox.signed(event)
    for _ in range(3):
        assert post(Client(), till, body, dict(headers)) == 200
        webhooks.handle_due()
    assert (WebhookEvent.objects.count(), paying.states(attempt)) == (1, PAID)
    assert till.captured() == {"EUR": 11900}


@pytest.mark.parametrize(("age", "status"), [(299, 200), (301, 400), (86_400, 400)])
def test_stripe_s_tolerance_is_five_minutes(stripe_sandbox: StripeSandbox, age: int, status: int) -> None:
    body, headers = stripe_event(stripe_sandbox, at=int(clock.now().timestamp()) - age)
    assert post(Client(), Till("stripe", stripe_sandbox), body, headers) == status
    assert WebhookEvent.objects.count() == (status == 200)


def test_paypal_s_may_honestly_be_days_late(paypal_sandbox: PayPalSandbox) -> None:
    """It repeats for three days what had no answer, under the time of the first."""
    till = Till("paypal", paypal_sandbox)
    attempt, event = agreed(till)
    headers, body = till.sandbox.signed(event)
    with clock.at(clock.now() + timedelta(days=3)):
        assert post(Client(), till, body, headers) == 200
        webhooks.handle_due()
    assert paying.states(attempt) == PAID


@pytest.mark.parametrize(
    "beside", ["{elsewhere}/c", "{own}@{elsewhere}/c", "{own}.evil.example/c", "{own}/../../c", "file:///etc/passwd"]
)
def test_a_certificate_that_lies_elsewhere_is_never_fetched(paypal_sandbox: PayPalSandbox, beside: str) -> None:
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    till = Till("paypal", paypal_sandbox)
    _, event = agreed(till)
    with HTTPServer(("127.0.0.1", 0), Listener) as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        elsewhere = f"127.0.0.1:{listener.server_address[1]}"
        own = paypal_sandbox.cert_base.rstrip("/")
        address = beside.format(elsewhere=elsewhere if "@" in beside else f"http://{elsewhere}", own=own)
        headers, body = till.sandbox.signed(event)
        headers = {name: address if name.upper() == "PAYPAL-CERT-URL" else value for name, value in headers.items()}
        assert post(Client(), till, body, headers) == 400
        listener.shutdown()
    assert (asked, WebhookEvent.objects.count()) == ([], 0)


@pytest.mark.parametrize("changes", [{"livemode": True}, {"account": "acct_of_somebody"}])
def test_a_valid_event_of_another_account_or_mode_is_not_kept(
    stripe_sandbox: StripeSandbox, changes: dict[str, Any]
) -> None:
    body, headers = stripe_event(stripe_sandbox, **changes)
    assert post(Client(), Till("stripe", stripe_sandbox), body, headers) == 200
    assert WebhookEvent.objects.count() == 0
