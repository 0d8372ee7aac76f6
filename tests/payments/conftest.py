"""Both sandboxes, one of each for the run and emptied before each test, with the shop's settings pointed at them."""

from collections.abc import Iterator
from typing import Any

import pytest

from payments.providers import paypal_signatures
from sandbox.running import PayPalSandbox, StripeSandbox


@pytest.fixture(scope="session")
def running_stripe() -> Iterator[StripeSandbox]:
    with StripeSandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def running_paypal() -> Iterator[PayPalSandbox]:
    with PayPalSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def stripe_sandbox(running_stripe: StripeSandbox, settings: Any) -> StripeSandbox:
    """The cards' side: emptied, its webhooks kept until a test asks for them."""
    running_stripe.provider.webhooks.url = None
    running_stripe.provider.reset()
    settings.ALLOW_SANDBOX = True
    settings.STRIPE_API_BASE = running_stripe.base_url
    settings.STRIPE_SECRET_KEY = running_stripe.secret_key
    settings.STRIPE_WEBHOOK_SECRET = running_stripe.webhook_secret
    settings.PROVIDER_TIMEOUT = 5.0
    return running_stripe


@pytest.fixture
def paypal_sandbox(running_paypal: PayPalSandbox, settings: Any) -> PayPalSandbox:
    """PayPal's side: the same."""
    running_paypal.provider.webhooks.url = None
    running_paypal.provider.reset()
    settings.ALLOW_SANDBOX = True
    settings.PAYPAL_API_BASE = running_paypal.base_url
    settings.PAYPAL_CLIENT_ID = running_paypal.client_id
    settings.PAYPAL_CLIENT_SECRET = running_paypal.client_secret
    settings.PAYPAL_WEBHOOK_ID = running_paypal.webhook_id
    settings.PAYPAL_WEBHOOK_CA = str(running_paypal.ca_pem)
    settings.PAYPAL_CERT_BASES = [running_paypal.cert_base]
    settings.PROVIDER_TIMEOUT = 5.0
    paypal_signatures.forget()
    return running_paypal


@pytest.fixture(params=["stripe", "paypal"])
def till(request: pytest.FixtureRequest) -> "Till":
    """Each of the two ways to pay in turn."""
    return Till(request.param, request.getfixturevalue(f"{request.param}_sandbox"))


class Till:
    """One provider with its sandbox, so that a test can be written once for both."""

    def __init__(self, name: str, sandbox: Any) -> None:
        self.name, self.sandbox = name, sandbox

    @property
    def method(self) -> str:
        """As the buyer chooses it."""
        return {"stripe": "card", "paypal": "paypal"}[self.name]

    @property
    def kind(self) -> str:
        """Of the reference by which the provider knows the payment."""
        return {"stripe": "stripe_session", "paypal": "paypal_order"}[self.name]

    def agree(self, identifier: str, **fields: Any) -> None:
        """The buyer pays on the provider's page."""
        fields = {"country": "DE"} | fields
        self.sandbox.act("pay" if self.name == "stripe" else "approve", identifier, **fields)

    def query(self, identifier: str) -> dict[str, str]:
        """What the provider adds to the address that the buyer comes back to."""
        return {"session_id": identifier} if self.name == "stripe" else {"token": identifier, "PayerID": "X"}

    def captured(self) -> dict[str, int]:
        """What the provider's books say was taken, in cents."""
        return self.sandbox.ledger()["captures"]

    def events(self, kind: str = "") -> list[str]:
        """The ids of all events so far, or of those of a kind."""
        return [row["event"] for row in self.sandbox.deliveries() if kind in row["type"]]
