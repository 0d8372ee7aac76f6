"""Both sandboxes, and browsers."""

import pytest
from django.test import Client

from tests.payments.conftest import paypal_sandbox, running_paypal, running_stripe, stripe_sandbox, till

__all__ = ["paypal_sandbox", "running_paypal", "running_stripe", "stripe_sandbox", "till"]


@pytest.fixture
def buyer() -> Client:
    """The browser of one."""
    return Client(headers={"sec-fetch-site": "same-origin"})
