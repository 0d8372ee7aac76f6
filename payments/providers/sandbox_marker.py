"""Refuses the answers of the project's own sandboxes in production."""

from collections.abc import Mapping

from payments.providers.base import ProviderError
from shop import sandbox_marker


def check(headers: Mapping[str, str]) -> None:
    """Raises ProviderError for a sandbox's answer where sandboxes aren't allowed: no money has moved."""
    if sandbox_marker.is_refused(headers):
        raise ProviderError("sandbox_in_production", permanent=False)
