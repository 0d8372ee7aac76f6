"""What providers answer, in our words. Money is `Decimal` in the major unit; moments are in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

#: JSON that goes out to a provider.
Parameters = dict[str, Any]


class Subject(StrEnum):
    """What an event, or an entry of a provider's statement, is about."""

    PAYMENT = "payment"
    REFUND = "refund"
    DISPUTE = "dispute"
    FRAUD_WARNING = "fraud warning"


class Redaction(StrEnum):
    """How far a provider is in taking what names a person out of its objects."""

    GOES_ON = "goes on"
    DONE = "done"
    REFUSED = "refused"


class Risk(StrEnum):
    """What a provider makes of a payment's risk, where it is more than usual."""

    ELEVATED = "elevated"
    HIGHEST = "highest"


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A payment that waits for the buyer at `url`; `references` are the provider's ids by their kind.

    Without a `url` there is nowhere to send the buyer: the payment is looked at instead.
    """

    url: str
    references: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What the provider says about an attempt now. `state` is one of `Attempt.State`.

    `amount` and `currency` are what was captured, or is to be; `country` is the billing country that the payment
    itself brought back, empty where it brought none. `label` is what we wrote into the payment (`Attempt.label`), as
    it came back, `installation` whose mark it bears; each empty where it bears none. `is_approved`: the buyer has
    agreed and `capture` may take the money. `account_country` is that of the card or account, where the provider says
    it: a piece of evidence of where the buyer is.

    For the fraud review: `card` is the provider's own word for the card, the same for each of its payments; `risk` one
    of `Risk`, empty where the provider sees nothing unusual or says nothing; `is_unprotected` says that it won't bear
    the loss of a dispute. None of them is stored.
    """

    state: str
    label: str = ""
    installation: str = ""
    amount: Decimal | None = None
    currency: str = ""
    is_live: bool = False
    country: str = ""
    account_country: str = ""
    card: str = ""
    risk: str = ""
    is_unprotected: bool = False
    references: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    is_approved: bool = False


@dataclass(frozen=True, kw_only=True)
class RefundSnapshot:
    """What the provider says about a refund. `state` is one of `Refund.State`; `refund` is our row's id, if it has one.

    `payment` is the provider's id of the payment that it belongs to, by its kind and value.
    """

    state: str
    provider_refund: str
    amount: Decimal
    currency: str
    refund: int | None = None
    payment: tuple[str, str] | None = None
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class DisputeSnapshot:
    """What the provider says about a dispute. `state` is one of `Dispute.State`; `reason` is the provider's word.

    `is_withdrawn`: the provider has taken the amount from our balance and not given it back. `respond_by` is the last
    moment at which evidence is taken, None where none is asked for.
    """

    state: str
    provider_dispute: str
    payment: tuple[str, str]
    amount: Decimal
    currency: str
    reason: str
    is_withdrawn: bool
    opened_at: datetime
    respond_by: datetime | None = None


@dataclass(frozen=True)
class Notice:
    """What is kept of a verified webhook: which event, of which kind, about which object."""

    event_id: str
    kind: str
    object_id: str


@dataclass(frozen=True, kw_only=True)
class Trace:
    """To whom an object of the provider belongs, by what we wrote into it: order number, attempt number, installation.

    Another shop on the same account may write the same label: installation, amount and currency tell more.
    """

    label: str
    amount: Decimal | None = None
    currency: str = ""
    installation: str = ""
    references: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of the provider's statement: money that moved, or moved and came back, at a moment.

    `amount` is what counts now: zero for a refund that failed or a dispute that was won. It is never negative: the
    subject says the direction. `payment` is the id of the payment it belongs to, by its kind and value; `label` and
    `installation` are what the payer of another installation on the same account bears as well.
    """

    subject: Subject
    identifier: str
    payment: tuple[str, str]
    amount: Decimal
    currency: str
    at: datetime
    label: str = ""
    installation: str = ""
