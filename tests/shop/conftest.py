"""The register of VAT numbers, as the shop asks it."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.running import ViesSandbox


@pytest.fixture
def vies_sandbox(settings: Any) -> Iterator[ViesSandbox]:
    """Every number is valid until it is struck off."""
    with ViesSandbox() as sandbox:
        settings.ALLOW_SANDBOX = True
        settings.VIES_URL, settings.VAT_NUMBER = sandbox.service, "DE136695976"
        yield sandbox
