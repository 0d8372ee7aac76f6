"""Who works at the desk of deletion requests."""

import pytest
from django.test import Client

from accounts import roles
from privacy.admin import deletion_deeds
from tests import desk
from tests.attacks.test_ownership import entered


@pytest.fixture
def support() -> Client:
    """A member of Support who has just shown again who it is."""
    return entered(desk.person(roles.SUPPORT))


@pytest.fixture
def carried_out_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker isn't nudged."""
    monkeypatch.setattr(deletion_deeds, "nudge", lambda task: None)
