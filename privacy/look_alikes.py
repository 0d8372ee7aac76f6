"""Who may be the same person as one that is known: offered to support, never merged by itself.

An address with another part behind a plus, or the same name at the same company, is a hint and no proof: a namesake and
a shared mailbox look the same. So what is found here leads to no data before its own address has been proven.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Lower

from privacy import inventory
from privacy.exports import presenters
from privacy.inventory import Category, Personal

#: More than this says nothing: a name like that is everybody's.
MOST = 20
PLUS, NAMESAKE = "the same address but for what follows a plus", "the same name and company"


@dataclass(frozen=True)
class LookAlike:
    """Another address, why it looks alike, and what is kept of it in counts ("2 orders")."""

    address: str
    why: str
    has: str


#: Finds addresses by what people call a thing of theirs: an order's number, the number of an account.
Finder = Callable[[str], list[str]]
_finders: dict[str, Finder] = {}


def register_finder(word: str, finder: Finder) -> None:
    """Lets support find a person by a `word`, such as "order number"."""
    _finders[word] = finder


def found_by(typed: str) -> list[LookAlike]:
    """The people that `typed` leads to: an address in any casing, or a number that an app knows."""
    term = typed.strip()
    if "@" in term:
        rows = _counted(lambda email: Q(**{email: term.lower()}))
        return _named(rows, "this address")
    found = {address.lower(): word for word, finder in _finders.items() for address in finder(term)}
    return [one for address, word in found.items() for one in _named(_counted_of({address}), f"this {word}")]


def of(addresses: frozenset[str]) -> list[LookAlike]:
    """Those that look like the person of these addresses, and aren't known to be."""
    if not addresses:
        return []
    plus = _named(_counted(lambda email: reduce(or_, (_plus(email, one) for one in addresses))), PLUS)
    names = _named(_counted_of(_namesakes(addresses)), NAMESAKE)
    known = {one.address for one in plus} | addresses
    found = [*plus, *(one for one in names if one.address not in known)]
    return [one for one in found if one.address not in addresses][:MOST]


def _plus(email: str, address: str) -> Q:
    mailbox, _, host = address.rpartition("@")
    base = mailbox.split("+", maxsplit=1)[0]
    return Q(**{email: f"{base}@{host}"}) | Q(**{f"{email}__startswith": f"{base}+", f"{email}__endswith": f"@{host}"})


def _namesakes(addresses: frozenset[str]) -> set[str]:
    """The addresses of rows with the name and the company of a row of these."""
    found: set[str] = set()
    for model, email, name, company in _with_name_and_company():
        rows = _rows(model).annotate(_email=Lower(email))
        theirs = rows.filter(_email__in=addresses).exclude(**{name: ""}).exclude(**{company: ""})
        pairs = set(theirs.values_list(name, company)[:MOST])
        for other, other_email, other_name, other_company in _with_name_and_company() if pairs else ():
            same = reduce(or_, (Q(**{f"{other_name}__iexact": n, f"{other_company}__iexact": c}) for n, c in pairs))
            alike = _rows(other).filter(same).annotate(_email=Lower(other_email))
            found |= set(alike.order_by().values_list("_email", flat=True).distinct()[: MOST + 1])
    return found - addresses


def _with_name_and_company() -> Iterator[tuple[Any, str, str, str]]:
    """Each model that holds an address, a name and a company side by side, and the names of the three columns."""
    for model, email in _with_address():
        declaration = inventory.declaration_of(model)
        of_kind: dict[Category, str] = {}
        for name, column in declaration.columns() if declaration else ():
            if isinstance(column, Personal):
                of_kind.setdefault(column.category, name)
        if Category.NAME in of_kind and Category.COMPANY in of_kind:
            yield model, email, of_kind[Category.NAME], of_kind[Category.COMPANY]


def _with_address() -> Iterator[tuple[Any, str]]:
    """Each model whose rows are found by an address of their own."""
    for model in inventory.stored_models():
        declaration = inventory.declaration_of(model)
        email = declaration.subject.email if declaration and declaration.subject else ""
        if email and "__" not in email and model._meta.app_label != "privacy":
            yield model, email


def _rows(model: type[Model]) -> QuerySet[Any]:
    return QuerySet(model)


def _counted_of(addresses: set[str]) -> dict[str, Counter[type[Model]]]:
    return _counted(lambda email: Q(**{f"{email}__in": addresses})) if addresses else {}


def _counted(condition: Callable[[str], Q]) -> dict[str, Counter[type[Model]]]:
    """How many rows of which model each address has, where the lower-case address fits; of the first ones."""
    found: dict[str, Counter[type[Model]]] = {}
    for model, email in _with_address():
        rows = _rows(model).annotate(_look=Lower(email)).filter(condition("_look"))
        for address in rows.order_by("pk").values_list("_look", flat=True)[: MOST * 10]:
            found.setdefault(address, Counter())[model] += 1
    return found


def _named(found: dict[str, Counter[type[Model]]], why: str) -> list[LookAlike]:
    return [LookAlike(address, why, _words(counts)) for address, counts in sorted(found.items())]


def _words(counts: Counter[type[Model]]) -> str:
    words = {presenter.model: presenter for presenter in presenters.all_presenters()}
    said = [
        f"{count} {words[model].one if count == 1 else words[model].many}"
        for model, count in counts.items()
        if model in words
    ]
    return ", ".join(said)
