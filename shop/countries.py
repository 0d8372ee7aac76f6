"""The countries in which a buyer may pay, by name."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.utils.choices import BaseChoiceIterator
from django_countries import countries


@cache
def names() -> dict[str, str]:
    """English names of all countries by code, sorted by name."""
    known = ((country.code, str(country.name)) for country in countries)
    return dict(sorted(known, key=lambda row: row[1]))


class Choices(BaseChoiceIterator):
    """The same as the choices of a field, the invitation to choose one on top. It never changes: forms share it."""

    def __iter__(self) -> Iterator[tuple[str, str]]:
        yield ("", "Choose a country")
        yield from names().items()

    def __deepcopy__(self, _memo: dict[int, Any]) -> "Choices":
        return self
