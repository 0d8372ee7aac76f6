"""A license that belongs to no account and to no order is added to an account by its opened key.

When an order's period has ended, nothing says any more whose license it was: whoever has the key has the right to use
it. A key that was opened is known to its buyer; a sealed one is known to nobody, and is opened by the order's link.
"""

from django.db import transaction

from accounts import license_keys
from accounts.models import License, LicenseKey, User

#: One sentence for every key that can't be added, so that nobody learns which keys exist, and whose they are.
REFUSED = "We can’t add a license by this key. Check it against the mail or the page that showed it."


class NotClaimable(Exception):
    """The key adds no license. The text is a sentence for whoever typed it."""


@transaction.atomic
def claim(text: str, *, user: User) -> License:
    """Adds the license of this key to the account; gives it back quietly where it is there already.

    Raises NotClaimable, with the same words for a key that is unknown, sealed, revoked, an order's or somebody else's.
    """
    found = LicenseKey.objects.filter(digest=license_keys.digest(text)).first()
    if found is None or found.license_id is None:
        raise NotClaimable(REFUSED)
    # The license is the lock: of two accounts that type one key at once, the second sees that it is taken.
    granted = License.objects.select_for_update(of=("self",)).get(pk=found.license_id)
    if granted.user_id == user.pk:
        return granted
    is_open = granted.license_keys.filter(
        pk=found.pk, state=LicenseKey.State.ASSIGNED, opened_at__isnull=False, unit__isnull=True
    ).exists()
    if not is_open or granted.user_id is not None or granted.unit_id is not None:
        raise NotClaimable(REFUSED)
    granted.user = user
    granted.save(update_fields=["user"])
    return granted
