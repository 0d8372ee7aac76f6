"""The readable half of an export: `index.html`, in pieces, because it is written while the rows are read."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import ForeignKey
from django.template.loader import get_template
from django.utils.safestring import SafeString

from privacy import keep_words, policy_tables
from privacy.exports import words
from privacy.exports.contents import Row, Section
from privacy.people import Person

FOLDER = "exports"
# Stands in a template where rows will be. Values are escaped, so none of them can look like it.
_HERE = SafeString("<!-- here -->")


def frame(person: Person, told: dict[str, Any], made_at: datetime) -> tuple[bytes, bytes]:
    """The page before and after its sections: whose data it is, and what else GDPR Art. 15 asks for."""
    return _halves("page", addresses=sorted(person.addresses), made_at=words.of_value(made_at), told=told)


def section_frame(section: Section) -> tuple[bytes, bytes]:
    """A kind of rows before and after them: its title, and why they are kept, how long, and who sees them."""
    presenter = section.presenter
    columns = [
        {
            "label": presenter.label(field.name),
            "purpose": column.purpose.words,
            "kept": keep_words.of(presenter.model, column.keep),
            "readers": policy_tables.readers(column.readers),
        }
        for field, column in presenter.columns()
    ]
    return _halves("section", title=presenter.title, id=section.label, columns=columns)


def row(section: Section, row: Row) -> bytes:
    """One row: its values as pairs, what belongs to it as tables. Empty values, and references to other rows, are for
    machines alone.
    """
    presenter = section.presenter
    pairs = [
        (presenter.label(field.name), presenter.words(field, row.columns[field.name]))
        for field, _ in presenter.columns()
        if not isinstance(field, ForeignKey)
    ]
    tables = []
    for name, value in row.facts.items():
        if isinstance(value, list):
            tables.append({"caption": presenter.label(name), **_table(value, presenter.label)})
        else:
            pairs.append((presenter.label(name), words.of_value(value)))
    pairs = [(label, said) for label, said in pairs if said != words.EMPTY]
    return _rendered("row", heading=row.heading, pairs=pairs, tables=tables)


def nothing(section: Section) -> bytes:
    """That there is no row of this kind."""
    return _rendered("nothing", many=section.presenter.many)


def _table(rows: list[dict[str, Any]], label: Any) -> dict[str, Any]:
    names = list(rows[0]) if rows else []
    return {
        "head": [label(name) for name in names],
        "rows": [[words.of_value(value) for value in each.values()] for each in rows],
    }


def _halves(name: str, **context: Any) -> tuple[bytes, bytes]:
    before, after = _rendered(name, here=_HERE, **context).split(_HERE.encode())
    return before, after


def _rendered(name: str, **context: Any) -> bytes:
    store = {"store_name": settings.STORE_NAME, "site_url": settings.SITE_URL, "support_email": settings.SUPPORT_EMAIL}
    return get_template(f"{FOLDER}/{name}.html").render(store | context).encode()
