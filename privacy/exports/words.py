"""Stored values as a person reads them."""

import json
from datetime import date, datetime
from decimal import Decimal
from functools import singledispatch
from typing import Any

from babel.dates import format_date
from django.db.models import Field

EMPTY = "—"


@singledispatch
def of_value(value: Any) -> str:
    """A value of a column or a fact, in words; a dash where there is none."""
    return str(value) or EMPTY


@of_value.register
def _(value: None) -> str:
    return EMPTY


@of_value.register
def _(value: bool) -> str:
    return "yes" if value else "no"


@of_value.register
def _(value: date) -> str:
    return day(value)


@of_value.register
def _(value: datetime) -> str:
    return f"{day(value)}, {value:%H:%M} UTC"


@of_value.register
def _(value: Decimal) -> str:
    return f"{value:.2f}" if value == round(value, 2) else f"{value:f}"


@of_value.register(dict)
@of_value.register(list)
def _(value: dict[str, Any] | list[Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) if value else EMPTY


def of_column(field: "Field[Any, Any]", value: Any) -> str:
    """The same for a column: of one with choices, the words of the choice."""
    chosen = next((words for choice, words in field.flatchoices if choice == value), None)  # a list has no hash
    return str(chosen or of_value(value))


def day(moment: date) -> str:
    """A day in words: 22 November 2026."""
    return format_date(moment, "d MMMM y", locale="en")
