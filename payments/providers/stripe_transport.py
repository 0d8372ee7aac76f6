"""How Stripe is spoken to: one client, one time-out, one repetition, and errors in our words."""

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, TypeVar

import stripe
from django.conf import settings

from payments.providers import sandbox_marker
from payments.providers.base import AnotherTime, NoAnswer, NotAllowed, NotFound, ProviderError
from payments.providers.sessions import Session
from privacy import clock

Answer = TypeVar("Answer", bound=stripe.StripeObject)
PAUSE = 0.2


stripe.enable_telemetry = False  # what machine this is, and how long calls take, is nobody's business


class Transport(stripe.HTTPClient):
    """How the package's client asks: over a session of ours, whose answers are refused if a sandbox gave them."""

    name = "urllib3"

    def __init__(self, base: str, timeout: float) -> None:
        super().__init__()
        self._session = Session(base, timeout)

    def request(  # type: ignore[override]  # the package's own subclasses leave the last parameter out as well
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        answer = self._session.ask(method.upper(), url, headers or {}, post_data)
        sandbox_marker.check(answer.headers)
        return answer.body, answer.status, answer.headers

    def close(self) -> None:
        """Nothing is to be closed: the session lives as long as the process."""


@lru_cache(maxsize=4)
def _client(key: str, base: str, timeout: float) -> stripe.StripeClient:
    return stripe.StripeClient(
        key, base_addresses={"api": base}, max_network_retries=0, http_client=Transport(base, timeout)
    )


def client() -> stripe.StripeClient:
    """The client for the settings in force. It keeps its connections open."""
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE, settings.PROVIDER_TIMEOUT)


def ask(call: Callable[[], Answer | stripe.StripeResponse]) -> dict[str, Any]:
    """Makes a call that may be repeated, and answers its object as plain data. Raises ProviderError.

    It is repeated once after a lost connection or a server error; not after a time-out, for which the buyer has waited
    long enough.
    """
    try:
        return _once(call)
    except ProviderError as error:
        if error.permanent or error.code == "timeout":
            raise
    time.sleep(PAUSE)
    return _once(call)


def _once(call: Callable[[], Answer | stripe.StripeResponse]) -> dict[str, Any]:
    try:
        answer = call()
    except stripe.APIConnectionError as error:
        raise NoAnswer("no_connection") from error
    except stripe.StripeError as error:
        raise _in_our_words(error) from error
    if isinstance(answer, stripe.StripeResponse):
        return answer.data  # type: ignore[return-value]  # every object of the interface is a JSON object
    return answer.to_dict()


def _in_our_words(error: stripe.StripeError) -> ProviderError:
    code, status = error.code or type(error).__name__, error.http_status
    if isinstance(error, stripe.InvalidRequestError) and error.param == "expires_at":
        ahead = _ahead(error.headers or {})
        if ahead is not None:
            return AnotherTime("expires_at", ahead=ahead)
    if status == 404:
        return NotFound(code)
    if status == 403:  # the account, or the key, doesn't have this part of the interface
        return NotAllowed(code)
    if status == 409:  # another request holds the same idempotency key, or the object
        return NoAnswer(code)
    # Wrong or withdrawn keys are a fault of ours that a person mends; the call may succeed afterwards.
    return ProviderError(code, permanent=status in {400, 402})


def _ahead(headers: Mapping[str, str]) -> timedelta | None:
    """How much their clock is ahead of ours, by the answer's own `Date`; None where it names none."""
    date = next((value for name, value in headers.items() if name.lower() == "date"), "")
    try:
        return parsedate_to_datetime(date) - clock.now()
    except (ValueError, TypeError):
        return None
