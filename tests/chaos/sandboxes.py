"""Both sandboxes as servers of their own, and the settings that point a shop at them."""

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.processes import Child, start
from sandbox.client import Client

PATIENCE = 30.0  # seconds until a sandbox must listen
PAYPAL_CERTIFICATES = "/v1/notifications/certs/"


@dataclass(frozen=True)
class Sandboxes:
    """The two servers, by the provider's name, with what steers them."""

    stripe: Client
    paypal: Client
    folder: Path

    def __iter__(self) -> Iterator[tuple[str, Client]]:
        return iter({"stripe": self.stripe, "paypal": self.paypal}.items())

    def settings(self) -> dict[str, str]:
        """The environment of a shop that takes its payments here."""
        return {
            "ALLOW_SANDBOX": "true",
            "STRIPE_API_BASE": self.stripe.base_url,
            "STRIPE_SECRET_KEY": "sk_test_sandbox",
            "STRIPE_WEBHOOK_SECRET": "whsec_sandbox",
            "PAYPAL_API_BASE": self.paypal.base_url,
            "PAYPAL_CLIENT_ID": "sandbox-client",
            "PAYPAL_CLIENT_SECRET": "sandbox-secret",
            "PAYPAL_WEBHOOK_ID": "WHSANDBOX",
            "PAYPAL_WEBHOOK_CA": str(self.folder / "paypal" / "paypal-ca.pem"),
            "PAYPAL_CERT_BASES": f"{self.paypal.base_url}{PAYPAL_CERTIFICATES}",
        }

    def advance(self, seconds: int) -> None:
        """Moves both clocks forward."""
        for _, sandbox in self:
            sandbox.advance(seconds)


@contextmanager
def running(folder: Path) -> Iterator[Sandboxes]:
    """Starts both with their state under `folder`; they end with the context."""
    children: list[Child] = []
    try:
        clients = []
        for name in ("stripe", "paypal"):
            command = [sys.executable, "-m", f"sandbox.{name}", "--data", str(folder / name)]
            children.append(start(f"{name} sandbox", command, log=folder / f"{name}.log", env=os.environ))
            clients.append(Client(_address(children[-1])))
        yield Sandboxes(*clients, folder)
    finally:
        for child in children:
            child.stop()


def _address(child: Child) -> str:
    deadline = time.monotonic() + PATIENCE
    while not (found := re.search(r"listening (\S+)", child.log.read_text())):
        if child.has_ended or time.monotonic() > deadline:
            raise RuntimeError(f"The {child.name} did not start:\n{child.last_words()}")
        time.sleep(0.02)
    return found[1]
