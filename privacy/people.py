"""Whose data it is: the accounts and the addresses of one person, and the rows that are theirs.

`privacy` knows no account. The app that keeps them says which addresses an account has confirmed (`register`).
"""

from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Lower

from privacy import inventory


class Accounts(Protocol):
    """What is asked about accounts. Addresses are in lower case."""

    def addresses_of(self, user_id: int) -> frozenset[str]:
        """The addresses that this account has confirmed."""

    def with_address(self, address: str) -> frozenset[int]:
        """The accounts that have confirmed this address."""

    def closed(self) -> QuerySet[Any]:
        """The accounts that were closed: rows that still point at one belong to whoever has their address."""


_answers: list[Accounts] = []


def register(answers: Accounts) -> None:
    """Names who answers."""
    _answers[:] = [answers]


@dataclass(frozen=True)
class Person:
    """One person: accounts by id, and addresses in lower case that are known to be theirs."""

    users: frozenset[int]
    addresses: frozenset[str]


def of_account(user_id: int) -> Person:
    """The person of an account: with every address that the account has confirmed, and with no other."""
    return Person(frozenset({user_id}), _answers[0].addresses_of(user_id))


def of_address(email: str) -> Person:
    """The person of an address in any casing: with the accounts that have confirmed it, and their other addresses."""
    address = email.strip().lower()
    users = _answers[0].with_address(address)
    theirs = [_answers[0].addresses_of(user_id) for user_id in sorted(users)]
    return Person(users, frozenset({address}).union(*theirs))


def rows_of(model: type[Model], person: Person) -> QuerySet[Any]:
    """The rows of a model that are this person's; none where the model has no way to a person.

    A row is theirs by the account it is linked to, or by its address where it is linked to no account. A row of
    somebody else's account that merely mentions the address isn't: it is that other person's as well (GDPR Art. 15(4)).
    Each way has its own query, so that each can use its own index, and the two are one statement.
    """
    rows: QuerySet[Any] = QuerySet(model)
    declaration = inventory.declaration_of(model)
    subject = declaration.subject if declaration else None
    ways = []
    if subject and subject.user and person.users:
        ways.append(rows.filter(**{f"{subject.user}__in": person.users}))
    if subject and subject.email and person.addresses:
        by_address = rows.annotate(_address=Lower(subject.email)).filter(_address__in=person.addresses)
        ways.append(by_address.filter(_nobodys(subject.user)) if subject.user else by_address)
    if not ways:
        return rows.none()
    if len(ways) == 1 and "__" not in (subject.user or subject.email if subject else ""):
        return ways[0].order_by("pk")  # by a column of its own, no row is found twice
    first, *others = [way.order_by().values("pk") for way in ways]
    return rows.filter(pk__in=first.union(*others)).order_by("pk")


def _nobodys(user: str) -> Q:
    return Q(**{f"{user}__isnull": True}) | Q(**{f"{user}__in": _answers[0].closed()})
