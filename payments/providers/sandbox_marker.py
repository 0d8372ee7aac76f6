"""The mark that the project's own sandboxes put on every answer. Production takes no answer that bears it."""

from collections.abc import Mapping

from django.conf import settings

from payments.providers.base import ProviderError

HEADER = "X-AzureOps-Sandbox"


def check(headers: Mapping[str, str]) -> None:
    """Raises ProviderError for a sandbox's answer where sandboxes aren't allowed: no money has moved."""
    if not settings.ALLOW_SANDBOX and any(name.lower() == HEADER.lower() for name in headers):
        raise ProviderError("sandbox_in_production", permanent=False)
