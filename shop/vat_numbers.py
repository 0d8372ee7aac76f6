"""The form of VAT numbers in the member states, checked by python-stdnum; whether one exists, only VIES could say.

Source of the forms: Article 215 of Directive 2006/112/EC and the Commission's list of national structures.
"""

import re

from stdnum.eu import vat

from shop.location import country_name

#: What a number looks like, in words, after its prefix.
SHAPES = {
    "AT": "U and eight digits",
    "BE": "ten digits",
    "BG": "nine or ten digits",
    "CY": "eight digits and a letter",
    "CZ": "eight, nine or ten digits",
    "DE": "nine digits",
    "DK": "eight digits",
    "EE": "nine digits",
    "EL": "nine digits",
    "ES": "nine characters",
    "FI": "eight digits",
    "FR": "two characters and nine digits",
    "HR": "eleven digits",
    "HU": "eight digits",
    "IE": "seven digits and one or two letters",
    "IT": "eleven digits",
    "LT": "nine or twelve digits",
    "LU": "eight digits",
    "LV": "eleven digits",
    "MT": "eight digits",
    "NL": "nine digits, B and two digits",
    "PL": "ten digits",
    "PT": "nine digits",
    "RO": "two to ten digits",
    "SE": "twelve digits",
    "SI": "eight digits",
    "SK": "ten digits",
}


class WrongVatNumber(Exception):
    """The number can't be one of that country; the text says how one looks."""


def prefix_of(country: str) -> str:
    """The prefix of a country's numbers: its code, but EL for Greece."""
    return "EL" if country == "GR" else country


def clean(text: str, country: str) -> str:
    """The number in its compact form with its prefix, for a billing country in the EU.

    Spaces, dots, dashes and lower case are forgiven, and so is a missing prefix. Raises WrongVatNumber.
    """
    prefix = prefix_of(country)
    compact = re.sub(r"[\s.\-/]", "", text).upper()
    if country == "GR" and compact.startswith("GR"):
        compact = "EL" + compact[2:]
    if compact[:2].isalpha() and compact[:2] in SHAPES and compact[:2] != prefix:
        raise WrongVatNumber(
            f"This number starts with {compact[:2]}, but you pay from {country_name(country)}. "
            f"Write the number that starts with {prefix}, or leave it out."
        )
    number = compact if compact.startswith(prefix) else prefix + compact
    if not vat.is_valid(number):
        raise WrongVatNumber(
            f"A number of {country_name(country)} is {prefix} and {SHAPES[prefix]}. Please check yours."
        )
    return number
