"""What is kept of a person, counted by kind: the short answer to the question that an export answers at length."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, ForeignKey, Max, Min, QuerySet

from privacy import inventory, keep_words
from privacy.exports import presenters, words
from privacy.exports.people import Person, rows_of
from privacy.exports.presenters import Presenter
from privacy.inventory import Days, Years

#: So many rows show their values; whoever has more sees them in the export.
MOST_SHOWN = 5


@dataclass(frozen=True)
class Holding:
    """The rows of one kind: how many, why, until when, their values where those say more, and where to correct them."""

    title: str
    amount: str
    values: list[tuple[str, str]]
    why: list[str]
    until: list[str]
    correct_at: str


def of(person: Person) -> list[Holding]:
    """What there is, in the order in which people read it; kinds of which there is nothing are left out.

    One query a kind, and one more for each whose values are shown.
    """
    found = [(presenter, *_counted(presenter, person)) for presenter in presenters.all_presenters()]
    return [_holding(presenter, rows, counted) for presenter, rows, counted in found if counted["count"]]


def _counted(presenter: Presenter, person: Person) -> tuple[QuerySet[Any], dict[str, Any]]:
    rows = presenter.joined(rows_of(presenter.model, person))
    at = _end_of_row(presenter)
    ends = {"first": Min(at), "last": Max(at)} if at else {}
    return rows, rows.aggregate(count=Count("pk"), **ends)


def _end_of_row(presenter: Presenter) -> str:
    """The column that says when a row goes, if there is one."""
    declaration = inventory.declaration_of(presenter.model)
    row = declaration.row if declaration else None
    return row.at if isinstance(row, Years | Days) else ""


def _holding(presenter: Presenter, rows: QuerySet[Any], counted: dict[str, Any]) -> Holding:
    columns = [column for _, column in presenter.columns()]
    count = counted["count"]
    return Holding(
        title=presenter.title,
        amount=f"1 {presenter.one}" if count == 1 else f"{count:,} {presenter.many}",
        values=_values(presenter, rows) if presenter.has_values else [],
        why=list(dict.fromkeys(column.purpose.words for column in columns)),
        until=[
            *_ends(counted.get("first"), counted.get("last")),
            *dict.fromkeys(keep_words.of(presenter.model, column.keep) for column in columns),
        ],
        correct_at=presenter.correct_at,
    )


def _values(presenter: Presenter, rows: QuerySet[Any]) -> list[tuple[str, str]]:
    shown = [
        (presenter.label(field.name), presenter.words(field, getattr(row, field.attname)))
        for row in rows[:MOST_SHOWN]
        for field, _ in presenter.columns()
        if not isinstance(field, ForeignKey)
    ]
    return [(label, value) for label, value in shown if value != words.EMPTY]


def _ends(first: datetime | None, last: datetime | None) -> list[str]:
    if first is None or last is None:
        return []
    if first.date() == last.date():
        return [f"until {words.day(first)}"]
    return [f"the first until {words.day(first)}, the last until {words.day(last)}"]
