"""Keyed hashes of addresses: by them the journal recognises a person whom it doesn't name."""

import hmac
from collections.abc import Iterable

from privacy.link_tokens import derived, secrets
from privacy.people import Person

_PURPOSE = b"erasure journal: person"
_LENGTH = 16  # bytes


def person_hashes(person: Person) -> list[str]:
    """The hashes of the addresses of a person, in order."""
    return sorted(_hash(address, secrets()[0]) for address in person.addresses)


def is_any_of(addresses: Iterable[str], hashes: Iterable[str]) -> bool:
    """Whether one of these addresses is behind one of the hashes, under the secret in force or an earlier one."""
    known = frozenset(hashes)
    return any(_hash(address, secret) in known for address in addresses for secret in secrets())


def _hash(address: str, secret: str) -> str:
    return hmac.digest(derived(secret, _PURPOSE), address.strip().lower().encode(), "sha256")[:_LENGTH].hex()
