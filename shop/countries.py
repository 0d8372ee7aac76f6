"""The countries in which a buyer may pay, by name."""

from functools import cache

from django_countries import countries


@cache
def names() -> dict[str, str]:
    """English names of all countries by code, sorted by name."""
    known = ((country.code, str(country.name)) for country in countries)
    return dict(sorted(known, key=lambda row: row[1]))


@cache
def choices() -> tuple[tuple[str, str], ...]:
    """The same as the choices of a field, with the invitation to choose one on top."""
    return (("", "Choose a country"), *names().items())
