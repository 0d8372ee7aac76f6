"""Events and their signature: https://docs.stripe.com/webhooks/signature."""

import hashlib
import hmac
import time
from contextvars import ContextVar

from sandbox.objects import Document, shown
from sandbox.provider import Provider
from sandbox.stripe.identifiers import API_VERSION, new

# Id and idempotency key of the request that is being answered; events name them.
current_request: ContextVar[tuple[str | None, str | None]] = ContextVar("current_request", default=(None, None))


def emit(sandbox: Provider, kind: str, document: Document) -> None:
    request, key = current_request.get()
    sandbox.webhooks.emit(
        {
            "id": new("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": sandbox.clock.now(),
            "data": {"object": shown(document)},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": request, "idempotency_key": key},
            "type": kind,
        }
    )


def signature(secret: str, body: bytes, *, at: int | None = None) -> str:
    """The header `Stripe-Signature`. It bears the real time: receivers refuse what is older than five minutes."""
    moment = int(time.time()) if at is None else at
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"
