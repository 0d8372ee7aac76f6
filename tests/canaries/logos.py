"""Logos that PostgreSQL must refuse: for each guard the table whose newest row is copied, with what."""

from typing import Any

from accounts.models import Logo, LogoInvitation, LogoManager, LogoPicture, User
from privacy import clock
from tests.accounts.conftest import person

#: An account that manages no logo, and a logo without pictures, both older than all others.
UNMANAGED, BARE = -1, -1
TABLES = ("accounts_logo", "accounts_logopicture", "accounts_logomanager", "accounts_logoinvitation")
#: What makes a copy of a row a legal row of its own.
OWN: dict[str, dict[str, Any]] = {
    "accounts_logo": {},
    "accounts_logopicture": {"size": "small", "name": "other"},
    "accounts_logomanager": {"user_id": UNMANAGED},
    "accounts_logoinvitation": {"logo_id": BARE, "link_hash": "other"},
}
COPIES: dict[str, tuple[str, dict[str, Any]]] = {
    "logo_state_known": ("accounts_logo", {"state": "lost", "reason": ""}),
    "logo_decided_has_time": ("accounts_logo", {"decided_at": None}),
    "logo_declined_has_reason": ("accounts_logo", {"reason": ""}),
    "accounts_logo_revision_check": ("accounts_logo", {"revision": -1}),
    "logopicture_one_of_size": ("accounts_logopicture", {"size": "full"}),
    "accounts_logopicture_name_key": ("accounts_logopicture", {"name": "first"}),
    "accounts_logopicture_width_check": ("accounts_logopicture", {"width": -1}),
    "accounts_logopicture_height_check": ("accounts_logopicture", {"height": -1}),
    "accounts_logoinvitation_link_hash_key": ("accounts_logoinvitation", {"link_hash": "first"}),
}
#: A decision that leaves out the look: what was declined has to be handed in again first.
MOVE = {"state": "published", "reason": ""}
#: Triggers that write dates, and the one that takes a logo along with its last manager: tests/accounts/branding.
WRITES = {"accounts_logo_expires_at", "accounts_logoinvitation_expires_at", "accounts_logomanager_last"}


def make() -> None:
    """One row of each, each legal."""
    User.objects.create(pk=UNMANAGED, email="unmanaged@example.com")
    Logo.objects.create(pk=BARE, company="Other GmbH")
    declined = {"state": "declined", "decided_at": clock.now(), "reason": "It is too small."}
    logo = Logo.objects.create(company="Nordhafen GmbH", **declined)
    drawn = {"kind": "PNG", "width": 9, "height": 9, "content": b"drawn"}
    LogoPicture.objects.create(logo=logo, size="full", name="first", **drawn)
    LogoManager.objects.create(logo=logo, user=person("lou@example.com"))
    LogoInvitation.objects.create(logo=logo, link_nonce="00000000-0000-4000-8000-000000000000", link_hash="first")
