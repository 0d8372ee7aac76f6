"""Whom a deletion is about, sealed: what notice and second scan need after everything else of the person is gone.

Address, further addresses, accounts, rows that stay, and whatever else only the person has (a VAT number, names) are
encrypted as one under a key of their own, on a row of the request. Destroying that key destroys them, in every copy of
the row that has no key.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacy import clock
from privacy.models import DeletionRequest, RequestAddress, SealedAddress
from privacy.people import Person
from privacy.residue import Identifier, Kind, identifiers, openers

_NONCE_LENGTH = 12


@dataclass(frozen=True)
class Sealed:
    """What was sealed: where the notice goes, the person, and identifiers that were read before the erasure.

    `kept` are keys, by model, of rows that stay restricted: what is cut from an account, and names another address, is
    found by nothing else.
    """

    address: str
    person: Person
    known: frozenset[Identifier]
    kept: Mapping[str, frozenset[Any]]


def seal(request_id: int, person: Person, kept: Mapping[str, Iterable[Any]]) -> None:
    """Seals what is known of the person now, with the keys of rows that stay; what was sealed before stays sealed.

    Needs a transaction.
    """
    row = SealedAddress.objects.select_for_update().filter(request=request_id).first()
    before = _opened(row) if row else None
    proven = RequestAddress.objects.filter(subject__request=request_id, proved_at__isnull=False).order_by("id")
    address = before.address if before else proven.values_list("address", flat=True).first() or ""
    known = identifiers.of(person) | (before.known if before else frozenset())
    whole = Person(
        person.users | (before.person.users if before else frozenset()),
        person.addresses | (before.person.addresses if before else frozenset()),
    )
    stays = {label: frozenset(keys) for label, keys in kept.items()}
    for label, keys in before.kept.items() if before else ():
        stays[label] = stays.get(label, frozenset()) | keys
    key = AESGCM.generate_key(256)
    values = {"ciphertext": _closed(Sealed(address, whole, known, stays), key, request_id), "key": key}
    SealedAddress.objects.update_or_create(
        request_id=request_id, defaults=values | {"sealed_at": clock.now(), "key_destroyed_at": None}
    )


def of_request(request_id: int) -> Sealed | None:
    """What was sealed, or None where nothing was or its key is destroyed."""
    row = SealedAddress.objects.filter(request=request_id).first()
    return _opened(row) if row else None


def destroy(request_id: int) -> None:
    """Destroys the key: what it sealed can't be read any more."""
    SealedAddress.objects.filter(request=request_id, key__isnull=False).update(key=None, key_destroyed_at=clock.now())


def put_back(request_id: int, key: bytes) -> None:
    """Undoes `destroy` in the same transaction."""
    SealedAddress.objects.filter(request=request_id).update(key=key, key_destroyed_at=None)


@openers.of(SealedAddress, "ciphertext")
def content_of(row: SealedAddress) -> bytes | None:
    """For the residue scan: what is sealed, as long as somebody could read it."""
    return _plain(row)


def person_of(request: DeletionRequest) -> Person:
    """The person as sealed; nobody where that can't be read."""
    sealed = of_request(request.pk)
    return sealed.person if sealed else Person(frozenset(), frozenset())


def _closed(sealed: Sealed, key: bytes, request_id: int) -> bytes:
    said = {
        "address": sealed.address,
        "addresses": sorted(sealed.person.addresses),
        "users": sorted(sealed.person.users),
        "kept": {label: sorted(keys) for label, keys in sealed.kept.items()},
        "known": sorted([str(one.kind), one.value] for one in sealed.known if one.kind is not Kind.HASH),
    }
    nonce = os.urandom(_NONCE_LENGTH)
    return nonce + AESGCM(key).encrypt(nonce, json.dumps(said).encode(), _about(request_id))


def _opened(row: SealedAddress) -> Sealed | None:
    content = _plain(row)
    if content is None:
        return None
    said = json.loads(content)
    known = frozenset(Identifier(Kind(kind), value) for kind, value in said["known"])
    person = Person(frozenset(said["users"]), frozenset(said["addresses"]))
    return Sealed(
        said["address"], person, known, {label: frozenset(keys) for label, keys in said.get("kept", {}).items()}
    )


def _plain(row: SealedAddress) -> bytes | None:
    if row.key is None:
        return None
    blob = bytes(row.ciphertext)
    try:
        return AESGCM(bytes(row.key)).decrypt(blob[:_NONCE_LENGTH], blob[_NONCE_LENGTH:], _about(row.request_id))
    except InvalidTag:
        return None  # moved from another request: nobody can read it


def _about(request_id: int) -> bytes:
    return f"deletion request {request_id}".encode()
