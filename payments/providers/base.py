"""What the shop asks of a payment provider: when each question is asked, and when money may move.

Money is `Decimal` in the major unit here; each provider turns it into what its own interface wants. No method is called
while a database lock is held, and none writes to the database: answers are applied by `payments.settlement` and
`payments.refunds` alone.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from payments.models import Attempt, Refund
    from shop.models import Order

#: JSON that goes out to a provider.
Parameters = dict[str, Any]


class ProviderError(Exception):
    """The provider refused, or can't be reached. `code` is the provider's word for it and names nobody.

    `permanent`: the same call will never succeed.
    """

    def __init__(self, code: str, *, permanent: bool) -> None:
        super().__init__(code)
        self.code = code[:60]
        self.permanent = permanent


class NoAnswer(ProviderError):
    """Nobody knows whether the provider acted. Repeat the call under its idempotency key, or look at the object."""

    def __init__(self, code: str) -> None:
        super().__init__(code, permanent=False)


class NotFound(ProviderError):
    """The provider doesn't know the object, or it belongs to another account."""

    def __init__(self, code: str = "not_found") -> None:
        super().__init__(code, permanent=True)


@contextmanager
def reading() -> Iterator[None]:
    """Around whatever reads an answer, also as a decorator: one that lacks something or has another form is no answer.

    Raises NoAnswer, as the provider may have acted.
    """
    try:
        yield
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise NoAnswer("unreadable") from error


def name_of(error: Exception) -> str:
    """What may be logged of an error: the provider's word for it, or its type. Its text may hold personal values."""
    return error.code if isinstance(error, ProviderError) else type(error).__name__


class Forged(Exception):
    """A webhook that the provider didn't sign for this shop, or that is too old. The text says why, not what."""


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A payment that waits for the buyer at `url`; `references` are the provider's ids by `Reference.Kind`."""

    url: str
    references: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What the provider says about an attempt now. `state` is one of `Attempt.State`.

    `amount` and `currency` are what was captured, or is to be; `country` is the billing country that the payment
    itself brought back, empty where it brought none. `label` is what we wrote into the payment (`Attempt.label`), as
    it came back. `is_approved`: the buyer has agreed and `capture` may take the money.
    """

    state: str
    label: str = ""
    amount: Decimal | None = None
    currency: str = ""
    is_live: bool = False
    country: str = ""
    references: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    is_approved: bool = False


@dataclass(frozen=True, kw_only=True)
class RefundSnapshot:
    """What the provider says about a refund. `state` is one of `Refund.State`; `refund` is our row's id, if it has one.

    `payment` is the provider's id of the payment that it belongs to, by `Reference.Kind` and value.
    """

    state: str
    provider_refund: str
    amount: Decimal
    currency: str
    refund: int | None = None
    payment: tuple[str, str] | None = None
    problem: str = ""


@dataclass(frozen=True)
class Notice:
    """What is kept of a verified webhook: which event, of which kind, about which object."""

    event_id: str
    kind: str
    object_id: str


@dataclass(frozen=True, kw_only=True)
class Trace:
    """To whom an object of the provider belongs, by the order number and attempt number that we wrote into it.

    Another shop on the same account may write the same: `amount` and `currency` tell more.
    """

    label: str
    amount: Decimal | None = None
    currency: str = ""
    references: Mapping[str, str] = field(default_factory=dict)


class Provider(Protocol):
    """A payment provider. From `begin` on, every method may speak to it and may raise ProviderError."""

    name: str
    #: The beginning of the idempotency keys of `begin`.
    key_prefix: str
    #: How long the provider remembers an idempotency key; after that a call is never repeated.
    remembers: timedelta

    def is_live(self) -> bool:
        """Whether real money moves with the keys that are set."""

    def is_configured(self) -> bool:
        """Whether the shop has keys for this provider."""

    def serves(self, country: str, on: date) -> bool:
        """Whether a buyer with this billing country (ISO 3166 alpha-2) may pay so on that day."""

    def parameters(self, order: "Order", attempt: "Attempt") -> Parameters:
        """The exact parameters of `begin`, which are stored before it is called. Asked once an attempt."""

    def begin(self, key: str, parameters: Parameters) -> Begun:
        """Opens the payment at the provider, once the attempt is committed; may be called again with the same key.

        No money moves: the buyer has seen nothing yet.
        """

    def fetch(self, attempt: "Attempt") -> Snapshot:
        """Looks at the payment, for return page, webhook and reconciler, as often as they like. No money moves."""

    def capture(self, attempt: "Attempt") -> Snapshot:
        """Takes the money that the buyer approved. Only after a snapshot with `is_approved` whose amount is right.

        May be called again: the idempotency key follows from the provider's own id. A refused instrument is a snapshot
        of state failed, not an error.
        """

    def cancel(self, attempt: "Attempt") -> Snapshot:
        """Makes sure that the buyer can't pay this attempt any more, or says that it is paid. No money moves."""

    def refund(self, refund: "Refund") -> RefundSnapshot:
        """Gives money back, with a key that follows from the refund's row. May be called again within `remembers`."""

    def find_refund(self, refund: "Refund") -> RefundSnapshot | None:
        """Looks for a refund whose answer was lost; None where the provider has none or can't tell."""

    def fetch_refund(self, provider_refund: str) -> RefundSnapshot:
        """Looks at a refund by the provider's id."""

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> Notice | None:
        """Verifies a webhook over its raw body. None where the shop has no use for its kind. Raises Forged."""

    def is_about_refund(self, kind: str) -> bool:
        """Whether an event of this kind is about a refund; every other is about a payment."""

    def trace(self, kind: str, object_id: str) -> Trace | None:
        """To which attempt the object of an event belongs, where its id is unknown here."""
