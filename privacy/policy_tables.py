"""The tables of the policy, derived from the inventory: what is kept and for how long, cookies, recipients."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Model

from privacy import inventory, keep_words, places
from privacy.inventory import Category, Personal, Reader
from privacy.policy_document import Table
from privacy.purposes import STAFF_WORK

HEAD = ("What", "Why", "Legal ground", "How long", "Who sees it")

#: Who sees something, as the policy says it to the customer.
_READERS = {
    Reader.CUSTOMER: "you",
    Reader.SHOP_MANAGER: "Shop Managers",
    Reader.ADMINISTRATOR: "Administrators",
    Reader.SUPPORT: "Support, through a case",
    Reader.EVERYBODY: "everybody, once it is published",
}


@dataclass(frozen=True)
class Holding:
    """Columns of one thing that share purpose, period and readers: a row of the table."""

    about: str
    purpose: inventory.Purpose
    keep: str
    readers: frozenset[Reader]

    def cells(self, categories: Iterable[Category]) -> tuple[str, ...]:
        """The row, with the categories in their fixed order."""
        what = ", ".join(category for category in Category if category in set(categories))
        return (
            f"{_upper(self.about)}: {what}",
            _upper(self.purpose.words),
            _upper(self.purpose.basis),
            _upper(self.keep),
            readers(self.readers),
        )


def personal_columns() -> Iterator[tuple[type[Model], str, Personal]]:
    """Every personal column: its model, its name, its declaration."""
    for model in inventory.stored_models():
        declaration = inventory.declaration_of(model)
        for name, column in declaration.columns() if declaration else ():
            if isinstance(column, Personal):
                yield model, name, column


def kept() -> Table:
    """What is kept of customers: what, why, on which ground, how long, and who sees it. Rows, not columns, by thing."""
    return Table("What we keep about you", HEAD, _rows(lambda column: column.purpose is not STAFF_WORK))


def kept_of_staff() -> Table:
    """The same of the people who run the shop."""
    return Table(
        "What we keep about the people who run the shop", HEAD, _rows(lambda column: column.purpose is STAFF_WORK)
    )


def _rows(belongs: Callable[[Personal], bool]) -> tuple[tuple[str, ...], ...]:
    found: dict[Holding, set[Category]] = {}
    for model, _name, column in personal_columns():
        if not belongs(column):
            continue
        keep = keep_words.of(model, column.keep)
        holding = Holding(inventory.about(model), column.purpose, keep, column.readers)
        found.setdefault(holding, set()).add(column.category)
    return tuple(sorted(holding.cells(categories) for holding, categories in found.items()))


def cookies() -> Table:
    """What the shop's pages keep in a visitor's browser, with its ground: strictly necessary, or after a yes."""
    rows = [
        (
            cookie.name,
            cookie.words,
            "After your yes" if cookie.needs_yes else "Needed",
            _upper(keep_words.span(cookie.lasts)),
        )
        for cookie in places.all_of(places.Cookie)
    ]
    rows += [
        (kept.name, kept.words, "Needed", f"{_upper(kept.lasts)}; no cookie, it isn’t sent to us")
        for kept in places.all_of(places.BrowserStorage)
        if not kept.for_staff
    ]
    return Table("What stays in your browser", ("Name", "What for", "When", "How long"), tuple(rows))


def recipients() -> Table:
    """Whom data is passed to. Who isn't used yet is passed nothing and isn't named."""
    rows = tuple(
        (
            f"{_upper(recipient.name)}, {recipient.role}",
            _upper(recipient.passed),
            _upper(recipient.purpose.words),
            _where(recipient),
            f"[{recipient.title}’s privacy policy]({recipient.policy_url})" if recipient.policy_url else "—",
        )
        for recipient in places.all_of(places.Recipient)
        if recipient.is_used
    )
    return Table("Who else gets data", ("Who", "What", "Why", "Where", "Its own policy"), rows)


def readers(who: frozenset[Reader]) -> str:
    """Who sees something, in words; things that no person sees, such as hashes, say so."""
    return _upper("; ".join(words for reader, words in _READERS.items() if reader in who) or "no person")


def _where(recipient: places.Recipient) -> str:
    return f"{_upper(recipient.country)}; {recipient.transfer}" if recipient.transfer else _upper(recipient.country)


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
