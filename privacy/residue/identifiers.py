"""What the scan looks for: what belongs to one person alone, and what only may be theirs.

An address, a VAT number and a token are *unique*: where one is found, something is left. A name, a company and a street
are *candidates*: others may bear them, so support clears or erases each place.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from privacy import inventory, mail_addresses, rate_limits
from privacy.inventory import Category, Personal
from privacy.people import Person, rows_of


class Kind(StrEnum):
    """What an identifier is. Reports name it instead of the value."""

    EMAIL = "e-mail address"
    VAT_NUMBER = "VAT number"
    TOKEN = "token"  # noqa: S105  (a word, no secret)
    HASH = "hash of an address"
    NAME = "name"
    COMPANY = "company"
    STREET = "street"
    OTHER_EMAIL = "another e-mail address"
    UNREADABLE = "something that can't be read whole"

    @property
    def is_unique(self) -> bool:
        return self in {Kind.EMAIL, Kind.VAT_NUMBER, Kind.TOKEN, Kind.HASH}


@dataclass(frozen=True, order=True)
class Identifier:
    """A value to look for. It never leaves the memory of the process that scans."""

    kind: Kind
    value: str


#: Shorter values stand everywhere and say nothing.
SHORTEST = {Kind.TOKEN: 16, Kind.NAME: 4, Kind.COMPANY: 4, Kind.STREET: 6}
_KINDS = {
    Category.EMAIL: Kind.OTHER_EMAIL,
    Category.TAX_NUMBER: Kind.VAT_NUMBER,
    Category.CREDENTIAL: Kind.TOKEN,
    Category.NAME: Kind.NAME,
    Category.COMPANY: Kind.COMPANY,
    Category.ADDRESS: Kind.STREET,
}
_TEXTS = {"CharField", "TextField", "EmailField"}
#: So many rows of one model are read: a person's values repeat themselves.
MOST_ROWS = 2_000


def of_addresses(addresses: Iterable[str]) -> frozenset[Identifier]:
    """The addresses themselves, both spellings of an international domain, and every hash that the shop could make."""
    found: set[Identifier] = set()
    # Whatever is read is composed first (`readings`), so that the other form needs no look of its own.
    for spelled in {unicodedata.normalize("NFC", spelled) for spelled in mail_addresses.spellings(addresses)}:
        found.add(Identifier(Kind.EMAIL, spelled))
        found |= {Identifier(Kind.HASH, digest) for digest in _hashes(spelled)}
    return frozenset(found)


def of(person: Person) -> frozenset[Identifier]:
    """All that is known of a person now. Read it **before** anything is erased: afterwards only addresses are known."""
    found = set(of_addresses(person.addresses))
    known = {identifier.value for identifier in found}
    for model in inventory.stored_models():
        found |= {one for one in _of_model(model, person) if one.value.lower() not in known}
    return frozenset(found)


def _of_model(model: Any, person: Person) -> Iterator[Identifier]:
    declaration = inventory.declaration_of(model)
    if declaration is None or declaration.subject is None:
        return
    fields = {field.name: field for field in inventory.stored_fields(model)}
    kinds = {
        name: _KINDS[column.category]
        for name, column in declaration.columns()
        if isinstance(column, Personal)
        and column.category in _KINDS
        and name in fields
        and fields[name].get_internal_type() in _TEXTS
    }
    if not kinds:
        return
    for row in rows_of(model, person).values_list(*kinds)[:MOST_ROWS]:
        for kind, value in zip(kinds.values(), row, strict=True):
            yield from _identifier(kind, " ".join((value or "").split()))


def _identifier(kind: Kind, value: str) -> Iterator[Identifier]:
    if len(value) < SHORTEST.get(kind, 4):
        return
    if kind is Kind.STREET and not (any(c.isdigit() for c in value) and any(c.isalpha() for c in value)):
        return  # a town, a region, a postal code: thousands live there
    yield Identifier(kind, unicodedata.normalize("NFC", value))


def _hashes(address: str) -> Iterator[str]:
    """The hashes in hex: plain ones, as packages make them for keys of the cache, and the shop's own keyed one."""
    encoded = address.encode()
    for algorithm in ("sha256", "sha1", "md5"):
        yield hashlib.new(algorithm, encoded, usedforsecurity=False).hexdigest()
    yield rate_limits.fingerprint(address)
