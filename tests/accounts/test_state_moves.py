"""Every pair of a key's states, tried in raw SQL: exactly the moves of the table beside the enum pass."""

from itertools import permutations

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import license_keys
from accounts.models import LicenseKey
from privacy import clock
from tests.accounts import purchases

pytestmark = pytest.mark.django_db
PAIRS = list(permutations(LicenseKey.State.values, 2))


def key(state: str, **fields: object) -> LicenseKey:
    """A sealed key from a pool, which belongs to nobody: as such it may be in any state."""
    sealed = license_keys.sealed("POOL-1")
    return LicenseKey.objects.create(
        edition=purchases.edition(pool=0), state=state, **{"assigned_at": clock.now(), **sealed, **fields}
    )


def move(made: LicenseKey, end: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_licensekey SET state = %s WHERE id = %s", [end, made.pk])


@pytest.mark.parametrize(("start", "end"), PAIRS)
def test_exactly_the_allowed_moves_pass(start: str, end: str) -> None:
    made = key(start)
    if end in LicenseKey.TRANSITIONS.get(start, frozenset()):
        move(made, end)
        made.refresh_from_db()
        assert made.state == end
    else:
        with pytest.raises(IntegrityError, match="no way from"):
            move(made, end)


@pytest.mark.parametrize("start", ["assigned", "suspended"])
def test_a_key_that_was_shown_never_goes_back_to_stock(start: str) -> None:
    with pytest.raises(IntegrityError, match="licensekey_shown_is_never_available"):
        move(key(start, opened_at=clock.now()), "available")


@pytest.mark.parametrize("start", ["assigned", "suspended"])
def test_a_key_that_was_made_for_a_sale_never_goes_to_stock(start: str) -> None:
    with pytest.raises(IntegrityError, match="licensekey_generated_is_never_stock"):
        move(key(start, is_generated=True), "available")
