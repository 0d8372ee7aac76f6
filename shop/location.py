"""Where a visitor is, and with which browser: what is kept of an IP address and a browser string (P3).

The address itself is used in memory and never stored. Forwarded addresses count only behind a proxy that the settings
trust; a wrong one gives no country rather than a wrong one.
"""

import re
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, NamedTuple

import iptocc
from babel import Locale
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from ua_parser import parse_user_agent

from shop import cookies, countries

LONGEST_AGENT = 512
_CHOSEN = re.compile(rf"(?:^|;)\s*{cookies.PLACE.name}=([A-Z]{{2}})\.([A-Z]{{3}})\s*(?:;|$)", re.ASCII)
#: Countries that pay in a currency in which shops like this one have prices; all others see the shop's own.
_PAY_IN = {
    **dict.fromkeys(("GB", "GG", "IM", "JE"), "GBP"),
    **dict.fromkeys(("US", "AS", "EC", "GU", "MP", "PR", "SV", "UM", "VI"), "USD"),
    **dict.fromkeys(("AD", "MC", "ME", "SM", "VA", "XK"), "EUR"),
    **dict.fromkeys("AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK".split(), "EUR"),
}


class Place(NamedTuple):
    """For which country and in which currency a visitor sees prices, before a billing address decides the tax.

    `is_chosen`: the visitor said so himself; else it follows from the connection, or from the shop's own country.
    """

    country: str
    currency: str
    is_chosen: bool


def _is_trusted(address: str) -> bool:
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return any(ip in network for network in settings.TRUSTED_PROXIES)


def client_ip(environ: dict[str, Any]) -> str:
    """The visitor's address from a WSGI environment, for use in memory; empty where it can't be told."""
    address = str(environ.get("REMOTE_ADDR", ""))
    if not _is_trusted(address):
        return address
    for hop in reversed(str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")):
        address = hop.strip()
        if not _is_trusted(address):
            break
    try:
        return str(ip_address(address))
    except ValueError:
        return ""


def country_of_environ(environ: dict[str, Any]) -> str | None:
    """The country (ISO 3166-1 alpha-2) of a WSGI environment's address, or None."""
    address = client_ip(environ)
    try:
        return iptocc.country_code(address) if address else None
    except Exception:  # noqa: BLE001  (a lookup never breaks a page)
        return None


def country_of(request: HttpRequest) -> str | None:
    """The country of the visitor's connection, or None where it can't be told (private addresses, for one)."""
    return country_of_environ(request.META)


def currency_of(country: str) -> str:
    """The currency in which buyers of a country see prices, unless they choose another."""
    currency = _PAY_IN.get(country, settings.STORE_CURRENCY)
    return currency if currency in settings.STORE_CURRENCIES else settings.STORE_CURRENCY


def place_of_environ(environ: dict[str, Any]) -> Place:
    """What the visitor of a WSGI environment chose, else what the connection says, else the shop's own.

    A cookie that names what the shop doesn't know counts as none.
    """
    sent = environ.get("HTTP_COOKIE", "")
    found = _CHOSEN.search(sent) if cookies.PLACE.name in sent else None
    if found and found[1] in countries.names() and found[2] in settings.STORE_CURRENCIES:
        return Place(found[1], found[2], is_chosen=True)
    country = country_of_environ(environ) or settings.STORE_COUNTRY
    return Place(country, currency_of(country), is_chosen=False)


def place_of(request: HttpRequest) -> Place:
    """The same of a request."""
    return place_of_environ(request.META)


def choose(response: HttpResponseBase, country: str, currency: str) -> None:
    """Has the browser keep a country and a currency, which the caller has checked."""
    cookies.PLACE.write(response, f"{country}.{currency}")


def browser_family(request: HttpRequest) -> str:
    """The family of the browser ("Firefox"), without version; empty where it isn't known."""
    agent = parse_user_agent(request.headers.get("User-Agent", "")[:LONGEST_AGENT])
    return agent.family[:40] if agent else ""


@lru_cache(maxsize=512)
def country_name(code: str) -> str:
    """The English name of a country, or its code where there is none."""
    return Locale("en").territories.get(code, code)
