"""Sandboxes for tests: each runs in a thread of this process, on a free port, with its state in a temporary folder."""

import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sandbox.client import Client
from sandbox.paypal.provider import CERTIFICATES, PayPalProvider
from sandbox.provider import Provider
from sandbox.real_keys import refusal
from sandbox.server import Server
from sandbox.stripe.provider import StripeProvider
from sandbox.vies.provider import PATH, ViesProvider


class Running(Client):
    """A context manager; between entering and leaving, `base_url` answers."""

    def __init__(self, data: Path | None = None) -> None:
        """`data` keeps the state beyond the context. Raises RuntimeError beside real keys."""
        super().__init__("")
        if sentence := refusal(os.environ):
            raise RuntimeError(sentence)
        self._data = data
        self._temporary: tempfile.TemporaryDirectory[str] | None = None

    def make_provider(self, data: Path) -> Provider:
        raise NotImplementedError

    def __enter__(self) -> Self:
        if self._data is None:
            self._temporary = tempfile.TemporaryDirectory()
        self.provider = self.make_provider(self._data or Path(self._temporary.name if self._temporary else ""))
        self._server = Server(0, self.provider.handle, now=self.provider.clock.now)
        self.base_url = self._server.base_url
        self.provider.start(self.base_url)
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()
        self.provider.stop()
        if self._temporary:
            self._temporary.cleanup()


class StripeSandbox(Running):
    def __init__(
        self,
        data: Path | None = None,
        *,
        secret_key: str = "sk_test_sandbox",  # noqa: S107  (protects nothing)
        webhook_secret: str = "whsec_sandbox",  # noqa: S107
    ) -> None:
        super().__init__(data)
        self.secret_key = secret_key
        self.webhook_secret = webhook_secret

    def make_provider(self, data: Path) -> Provider:
        return StripeProvider(data, secret_key=self.secret_key, webhook_secret=self.webhook_secret)

    def pay(self, identifier: str, **fields: Any) -> dict[str, Any]:
        """Pays a Checkout Session; `country`, `outcome` and `card` as README.md lists them."""
        return self.act("pay", identifier, **fields)


class ViesSandbox(Running):
    @property
    def service(self) -> str:
        """The address that the shop asks."""
        return f"{self.base_url}{PATH}"

    def make_provider(self, data: Path) -> Provider:
        return ViesProvider(data)

    def strike_off(self, number: str) -> None:
        """The number is no longer valid."""
        self.act("strike_off", number)

    def fail(self, word: str) -> None:
        """Every question meets this fault from now on."""
        self.act("fail", word=word)

    def recover(self) -> None:
        """No more faults."""
        self.act("recover")


class PayPalSandbox(Running):
    ca_pem: Path
    cert_base: str

    def __init__(
        self,
        data: Path | None = None,
        *,
        client_id: str = "sandbox-client",
        client_secret: str = "sandbox-secret",  # noqa: S107  (protects nothing)
        webhook_id: str = "WHSANDBOX",
    ) -> None:
        super().__init__(data)
        self.client_id = client_id
        self.client_secret = client_secret
        self.webhook_id = webhook_id

    def make_provider(self, data: Path) -> Provider:
        provider = PayPalProvider(
            data, client_id=self.client_id, client_secret=self.client_secret, webhook_id=self.webhook_id
        )
        self.ca_pem = provider.signer.ca_pem
        return provider

    def __enter__(self) -> Self:
        super().__enter__()
        self.cert_base = f"{self.base_url}{CERTIFICATES}"
        return self

    def approve(self, identifier: str, **fields: Any) -> dict[str, Any]:
        """Approves an order; `country`, `email` and `outcome` as README.md lists them."""
        return self.act("approve", identifier, **fields)
