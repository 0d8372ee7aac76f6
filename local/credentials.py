"""The secrets of one development shop: made once, kept beside its data, readable by their owner only."""

import base64
import secrets
from collections.abc import Callable
from pathlib import Path

CALM_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another


def _password() -> str:
    return "-".join("".join(secrets.choice(CALM_LETTERS) for _ in range(5)) for _ in range(3))


MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "LICENSE_KEYS_SECRET": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    "DEMO_PASSWORD": _password,
    "STRIPE_SECRET_KEY": lambda: f"sk_test_{secrets.token_hex(16)}",
    "STRIPE_WEBHOOK_SECRET": lambda: f"whsec_{secrets.token_hex(16)}",
    "PAYPAL_CLIENT_ID": lambda: f"sandbox-{secrets.token_hex(8)}",
    "PAYPAL_CLIENT_SECRET": lambda: secrets.token_hex(16),
    "PAYPAL_WEBHOOK_ID": lambda: f"WH-{secrets.token_hex(8).upper()}",
}


def load(path: Path) -> dict[str, str]:
    """The secrets in the file `path` by name; what it lacks is made and written, what it holds is never changed."""
    kept: dict[str, str] = {}
    if path.exists():
        kept = dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
    complete = {name: kept.get(name) or make() for name, make in MAKERS.items()}
    if complete != kept:
        _write(path, complete)
    return complete


def _write(path: Path, values: dict[str, str]) -> None:
    # Written beside and moved over: a start that is cut off must not leave half of the secrets behind.
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o600, exist_ok=False)
    beside.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    beside.replace(path)
