"""Reads form-encoded parameters with brackets, and refuses what the described endpoint doesn't know, as Stripe does."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sandbox.stripe.errors import StripeError

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
KEYS = re.compile(r"\[([^\]]*)\]")


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """`a[b][0]=x` becomes `{"a": {"b": {"0": "x"}}}`; `a[]=x&a[]=y` counts up from 0."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        head, *rest = [name.split("[", 1)[0], *KEYS.findall(name)]
        node, key = tree, head
        for part in rest:
            child = node.setdefault(key, {})
            if not isinstance(child, dict):
                raise StripeError(f"Invalid parameter: {name}", param=name)
            node, key = child, part or str(len(child))
        node[key] = value
    return tree


@dataclass(frozen=True)
class Kind:
    """How one parameter is read. `read` gets its raw value and its name as Stripe writes it in errors."""

    required: bool = False

    def read(self, raw: Any, name: str) -> Any:
        raise NotImplementedError

    @staticmethod
    def text(raw: Any, name: str) -> str:
        if not isinstance(raw, str):
            raise StripeError(f"Invalid string: {name}", param=name)
        return raw


@dataclass(frozen=True)
class Text(Kind):
    longest: int = 5000

    def read(self, raw: Any, name: str) -> str:
        text = self.text(raw, name)
        if not text:
            raise StripeError(f"You passed an empty string for '{name}'.", code="parameter_invalid_empty", param=name)
        if len(text) > self.longest:
            message = f"Invalid string: {name} must be at most {self.longest} characters."
            raise StripeError(message, code="parameter_invalid_string_length", param=name)
        return text


@dataclass(frozen=True)
class Email(Text):
    longest: int = 512

    def read(self, raw: Any, name: str) -> str:
        text = super().read(raw, name)
        if not EMAIL.fullmatch(text):
            raise StripeError(f"Invalid email address: {text}", code="email_invalid", param=name)
        return text


@dataclass(frozen=True)
class Url(Text):
    def read(self, raw: Any, name: str) -> str:
        text = super().read(raw, name)
        parts = urlsplit(text)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise StripeError("Not a valid URL", code="url_invalid", param=name)
        return text


@dataclass(frozen=True)
class Choice(Kind):
    values: tuple[str, ...] = ()

    def read(self, raw: Any, name: str) -> str:
        text = self.text(raw, name)
        if text not in self.values:
            raise StripeError(f"Invalid {name}: must be one of {', '.join(self.values)}", param=name)
        return text


@dataclass(frozen=True)
class Integer(Kind):
    least: int = 0

    def read(self, raw: Any, name: str) -> int:
        text = self.text(raw, name)
        if not re.fullmatch(r"-?[0-9]{1,15}", text):
            raise StripeError(f"Invalid integer: {text}", code="parameter_invalid_integer", param=name)
        if int(text) < self.least:
            message = f"This value must be greater than or equal to {self.least}."
            raise StripeError(message, code="parameter_invalid_integer", param=name)
        return int(text)


@dataclass(frozen=True)
class Boolean(Kind):
    def read(self, raw: Any, name: str) -> bool:
        text = self.text(raw, name)
        if text not in {"true", "false"}:
            raise StripeError(f"Invalid boolean: {text}", param=name)
        return text == "true"


@dataclass(frozen=True)
class Currency(Kind):
    def read(self, raw: Any, name: str) -> str:
        text = self.text(raw, name).lower()
        if not re.fullmatch("[a-z]{3}", text):
            raise StripeError(f"Invalid currency: {text}", param=name)
        return text


@dataclass(frozen=True)
class Metadata(Kind):
    """At most 50 keys of 40 characters, values of 500: https://docs.stripe.com/metadata."""

    def read(self, raw: Any, name: str) -> dict[str, str]:
        if raw == "":
            return {}
        if not isinstance(raw, dict):
            raise StripeError("Invalid hash", param=name)
        if len(raw) > 50:
            raise StripeError("Metadata can't have more than 50 keys.", param=name)
        for key, value in raw.items():
            if len(key) > 40:
                raise StripeError("Metadata keys can be at most 40 characters.", param=f"{name}[{key}]")
            if len(self.text(value, f"{name}[{key}]")) > 500:
                raise StripeError("Metadata values can be at most 500 characters.", param=f"{name}[{key}]")
        return raw


@dataclass(frozen=True)
class ListOf(Kind):
    item: Kind = field(default_factory=Text)
    most: int = 100

    def read(self, raw: Any, name: str) -> list[Any]:
        if not isinstance(raw, dict):
            raise StripeError("Invalid array", param=name)
        if len(raw) > self.most:
            raise StripeError(f"{name} can have at most {self.most} entries.", param=name)
        return [self.item.read(value, f"{name}[{key}]") for key, value in raw.items()]


@dataclass(frozen=True)
class Fields(Kind):
    """A hash with known keys; keys that weren't sent are left out."""

    known: dict[str, Kind] = field(default_factory=dict)

    def read(self, raw: Any, name: str = "") -> dict[str, Any]:
        if not isinstance(raw, dict):
            raise StripeError("Invalid object", param=name)
        for key in raw:
            if key not in self.known:
                full = f"{name}[{key}]" if name else key
                raise StripeError(f"Received unknown parameter: {full}", code="parameter_unknown", param=full)
        result = {}
        for key, kind in self.known.items():
            full = f"{name}[{key}]" if name else key
            if key in raw:
                result[key] = kind.read(raw[key], full)
            elif kind.required:
                raise StripeError(f"Missing required param: {full}.", code="parameter_missing", param=full)
        return result
