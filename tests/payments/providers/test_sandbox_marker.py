"""Production believes no answer that bears the sandboxes' mark, and every other server's."""

from typing import Any

import pytest

from payments import attempts
from payments.models import Attempt
from payments.providers import sandbox_marker
from payments.providers.base import ProviderError
from shop.payment_methods import PaymentUnavailable
from tests.payments import paying
from tests.payments.paying import Till

pytestmark = pytest.mark.django_db


def test_production_refuses_the_sandboxes(till: Till, settings: Any) -> None:
    settings.ALLOW_SANDBOX = False
    with pytest.raises(PaymentUnavailable):
        attempts.begin(paying.order(), till.name)
    attempt = Attempt.objects.get()
    assert (attempt.state, attempt.problem) == ("failed", "sandbox_in_production")


@pytest.mark.parametrize("name", ["X-AzureOps-Sandbox", "x-azureops-sandbox"])
def test_the_mark_is_seen_in_any_casing(settings: Any, name: str) -> None:
    settings.ALLOW_SANDBOX = False
    with pytest.raises(ProviderError):
        sandbox_marker.check({name: "stripe"})


def test_another_server_is_believed(settings: Any) -> None:
    settings.ALLOW_SANDBOX = False
    sandbox_marker.check({"Content-Type": "application/json"})
