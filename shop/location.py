"""Where a visitor is, and with which browser: what is kept of an IP address and a browser string (P3).

The address itself is used in memory and never stored. Forwarded addresses count only behind a proxy that the settings
trust; a wrong one gives no country rather than a wrong one.
"""

from functools import lru_cache
from ipaddress import ip_address
from typing import Any

import iptocc
from babel import Locale
from django.conf import settings
from django.http import HttpRequest
from ua_parser import parse_user_agent

LONGEST_AGENT = 512


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


def display_country(environ: dict[str, Any]) -> str:
    """The country for which prices are shown before the buyer names one: the connection's, else the shop's own."""
    return country_of_environ(environ) or settings.STORE_COUNTRY


def browser_family(request: HttpRequest) -> str:
    """The family of the browser ("Firefox"), without version; empty where it isn't known."""
    agent = parse_user_agent(request.headers.get("User-Agent", "")[:LONGEST_AGENT])
    return agent.family[:40] if agent else ""


@lru_cache(maxsize=512)
def country_name(code: str) -> str:
    """The English name of a country, or its code where there is none."""
    return Locale("en").territories.get(code, code)
