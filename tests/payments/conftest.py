"""Both sandboxes, one of each for the run and emptied before each test, with the shop's settings pointed at them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from payments.models import Attempt
from payments.providers import paypal_signatures
from sandbox.running import PayPalSandbox, StripeSandbox, ViesSandbox
from tests.payments import paying
from tests.payments.paying import Till
from tests.privacy.erasure.conftest import neighbors as neighbors


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


@pytest.fixture
def vies_sandbox(settings: Any) -> Iterator[ViesSandbox]:
    """The register of VAT numbers, where every number is valid until it is struck off."""
    with ViesSandbox() as sandbox:
        settings.ALLOW_SANDBOX = True
        settings.VIES_URL, settings.VAT_NUMBER = sandbox.service, "DE136695976"
        yield sandbox


@pytest.fixture(params=["stripe", "paypal"])
def till(request: pytest.FixtureRequest) -> Till:
    """Each of the two ways to pay in turn."""
    return Till(request.param, request.getfixturevalue(f"{request.param}_sandbox"))


@pytest.fixture
def bought(till: Till, client: Client) -> Attempt:
    """Two licenses for 238.00 EUR, paid and delivered."""
    return paying.paid(till, client, paying.order(2))
