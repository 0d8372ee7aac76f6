"""What an export holds, table by table and row by row."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from privacy.exports.presenters import Presenter, all_presenters
from privacy.people import Person

#: So many rows are read at once: memory stays flat, and what is joined to them is asked for once a batch.
BATCH = 2_000


@dataclass(frozen=True)
class Row:
    """A row as its person sees it: the exported columns as they are stored, and what belongs to them."""

    heading: str
    columns: dict[str, Any]
    facts: dict[str, Any]


@dataclass(frozen=True)
class Section:
    """The rows of one model. They are read from the database while they are gone through, once."""

    presenter: Presenter
    rows: Iterator[Row]

    @property
    def label(self) -> str:
        return self.presenter.model._meta.label


def sections(person: Person, *, for_staff: bool) -> Iterator[Section]:
    """A section for each model that an export can hold, the empty ones included: what isn't there is said as well."""
    for presenter in all_presenters():
        yield Section(presenter, _rows(presenter, person, for_staff=for_staff))


def _rows(presenter: Presenter, person: Person, *, for_staff: bool) -> Iterator[Row]:
    """The rows, batch by batch, by ids that were found in one go.

    A cursor in the database would serve as well, but PostgreSQL plans its query for a quick first row, and for a person
    with few rows among 300,000 that took seconds where this takes milliseconds.
    """
    names = [(field.name, field.attname) for field, _ in presenter.columns()]
    found = list(presenter.joined(presenter.rows(person)).values_list("pk", flat=True))
    for start in range(0, len(found), BATCH):
        batch: QuerySet[Any] = QuerySet(presenter.model).filter(pk__in=found[start : start + BATCH]).order_by("pk")
        for row in presenter.joined(batch):
            yield Row(
                heading=presenter.heading(row),
                columns={name: getattr(row, attribute) for name, attribute in names},
                facts=presenter.facts(row, for_staff=for_staff),
            )
