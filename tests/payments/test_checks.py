"""`manage.py check` on the providers' keys."""

from pathlib import Path
from typing import Any

import pytest

from payments.checks import keys_fit_together


@pytest.fixture
def right(settings: Any) -> Any:
    settings.DEBUG = False
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_1", "whsec_1"
    settings.PAYPAL_CLIENT_ID, settings.PAYPAL_CLIENT_SECRET, settings.PAYPAL_WEBHOOK_ID = "id", "secret", "WH"
    settings.PAYPAL_API_BASE, settings.PAYPAL_WEBHOOK_CA = "https://api-m.paypal.com", ""
    return settings


def found() -> list[str | None]:
    return [message.id for message in keys_fit_together()]


def test_keys_that_fit_are_no_matter(right: Any) -> None:
    assert found() == []


def test_no_keys_are_no_matter(right: Any) -> None:
    right.DEBUG = True
    right.STRIPE_SECRET_KEY = right.PAYPAL_CLIENT_ID = ""
    assert found() == []


def test_live_keys_in_development_are_warned_of(right: Any) -> None:
    right.DEBUG = True
    assert found() == ["payments.W001"]
    right.STRIPE_SECRET_KEY = "sk_live_1"
    assert found() == ["payments.W001", "payments.W001"]


def test_keys_without_what_verifies_their_webhooks_are_warned_of(right: Any) -> None:
    right.STRIPE_WEBHOOK_SECRET = right.PAYPAL_WEBHOOK_ID = ""
    assert found() == ["payments.W002", "payments.W002"]


@pytest.mark.parametrize("text", [None, "", "no certificate"])
def test_a_trust_file_without_a_certificate_is_an_error(right: Any, tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "ca.pem"
    if text is not None:
        file.write_text(text)
    right.PAYPAL_WEBHOOK_CA = str(file)
    assert found() == ["payments.E001"]


def test_a_trust_file_with_one_is_right(paypal_sandbox: Any, right: Any) -> None:
    right.PAYPAL_WEBHOOK_CA = str(paypal_sandbox.ca_pem)
    assert found() == []
