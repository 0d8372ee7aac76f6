"""The countries in which a buyer may pay, by name."""

from django_countries import countries


def choices() -> list[tuple[str, str]]:
    """Code and English name of every country, sorted by name."""
    return sorted(((country.code, str(country.name)) for country in countries), key=lambda row: row[1])
