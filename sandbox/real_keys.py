"""A sandbox never runs beside real keys: somebody would believe that money moved, or that it didn't."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

LIVE_PREFIXES = ("sk_live_", "rk_live_")
LIVE_HOSTS = ("api-m.paypal.com", "api.paypal.com")


def _is_live(value: str) -> bool:
    text = value.strip()
    try:
        host = urlsplit(text).hostname
    except ValueError:  # not an address at all
        host = None
    return text.startswith(LIVE_PREFIXES) or host in LIVE_HOSTS


def refusal(environment: Mapping[str, str], options: Iterable[str] = ()) -> str | None:
    """The sentence with which the start is refused, or None. It names the place, never the key."""
    for name, value in environment.items():
        if _is_live(value):
            return f"{name} holds a live key or address; the sandbox runs only without. Unset it, then start again."
    if any(_is_live(option) for option in options):
        return "A live key or address was given; the sandbox runs only with test keys."
    return None
