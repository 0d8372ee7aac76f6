"""PayPal's interface over `paypalrestsdk`, which is no longer maintained: each fault of it is mended here.

What it did, and what this does: no time-out (`PROVIDER_TIMEOUT`); no repetition (once, where it's safe); a lasting
401 asked for ever (one new token, then an error); a 400 was an answer, other errors raised (all raise ProviderError);
a page of HTML broke the reader (an error like others); a request's headers went out with the token's request (never);
each thread fetched its own token, to the last second (one, a minute early); headers and bodies were logged (nothing
is); redirects were followed (they aren't).
"""

import json
import threading
import time
from functools import lru_cache
from typing import Any

import paypalrestsdk
from django.conf import settings

from payments.providers import sandbox_marker
from payments.providers.base import NoAnswer, NotAllowed, NotFound, ProviderError
from payments.providers.sessions import Answer, Session

PAUSE = 0.2
MARGIN = 60  # seconds by which a token is renewed before it ends
Headers = dict[str, str]


class Unauthorized(ProviderError):
    """The token or the keys aren't accepted."""


class Transport(paypalrestsdk.Api):
    """The package's client with its faults mended. `get` and `post` are its own; everything they use is replaced."""

    token_hash: dict[str, Any] | None

    def __init__(self, *, endpoint: str, client_id: str, client_secret: str, timeout: float) -> None:
        # The package knows two addresses by mode; "sandbox" with an endpoint is how it is given any other.
        super().__init__(mode="sandbox", endpoint=endpoint, client_id=client_id, client_secret=client_secret)
        self._session = Session(endpoint, timeout)
        self._token_lock = threading.Lock()
        self._token_ends = 0.0

    def get_token_hash(
        self, authorization_code: str | None = None, refresh_token: str | None = None, headers: Headers | None = None
    ) -> dict[str, Any]:
        """The token of the shop's keys, one for all threads. `headers` belong to another request: left out."""
        with self._token_lock:
            self.validate_token_hash()
            if self.token_hash is None:
                asked_at = time.monotonic()
                token = self.http_call(
                    f"{self.token_endpoint}/v1/oauth2/token",
                    "POST",
                    data="grant_type=client_credentials",
                    headers={
                        "Authorization": f"Basic {self.basic_auth()}",
                        "Content-Type": "application/x-www-form-urlencoded",
                        "Accept": "application/json",
                    },
                )
                self._token_ends = asked_at + float(token.get("expires_in", 0)) - MARGIN
                self.token_hash = token
            return self.token_hash

    def validate_token_hash(self) -> None:
        """Forgets a token a minute before it ends."""
        if self.token_hash is not None and time.monotonic() >= self._token_ends:
            self.token_hash = None

    def request(
        self, url: str, method: str, body: Any = None, headers: Headers | None = None, refresh_token: str | None = None
    ) -> dict[str, Any]:
        """The answer as data. Raises ProviderError.

        A refused token is renewed once. A lost connection, a 429 and a 5xx are repeated once where that can't act
        twice: for GET, and for a POST under a `PayPal-Request-Id`. A time-out isn't: the buyer has waited long enough.
        """
        is_safe = method == "GET" or "PayPal-Request-Id" in (headers or {})
        is_renewed = is_repeated = False
        while True:
            try:
                return self._send(url, method, body, headers)
            except Unauthorized:
                if is_renewed:
                    raise
                is_renewed = True
            except ProviderError as error:
                if is_repeated or not is_safe or error.permanent or error.code == "timeout":
                    raise
                is_repeated = True
                time.sleep(PAUSE)

    def _send(self, url: str, method: str, body: Any, headers: Headers | None) -> dict[str, Any]:
        token = self.get_token_hash()
        own = {
            "Authorization": f"{token.get('token_type', 'Bearer')} {token['access_token']}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        data = None if method == "GET" else json.dumps(body or {})
        try:
            return self.http_call(url, method, data=data, headers={**own, **(headers or {})})
        except Unauthorized:
            with self._token_lock:
                if self.token_hash is token:  # another thread may have renewed it already
                    self.token_hash = None
            raise

    def http_call(self, url: str, method: str, **kwargs: Any) -> dict[str, Any]:
        """One request with a time-out; redirects aren't followed and nothing is logged."""
        answer = self._session.ask(method, url, kwargs["headers"], kwargs.get("data"))
        sandbox_marker.check(answer.headers)
        return self.handle_response(answer, answer.body.decode("utf-8", "replace"))

    def handle_response(self, response: Answer, content: str) -> dict[str, Any]:
        """The body of a 2xx as data; every other status, and what isn't JSON, is a ProviderError."""
        try:
            document: Any = json.loads(content) if content else {}
        except ValueError:
            document = None
        answer: dict[str, Any] = document if isinstance(document, dict) else {}
        if not 200 <= response.status <= 299:
            raise _error(response.status, answer)
        if document != answer:
            raise NoAnswer("unreadable")
        return answer


def _error(status: int, document: dict[str, Any]) -> ProviderError:
    details = document.get("details") or [{}]
    code = details[0].get("issue") or document.get("name") or document.get("error") or f"http_{status}"
    if status == 401:
        return Unauthorized(code, permanent=False)
    if status == 403:
        return NotAllowed(code)
    if status == 404:
        return NotFound(code)
    if status == 409:  # a request with the same id is under way
        return NoAnswer(code)
    # Missing rights are a matter of the account, which a person mends; the call may succeed afterwards.
    return ProviderError(code, permanent=status in {400, 422})


@lru_cache(maxsize=4)
def _transport(endpoint: str, client_id: str, client_secret: str, timeout: float) -> Transport:
    return Transport(endpoint=endpoint, client_id=client_id, client_secret=client_secret, timeout=timeout)


def transport() -> Transport:
    """The client for the settings in force; its token lives as long as the process."""
    return _transport(
        settings.PAYPAL_API_BASE, settings.PAYPAL_CLIENT_ID, settings.PAYPAL_CLIENT_SECRET, settings.PROVIDER_TIMEOUT
    )
