"""Reads settings from environment variables; a bad value stops the start with a sentence that names the variable."""

import base64
import binascii
import os
from decimal import Decimal, InvalidOperation
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


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


def words(name: str, default: str = "") -> list[str]:
    """A list of words separated by commas; empty ones are left out."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def url(name: str, default: str | None = None, *, schemes: tuple[str, ...] = ("https", "http")) -> str:
    """An address with one of `schemes` and without a trailing slash."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in schemes or not (parts.netloc or parts.path):
        raise ImproperlyConfigured(f"{name} must be an address that starts with {' or '.join(schemes)}://.")
    return value


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
