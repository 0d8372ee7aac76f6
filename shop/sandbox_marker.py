"""The mark that the project's own sandboxes put on every answer. Production takes no answer that bears it."""

from collections.abc import Mapping

from django.conf import settings

HEADER = "X-AzureOps-Sandbox"


def is_refused(headers: Mapping[str, str]) -> bool:
    """Whether an answer with these headers is a sandbox's, where sandboxes aren't allowed (`ALLOW_SANDBOX`)."""
    return not settings.ALLOW_SANDBOX and any(name.lower() == HEADER.lower() for name in headers)
