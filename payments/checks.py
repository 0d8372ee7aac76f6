"""`manage.py check` looks at the providers' keys: what can't work, and what would move real money by mistake."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography import x509
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as CheckWarning

from payments import providers


@register("payments")
def keys_fit_together(app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Live keys in development; keys without what verifies their webhooks; a trust file that holds no certificate."""
    found: list[CheckMessage] = []
    for name in ("stripe", "paypal"):
        provider = providers.get(name)
        if settings.DEBUG and provider.is_configured() and provider.is_live():
            found.append(
                CheckWarning(
                    f"DEBUG is on and the keys of {name} are live: real money would move.",
                    hint="Use test keys, or unset DEBUG.",
                    id="payments.W001",
                )
            )
    webhook_settings = {"stripe": "STRIPE_WEBHOOK_SECRET", "paypal": "PAYPAL_WEBHOOK_ID"}
    found += [
        CheckWarning(
            f"{setting} isn't set: webhooks of {name} are refused; payments settle by return page and reconciler.",
            hint=f"Set {setting} to what {name} shows for the address of the webhook.",
            id="payments.W002",
        )
        for name, setting in webhook_settings.items()
        if providers.get(name).is_configured() and not getattr(settings, setting)
    ]
    if bool(settings.BANK_TRANSFER_IBAN) != bool(settings.BANK_TRANSFER_HOLDER):
        found.append(
            CheckWarning(
                "Of BANK_TRANSFER_IBAN and BANK_TRANSFER_HOLDER only one is set: bank transfers aren't offered.",
                hint="Set both, or neither.",
                id="payments.W003",
            )
        )
    if settings.PAYPAL_WEBHOOK_CA and not _holds_certificates(settings.PAYPAL_WEBHOOK_CA):
        found.append(
            Error(
                "PAYPAL_WEBHOOK_CA names a file that holds no certificate, so no webhook of PayPal can be trusted.",
                hint="Name a PEM file of trusted roots, or leave it unset for the system's.",
                id="payments.E001",
            )
        )
    return found


def _holds_certificates(path: str) -> bool:
    try:
        return bool(x509.load_pem_x509_certificates(Path(path).read_bytes()))
    except (OSError, ValueError):
        return False
