"""What the shop asks of a payment provider: when each question is asked, and when money may move.

Money is `Decimal` in the major unit here; each provider turns it into what its own interface wants. No method is called
while a database lock is held, and none writes to the database: answers are applied by `payments.settlement` and
`payments.refunds` alone.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from payments.providers.answers import Begun as Begun
from payments.providers.answers import DisputeSnapshot as DisputeSnapshot
from payments.providers.answers import Entry as Entry
from payments.providers.answers import Notice as Notice
from payments.providers.answers import Parameters as Parameters
from payments.providers.answers import Redaction as Redaction
from payments.providers.answers import RefundSnapshot as RefundSnapshot
from payments.providers.answers import Risk as Risk
from payments.providers.answers import Snapshot as Snapshot
from payments.providers.answers import Subject as Subject
from payments.providers.answers import Trace as Trace
from shop.checkout import TIME_TO_PAY

if TYPE_CHECKING:
    from payments.models import Attempt, Refund
    from shop.models import Order


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


class AnotherTime(ProviderError):
    """A moment that we named is too early or too late there, as the clocks differ: theirs is `ahead` of ours."""

    def __init__(self, code: str, *, ahead: timedelta) -> None:
        super().__init__(code, permanent=True)
        self.ahead = ahead


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


class NotAllowed(ProviderError):
    """The account doesn't have this part of the provider's interface. A person may add it; asking again doesn't."""

    def __init__(self, code: str) -> None:
        super().__init__(code, permanent=False)


@dataclass(frozen=True)
class Choice:
    """How buyers choose a provider: the name of the method, its words, and the end of the button's sentence."""

    name: str
    label: str
    hint: str
    button: str


class Provider(ABC):
    """A payment provider. From `begin` on, every method may speak to it and may raise ProviderError.

    A provider writes what it can do, and leaves the rest as it is here: what isn't written, it can't. The first group
    of methods is needed of all.
    """

    name: str
    #: The beginning of the idempotency keys of `begin`.
    key_prefix: str
    #: How long the provider remembers an idempotency key; after that a call is never repeated.
    remembers = timedelta(0)
    #: None where it isn't for buyers to choose.
    choice: Choice | None = None
    #: How it names its payment in the address that the buyer comes back to, and the kind of that id.
    return_query: tuple[str, str] | None = None
    sends_webhooks = False
    #: How long an order waits for a payment that was begun here.
    time_to_pay = TIME_TO_PAY
    #: Whether a captured payment must bring the billing country back.
    needs_country = False
    #: Whether people at the desk record what arrived and what they sent back, as nobody can be asked.
    is_by_hand = False
    #: How long after it happened its statement may still lack an entry.
    statement_delay = timedelta(0)

    @abstractmethod
    def is_live(self) -> bool:
        """Whether real money moves with the keys that are set."""

    @abstractmethod
    def is_configured(self) -> bool:
        """Whether the shop has keys for this provider."""

    @abstractmethod
    def serves(self, country: str, on: date) -> bool:
        """Whether a buyer with this billing country (ISO 3166 alpha-2) may pay so on that day."""

    @abstractmethod
    def parameters(self, order: "Order", attempt: "Attempt") -> Parameters:
        """The exact parameters of `begin`, which are stored before it is called. Asked once an attempt."""

    def moved(self, parameters: Parameters, ahead: timedelta) -> Parameters:
        """The same parameters for a provider whose clock is so much ahead of ours, which it said by `AnotherTime`."""
        return parameters

    @abstractmethod
    def begin(self, key: str, parameters: Parameters) -> Begun:
        """Opens the payment at the provider, once the attempt is committed; may be called again with the same key.

        No money moves: the buyer has seen nothing yet.
        """

    @abstractmethod
    def fetch(self, attempt: "Attempt") -> Snapshot:
        """Looks at the payment, for return page, webhook and reconciler, as often as they like. No money moves."""

    @abstractmethod
    def cancel(self, attempt: "Attempt") -> Snapshot:
        """Makes sure that the buyer can't pay this attempt any more, or says that it is paid. No money moves."""

    # --- What not every provider can ----------------------------------------------------------------------------------

    def capture(self, attempt: "Attempt") -> Snapshot:
        """Takes the money that the buyer approved. Only after a snapshot with `is_approved` whose amount is right.

        May be called again: the idempotency key follows from the provider's own id. A refused instrument is a snapshot
        of state failed, not an error. A provider that takes the money itself is only looked at.
        """
        return self.fetch(attempt)

    def refund(self, refund: "Refund") -> RefundSnapshot:
        """Gives money back, with a key that follows from the refund's row. May be called again within `remembers`.

        A provider that people serve by hand answers that the refund is under way.
        """
        raise NotFound("no_refunds")

    def fetch_refund(self, provider_refund: str) -> RefundSnapshot:
        """Looks at a refund by the provider's id."""
        raise NotFound("no_refunds")

    def refunds_of(self, attempt: "Attempt") -> Sequence[RefundSnapshot]:
        """All refunds that the provider has of a captured payment; none where it can't tell."""
        return ()

    def instructions(self, attempt: "Attempt") -> list[tuple[str, str]]:
        """What the buyer needs to pay without a page of the provider: statements and values, in order."""
        return []

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> Notice | None:
        """Verifies a webhook over its raw body. None where the shop has no use for its kind. Raises Forged."""
        raise Forged("this provider sends no webhooks")

    def subject_of(self, kind: str) -> Subject:
        """What an event of this kind is about."""
        return Subject.PAYMENT

    def trace(self, kind: str, object_id: str) -> Trace | None:
        """To which attempt the object of an event belongs, where its id is unknown here."""
        return None

    def trace_payment(self, kind: str, value: str) -> Trace | None:
        """The same for a payment of which another object gave the id, by its kind and value."""
        return None

    def refunds_behind(self, kind: str, object_id: str) -> list[str]:
        """The ids of the refunds that an event about a payment tells of; none where each has an event of its own."""
        return []

    def fetch_dispute(self, provider_dispute: str) -> DisputeSnapshot:
        """Looks at a dispute by the provider's id."""
        raise NotFound("no_disputes")

    def warned_payment(self, object_id: str) -> tuple[str, str]:
        """The payment that a fraud warning is about, by the kind and value of its id."""
        raise NotFound("no_warnings")

    def fraud_warnings(self, since: datetime, until: datetime) -> Iterable[Notice]:
        """The warnings of fraud that came between two moments, as webhooks would have told of them."""
        return ()

    def dashboard(self, provider_dispute: str) -> str:
        """Where a person answers a dispute; empty where there is no such page."""
        return ""

    def redact(self, key: str, references: Mapping[str, Sequence[str]]) -> str:
        """Asks the provider to take what names a person out of payments, by the kinds and values of their ids.

        Gives the id of the provider's job. May be called again with the same key within `remembers`. Raises NotAllowed
        where the account has no such thing: then a person does it by hand.
        """
        raise NotAllowed("no_redaction")

    def redaction(self, job: str) -> "Redaction":
        """How far such a job is; one that waits to be run is run."""
        raise NotFound("no_redaction")

    def redaction_guide(self) -> Sequence[str]:
        """What a person has to do at the provider instead, a sentence each."""
        return ()

    def statement(self, since: datetime, until: datetime) -> Iterator[Entry]:
        """What the provider's own list says moved between two moments, for this account, whoever's it is.

        Raises NotAllowed where the account has no such list.
        """
        raise NotAllowed("no_statement")
