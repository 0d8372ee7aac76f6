"""What is kept of a person, counted by kind: the short answer to the question that an export answers at length."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, Count, ForeignKey, Max, Min, QuerySet

from privacy import keep_words
from privacy.exports import presenters, words
from privacy.exports.presenters import Presenter
from privacy.inventory import Days, Keep, Years
from privacy.people import Person

#: So many rows show their values; whoever has more sees them in the export.
MOST_SHOWN = 5


@dataclass(frozen=True)
class Until:
    """How long some columns are kept. `what` names them, and is empty where it is all of them."""

    what: str
    words: str


@dataclass(frozen=True)
class Holding:
    """The rows of one kind: how many, why, until when, their values where those say more, and where to correct them."""

    title: str
    amount: str
    values: list[tuple[str, str]]
    why: list[str]
    until: list[Until]
    correct_at: str


def of(person: Person) -> list[Holding]:
    """What there is, in the order in which people read it; kinds of which there is nothing are left out.

    One query a kind, and one more for each whose values are shown.
    """
    found = [_holding(presenter, person) for presenter in presenters.all_presenters()]
    return [holding for holding in found if holding is not None]


def _holding(presenter: Presenter, person: Person) -> Holding | None:
    rows = presenter.joined(presenter.rows(person))
    periods = _periods(presenter)
    counted = rows.aggregate(count=Count("pk"), **_ends(periods))
    count = counted["count"]
    if not count:
        return None
    return Holding(
        title=presenter.title,
        amount=f"1 {presenter.one}" if count == 1 else f"{count:,} {presenter.many}",
        values=_values(presenter, rows) if presenter.has_values else [],
        why=list(dict.fromkeys(column.purpose.words for _, column in presenter.columns())),
        until=[
            Until(", ".join(names) if len(periods) > 1 else "", _said(presenter, keep, counted))
            for keep, names in periods.items()
        ],
        correct_at=presenter.correct_at,
    )


def _periods(presenter: Presenter) -> dict[Keep, list[str]]:
    """The columns by their period."""
    found: dict[Keep, list[str]] = {}
    for field, column in presenter.columns():
        found.setdefault(column.keep, []).append(presenter.label(field.name))
    return found


def _ends(periods: Iterable[Keep]) -> dict[str, Aggregate]:
    """The first and the last day of each period whose end stands on the rows."""
    dated = {keep.at for keep in periods if isinstance(keep, Years | Days) and keep.at}
    return {f"first_{at}": Min(at) for at in dated} | {f"last_{at}": Max(at) for at in dated}


def _said(presenter: Presenter, keep: Keep, counted: dict[str, Any]) -> str:
    at = keep.at if isinstance(keep, Years | Days) else ""
    first, last = counted.get(f"first_{at}"), counted.get(f"last_{at}")
    if first is None or last is None:
        return keep_words.of(presenter.model, keep)
    if first.date() == last.date():
        return f"until {words.day(first)}"
    return f"the first until {words.day(first)}, the last until {words.day(last)}"


def _values(presenter: Presenter, rows: QuerySet[Any]) -> list[tuple[str, str]]:
    shown = [
        (presenter.label(field.name), presenter.words(field, getattr(row, field.attname)))
        for row in rows[:MOST_SHOWN]
        for field, _ in presenter.columns()
        if not isinstance(field, ForeignKey)
    ]
    return [(label, value) for label, value in shown if value != words.EMPTY]
