"""Where a buyer is as value added tax sees it: parts of countries that are outside its area, or have their own rates.

A territory is told by the postal code, or by a country code of its own. Sources: Articles 5, 6, 7, 104 and 105 of
Directive 2006/112/EC as amended; the ISO 3166 codes and postal codes of the states. Northern Ireland is in the EU's
area for goods alone (Protocol on Ireland and Northern Ireland, Article 8), and what this shop sells is a service: it is
the United Kingdom, and a number that starts with XI says nothing about services.
"""

import re
from typing import NamedTuple

from shop.location import country_name


class Territory(NamedTuple):
    """A country whose tax may be owed, and the part of it, if that is one of its own.

    `outside`: the article that puts it outside the EU's area of value added tax. `is_taxed_at_home`: sellers of the
    same state owe a tax there by national rules that this shop doesn't know, so they can't sell there.
    """

    country: str
    name: str = ""
    outside: str = ""
    is_taxed_at_home: bool = False


class WrongPostalCode(Exception):
    """The postal code can't be one of that country. The text says how one looks."""


_DIRECTIVE = "Directive 2006/112/EC, Art. "

#: What a postal code must look like, without blanks and hyphens, where parts of the country are told by it.
_SHAPES = {
    "AT": (r"\d{4}", "four digits"),
    "DE": (r"\d{5}", "five digits"),
    "DK": (r"\d{3,4}", "four digits"),
    "ES": (r"\d{5}", "five digits"),
    "FI": (r"\d{5}", "five digits"),
    "FR": (r"\d{5}", "five digits"),
    "GB": (r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}", "two groups such as SW1A 1AA"),
    "GR": (r"\d{5}", "five digits"),
    "IT": (r"\d{5}", "five digits"),
    "PT": (r"\d{4}(\d{3})?", "four digits, a hyphen and three digits"),
}


def _outside(country: str, name: str, article: str, *, taxed: bool = False) -> Territory:
    return Territory(country, name, _DIRECTIVE + article, taxed)


#: By country and the beginning of the postal code.
_BY_CODE: dict[str, list[tuple[str, Territory]]] = {
    "AT": [
        (r"6691", Territory("AT", "Jungholz")),
        (r"699[123]", Territory("AT", "Mittelberg")),
    ],
    "DE": [
        (r"27498", _outside("DE", "Heligoland", "6(2)(a)")),
        (r"78266", _outside("DE", "Büsingen", "6(2)(b)")),
        # The German postal codes of two places in Austria.
        (r"87491", Territory("AT", "Jungholz")),
        (r"8756[789]", Territory("AT", "Mittelberg")),
    ],
    "DK": [
        (r"39\d\d", _outside("GL", "Greenland", "5(2)")),
        (r"\d{3}$", _outside("FO", "the Faroe Islands", "5(2)")),
    ],
    "ES": [
        (r"(35|38)", _outside("ES", "the Canary Islands", "6(1)(b)")),
        (r"51", _outside("ES", "Ceuta", "6(2)(c)")),
        (r"52", _outside("ES", "Melilla", "6(2)(d)")),
    ],
    "FI": [(r"22", _outside("FI", "Åland", "6(1)(d)", taxed=True))],
    "FR": [
        (r"975", _outside("PM", "Saint Pierre and Miquelon", "5(2)")),
        (r"97", _outside("FR", "the French overseas departments", "6(1)(c)", taxed=True)),
        (r"98[678]", _outside("FR", "the French Pacific territories", "5(2)")),
        (r"980", Territory("FR", "Monaco")),
    ],
    "GB": [
        (r"BT", Territory("GB", "Northern Ireland")),
        (r"IM", Territory("GB", "the Isle of Man")),
        (r"(JE|GY)", _outside("GG", "the Channel Islands", "6(1)(e)")),
    ],
    "GR": [(r"6308[67]", _outside("GR", "Mount Athos", "6(1)(a)"))],
    "IT": [
        (r"23041", _outside("IT", "Livigno", "6(2)(e)")),
        (r"22061", _outside("IT", "Campione d'Italia", "6(1)(f)")),
    ],
    "PT": [
        (r"9[0-4]", Territory("PT", "Madeira")),
        (r"9[5-9]", Territory("PT", "Azores")),
    ],
}

#: Territories that have a country code of their own.
_BY_COUNTRY: dict[str, Territory] = {
    "AX": _outside("FI", "Åland", "6(1)(d)", taxed=True),
    "MC": Territory("FR", "Monaco"),
    "IM": Territory("GB", "the Isle of Man"),
    **{
        code: _outside("FR", "the French overseas departments", "6(1)(c)", taxed=True)
        for code in ("GF", "GP", "MF", "MQ", "RE", "YT")
    },
}
#: In these codes the state itself is meant, in its words: a hint for readers of the address, not a part of the number.
_PREFIX = re.compile(r"^(A|AT|D|DE|DK|E|ES|F|FIN|FI|FR|GR|I|IT|P|PT)-?(?=\d)")


def of(country: str, postal_code: str = "") -> Territory:
    """Where a billing address is. Without a postal code, as for an estimate, the country's main part.

    Raises WrongPostalCode for a code that can't be one of a country which has territories: it might hide one.
    """
    if country in _BY_COUNTRY:
        return _BY_COUNTRY[country]
    code = re.sub(r"[\s.\-]", "", postal_code.upper())
    if not code or country not in _SHAPES:
        return Territory(country)
    code = code if country == "GB" else _PREFIX.sub("", code)
    shape, words = _SHAPES[country]
    if country == "DK":
        code = code.removeprefix("FO").removeprefix("GL")
    if not re.fullmatch(shape, code, re.ASCII):
        raise WrongPostalCode(
            f"A postal code of {country_name(country)} has {words}. Please check it: the tax needs it."
        )
    return next((where for start, where in _BY_CODE[country] if re.match(start, code)), Territory(country))
