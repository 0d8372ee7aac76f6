"""Reads settings from environment variables; a bad value stops the start with a sentence that names the variable."""

import base64
import binascii
import os
import re
import ssl
from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from stdnum import iban as stdnum_iban
from stdnum.eu import vat as stdnum_vat

_HOST = re.compile(r"\*|\.?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\]", re.IGNORECASE)


def text(name: str, default: str | None = None) -> str:
    """The variable as text. `NAME_FILE` may name a file that holds it instead (for container secrets)."""
    file_name = os.environ.get(f"{name}_FILE")
    if file_name:
        try:
            return Path(file_name).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names a file that can't be read: {error.strerror}.") from error
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} isn't set. The table in README.md says what it means.")
    return value


def flag(name: str, *, default: bool) -> bool:
    """A yes or a no: true, yes, on, 1 or false, no, off, 0."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")


def number(name: str, default: int, *, least: int = 0) -> int:
    """A whole number of at least `least`."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        result = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None
    if result < least:
        raise ImproperlyConfigured(f"{name} must be at least {least}, not {result}.")
    return result


def seconds(name: str, default: str) -> float:
    """A time-out in seconds, larger than zero; fractions are allowed."""
    value = os.environ.get(name, "").strip() or default
    try:
        result = Decimal(value)
    except InvalidOperation:
        raise ImproperlyConfigured(f"{name} must be a number of seconds, not {value!r}.") from None
    if not result.is_finite() or result <= 0:
        raise ImproperlyConfigured(f"{name} must be more than zero seconds, not {value!r}.")
    return float(result)


def path(name: str, default: Path | None = None, *, apart_from: tuple[Path, ...] = ()) -> Path:
    """A file or folder by its whole path; it may lie in none of the folders `apart_from`."""
    value = Path(text(name, str(default) if default else None))
    if not value.is_absolute():
        raise ImproperlyConfigured(f"{name} must be a whole path such as /srv/shop/{value.name}, not {str(value)!r}.")
    for folder in apart_from:
        if value.is_relative_to(folder):
            raise ImproperlyConfigured(f"{name} may not lie in {folder}: what is there goes into backups.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """A list of words separated by commas; empty ones are left out."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def one_of(name: str, default: str, known: Collection[str], meaning: str) -> str:
    """A code out of `known`, in capitals."""
    value = text(name, default).upper()
    if value not in known:
        raise ImproperlyConfigured(f"{name} must be {meaning}, not {value!r}.")
    return value


def some_of(name: str, default: str, known: Collection[str], meaning: str) -> list[str]:
    """Codes out of `known`, in capitals, separated by commas."""
    values = [word.upper() for word in words(name, default)]
    if unknown := [value for value in values if value not in known]:
        raise ImproperlyConfigured(f"{name} must be {meaning}, not {unknown[0]!r}.")
    return values


def iban(name: str) -> str:
    """The number of a bank account (ISO 13616) without its blanks, or nothing."""
    value = text(name, "").upper().replace(" ", "")
    if value and not stdnum_iban.is_valid(value):
        raise ImproperlyConfigured(f"{name} must be a valid IBAN such as DE89 3704 0044 0532 0130 00.")
    return value


def vat_number(name: str) -> str:
    """A VAT number of a member state in its compact form, with its prefix, or nothing."""
    value = text(name, "").upper().replace(" ", "")
    if value and not (value[:2].isalpha() and stdnum_vat.is_valid(value)):
        raise ImproperlyConfigured(f"{name} must be a valid VAT number with its prefix, such as DE136695976.")
    return value


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Networks or single addresses separated by commas, in the notation 10.0.0.0/8."""
    found = []
    for word in words(name):
        try:
            found.append(ip_network(word, strict=False))
        except ValueError:
            raise ImproperlyConfigured(f"{name} must name networks such as 10.0.0.0/8, not {word!r}.") from None
    return found


def hosts(name: str, default: str) -> list[str]:
    """Host names separated by commas, without scheme, port or path; `.example.com` stands for all below it."""
    found = words(name) or [default]
    for host in found:
        if not _HOST.fullmatch(host):
            raise ImproperlyConfigured(f"{name} must be host names alone, such as shop.example, not {host!r}.")
    return found


def url(name: str, default: str | None = None, *, schemes: tuple[str, ...] = ("https", "http")) -> str:
    """An address with one of `schemes`, with a host (or, for `unix`, a path) and without a trailing slash."""
    value = text(name, default).rstrip("/")
    parts = _split(value)
    if parts is None or parts.scheme not in schemes or not (parts.path if parts.scheme == "unix" else parts.hostname):
        raise ImproperlyConfigured(f"{name} must be an address that starts with {' or '.join(schemes)}://.")
    return value


def origin(name: str, default: str | None = None) -> str:
    """An address of scheme, host and perhaps port, and nothing more."""
    value = url(name, default)
    parts = urlsplit(value)
    if value != f"{parts.scheme}://{parts.netloc}" or "@" in parts.netloc:
        raise ImproperlyConfigured(f"{name} must be a scheme and a host alone, such as https://shop.example.")
    return value


#: What the address of a database may replace. A server that vanishes is noticed within half a minute, in the middle of
#: an answer as well; a long query is no silence, because the other machine itself still answers.
DATABASE_OPTIONS = {
    "application_name": "azureops",
    "connect_timeout": 3,  # seconds, like the keepalives
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds
}


def database(name: str) -> dict[str, Any]:
    """Django's settings of a PostgreSQL database, from its address."""
    value = text(name)
    parts = _split(value)
    if parts is None or parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must name a PostgreSQL database: postgres://user:password@host/name.")
    made = environ.Env.db_url_config(value)
    return {**made, "OPTIONS": {**DATABASE_OPTIONS, **made.get("OPTIONS", {})}}


def email(name: str, default: str | None = None) -> dict[str, Any]:
    """Django's settings of the way by which mail goes, from an address. Only mail by SMTP has a host."""
    value = text(name, default)
    parts = _split(value)
    known = parts is not None and parts.scheme in environ.Env.EMAIL_SCHEMES
    if parts is None or not known or (parts.scheme.startswith("smtp") and not parts.hostname):
        raise ImproperlyConfigured(f"{name} must be an address such as smtp+tls://user:password@host:587.")
    return environ.Env.email_url_config(value)


def mailbox(name: str) -> str:
    """The address of a mailbox: an IMAP server under TLS, one on this machine without, a Maildir; or nothing."""
    value = text(name, "").strip()
    if not value:
        return value
    if value.startswith("maildir:"):
        if not Path(value.removeprefix("maildir:")).is_absolute():
            raise ImproperlyConfigured(f"{name} must name a folder from the root on, such as maildir:/srv/support.")
        return value
    parts = _split(value)
    if parts is None or parts.scheme not in {"imap", "imaps"} or not (parts.hostname and parts.username):
        raise ImproperlyConfigured(
            f"{name} must be an address such as imaps://user:password@host:993/INBOX, or maildir:/folder."
        )
    if parts.scheme == "imap" and not _is_loopback(parts.hostname):
        raise ImproperlyConfigured(f"{name} must start with imaps://: only a mailbox on this machine goes without TLS.")
    return value


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def certificates(name: str) -> str:
    """The path of a file with certificates (PEM) to trust, or nothing."""
    value = text(name, "").strip()
    if value:
        try:
            ssl.create_default_context(cafile=value)
        except (OSError, ssl.SSLError) as error:
            raise ImproperlyConfigured(f"{name} must name a file with certificates (PEM): {error.strerror}.") from error
    return value


def _split(address: str) -> SplitResult | None:
    """The parts of an address, or None where it is none. The value may hold a password: no message repeats it."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  (a port that is no number is found only when it is asked for)
    except ValueError:
        return None
    return parts


def secret_bytes(name: str, default: str | None = None, *, length: int = 32) -> bytes:
    """A key of exactly `length` bytes, written in URL-safe base64."""
    value = text(name, default)
    try:
        key = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != length:
        raise ImproperlyConfigured(
            f"{name} must be {length} random bytes in URL-safe base64. "
            f"Make one: python3 -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom({length})).decode())'"
        )
    return key
