"""How long something is kept, in the words of the policy."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db.models import Field, Model

from privacy import inventory
from privacy.inventory import Days, Keep, UntilErased, With, Years


def of(model: type[Model], keep: Keep) -> str:
    """The period of a column of this model, from what its declarations say."""
    if isinstance(keep, UntilErased):
        return f"until {keep.ends}"
    if isinstance(keep, With):
        return _of_owner(keep)
    moment = moment_of(model, keep.since)
    if keep.number == 0:
        words = f"until {moment}"
    elif isinstance(keep, Years) and keep.from_year_end:
        words = f"{_figure(keep)} after the end of the year in which {moment}"
    else:
        words = f"{_figure(keep)} after {moment}"
    return f"{words}; {keep.unless.words}: {of(model, keep.unless.keep)}" if keep.unless else words


def moment_of(model: type[Model], path: str) -> str:
    """What happens at the moment that the path leads to; the column's own name where nobody said (a check does)."""
    field = field_at(model, path)
    return (inventory.moment(field) if field else None) or f"the date “{field.verbose_name if field else path}”"


def nameless_moment(model: type[Model], keep: Keep) -> str | None:
    """The column that a period counts from and nobody has named, as `app.Model.column`, or None where all is said.

    A path that leads to no column is given back as it is.
    """
    if isinstance(keep, UntilErased | With):
        return None
    field = field_at(model, keep.since)
    if field is None:
        return f"{model._meta.label}: {keep.since}"
    if inventory.moment(field) is None:
        return f"{field.model._meta.label}.{field.name}"
    return nameless_moment(model, keep.unless.keep) if keep.unless else None


def field_at(model: type[Model], path: str) -> "Field[Any, Any] | None":
    """The column at the end of a path such as "order__placed_at", or None where the path leads nowhere."""
    names = path.split("__")
    known = {field.name: field for field in model._meta.get_fields()}
    field = model._meta.pk if names[0] == "pk" else known.get(names[0])
    if len(names) == 1:
        return field if isinstance(field, Field) else None
    related = getattr(field, "related_model", None)
    return field_at(related, "__".join(names[1:])) if related else None


def span(length: timedelta | None) -> str:
    """How long a cookie or a key stays, in the largest unit that fits."""
    if length is None:
        return "until you close the browser"
    for unit, seconds in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if length.total_seconds() >= seconds:
            return _counted(int(length.total_seconds() // seconds), unit)
    return _counted(int(length.total_seconds()), "second")


def _of_owner(keep: With) -> str:
    owner = apps.get_model(keep.owner)
    declaration = inventory.declaration_of(owner)
    if declaration is None or declaration.row is None:
        return f"as long as {inventory.about(owner)}"
    return of(owner, declaration.row)


def _figure(keep: Years | Days) -> str:
    return _counted(keep.number, "year" if isinstance(keep, Years) else "day")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
