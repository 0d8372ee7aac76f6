"""One deletion of a person at a time: advisory locks of PostgreSQL, one for each address and account."""

import hashlib
import hmac

from django.conf import settings
from django.db import connection

from privacy.people import Person


def try_person(person: Person) -> bool:
    """Takes the person's locks until the transaction ends; False where somebody else has one of them.

    The locks are keyed hashes, so that whoever sees the list of locks learns no address, and are taken in order.
    """
    with connection.cursor() as cursor:
        for key in keys(person):
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [key])
            if not cursor.fetchone()[0]:
                return False
    return True


def keys(person: Person) -> list[int]:
    """The numbers of the person's locks, each 64 bits, in the order in which they are taken."""
    names = [*(f"address:{address}" for address in person.addresses), *(f"user:{user}" for user in person.users)]
    digests = (
        hmac.digest(settings.SECRET_KEY.encode(), f"erasure-lock:{name}".encode(), hashlib.sha256) for name in names
    )
    return sorted(int.from_bytes(digest[:8], "big", signed=True) for digest in digests)
