"""The stand-in for Stripe: who may ask, what is asked, and which answers are kept for a repetition."""

import hashlib
import hmac
from base64 import b64decode
from binascii import Error as NotBase64
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from sandbox.provider import Provider, wait_for
from sandbox.replays import Answer, InProgress, OtherRequest
from sandbox.server import Request, Response
from sandbox.stripe import redactions, sessions
from sandbox.stripe.acts import acts
from sandbox.stripe.endpoints import endpoints
from sandbox.stripe.errors import StripeError
from sandbox.stripe.events import current_request, signature
from sandbox.stripe.identifiers import API_VERSION, new
from sandbox.stripe.page import checkout_page, checkout_post
from sandbox.stripe.parameters import nested

KEEP_KEYS = 24 * 60 * 60
LONGEST_KEY = 255


class StripeProvider(Provider):
    name = "stripe"
    keeps_errors = True

    def __init__(self, data: Path, *, secret_key: str, webhook_secret: str) -> None:
        self.secret_key = secret_key
        self.webhook_secret = webhook_secret
        super().__init__(data)
        self.acts = acts(self)
        self._pages = {"GET": checkout_page, "POST": checkout_post}
        for method, path, handler in endpoints():
            self.routes.add(method, path, handler)

    def sign(self, body: bytes) -> dict[str, str]:
        return {"Stripe-Signature": signature(self.webhook_secret, body), "User-Agent": "Stripe/1.0"}

    def settle(self) -> None:
        sessions.expire_due(self)
        redactions.settle(self)

    def failure(self, status: int) -> Response:
        if status == 429:
            return StripeError("Too many requests hit the interface.", status=429, code="rate_limit").response()
        return StripeError("An error occurred in the sandbox.", status=500, kind="api_error").response()

    def respond(self, request: Request) -> Response:
        if request.path.startswith("/c/pay/") and request.method in self._pages:
            wait_for(request)
            return self._pages[request.method](self, request)
        identifier = new("req", 14)
        try:
            self._authenticate(request)
            response = self._kept_or_new(request, identifier)
        except StripeError as error:
            response = error.response()
        response.headers |= {"Request-Id": identifier, "Stripe-Version": API_VERSION}
        return response

    def _authenticate(self, request: Request) -> None:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "basic":
            try:
                given = b64decode(given, validate=True).decode().partition(":")[0]
            except (NotBase64, UnicodeDecodeError):
                given = ""
        if not given:
            raise StripeError("You did not provide an API key. Send it as a Bearer token.", status=401)
        if not hmac.compare_digest(given.encode(), self.secret_key.encode()):
            # The end of a key is enough to tell which one was sent.
            raise StripeError(f"Invalid API Key provided: {'*' * 8}{given[-4:]}", status=401, code="api_key_invalid")

    def _kept_or_new(self, request: Request, identifier: str) -> Response:
        key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
        if not key:
            return self._act(request, identifier, None)
        if len(key) > LONGEST_KEY:
            raise StripeError(f"An idempotency key has at most {LONGEST_KEY} characters.", kind="idempotency_error")
        asked = sorted(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
        fingerprint = hashlib.sha256(repr((request.path, asked)).encode()).hexdigest()
        try:
            kept = self.replays.begin(key, fingerprint, keep=KEEP_KEYS)
        except InProgress:
            message = "Another request with this idempotency key is in progress. Try again later."
            raise StripeError(message, status=409, kind="idempotency_error", code="idempotency_key_in_use") from None
        except OtherRequest:
            message = "Keys for idempotent requests can only be used with the parameters they were first used with."
            raise StripeError(message, kind="idempotency_error") from None
        if kept is not None:
            headers = {"Content-Type": "application/json", "Idempotent-Replayed": "true"}
            return Response(kept.status, kept.body, headers)
        answer = None
        try:
            response = self._act(request, identifier, key)
            answer = Answer(response.status, response.body)
        except StripeError as error:
            response = error.response()
            answer = Answer(response.status, response.body) if error.saved else None
        finally:
            self.replays.end(key, fingerprint, answer)
        return response

    def _act(self, request: Request, identifier: str, key: str | None) -> Response:
        wait_for(request)
        if request.fault and request.fault.action == "error":
            raise StripeError("An error occurred in the sandbox.", status=500, kind="api_error", saved=True)
        found = self.routes.find(request.method, request.path)
        if found is None:
            raise StripeError(f"Unrecognized request URL ({request.method}: {request.path}).", status=404)
        handler, parts = found
        token = current_request.set((identifier, key))
        try:
            with self.database.transaction():
                return handler(self, _parameters(request), **parts)
        finally:
            current_request.reset(token)


def _parameters(request: Request) -> dict[str, Any]:
    body = request.body.decode("utf-8", "replace") if request.method == "POST" else ""
    return nested([*request.query, *parse_qsl(body, keep_blank_values=True)])
