"""Every day's totals at a provider against ours: captures, less refunds, less what disputes withdrew, to the cent.

Sums are taken over the same payments on both sides, by the provider's ids, as the two clocks don't agree on the moment
of each: what one side has and the other hasn't is the difference. A provider that shows its list to nobody is asked for
each payment, refund and dispute that we know.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import structlog
from django.conf import settings

from payments import known_movements, statements, traces
from payments.models import Attempt, Dispute, Refund, Statement
from payments.money import named
from payments.providers.base import Entry, NotAllowed, Provider, ProviderError, Subject, name_of
from privacy import alerts, clock

log = structlog.get_logger(__name__)
DAY = timedelta(days=1)
#: A day is balanced this long after its end, when what happened at midnight has settled on both sides.
AFTER = timedelta(hours=1)
#: In which direction an entry moves our balance at the provider.
SIGNS = {Subject.PAYMENT: 1, Subject.REFUND: -1, Subject.DISPUTE: -1}


@dataclass
class Balance:
    """What moved on a day, net, by currency: as the provider says, and as our books do."""

    provider: str
    day: date
    theirs: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    ours: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    @property
    def differences(self) -> dict[str, Decimal]:
        """What the provider has more than we, by currency; negative where it has less. Only what isn't zero."""
        currencies = sorted({*self.theirs, *self.ours})
        found = {currency: self.theirs[currency] - self.ours[currency] for currency in currencies}
        return {currency: difference for currency, difference in found.items() if difference}


@dataclass
class Balancing:
    """What balancing the days found."""

    balances: list[Balance] = field(default_factory=list)
    unreachable: int = 0


def balance_all() -> Balancing:
    """Balances each day that is over and wasn't balanced yet; a day whose provider doesn't answer stays to be done."""
    balancing = Balancing()
    there = {provider.name: provider for provider in statements.with_statements()}
    for statement in Statement.objects.filter(provider__in=there):
        provider = there[statement.provider]
        try:
            for day in _due(statement.balanced_until, provider):
                balance = balance_of(provider, day)
                balancing.balances.append(balance)
                _tell(balance)
                Statement.objects.filter(pk=statement.pk).update(balanced_until=day + DAY)
        except ProviderError as error:
            balancing.unreachable += 1
            log.warning("day not balanced", provider=provider.name, error=name_of(error))
    return balancing


def _due(first: date, provider: Provider) -> list[date]:
    last = (clock.now() - provider.statement_delay - AFTER).date()
    return [first + DAY * count for count in range(max((last - first).days, 0))]


def balance_of(provider: Provider, day: date) -> Balance:
    """Both sides of one day (UTC). Raises ProviderError."""
    start = datetime.combine(day, time.min, UTC)
    balance = Balance(provider.name, day)
    try:
        # The neighbors too: what we wrote down on this day may be of the evening before there.
        listed = [entry for entry in provider.statement(start - DAY, start + 2 * DAY) if _is_ours(provider, entry)]
    except NotAllowed as hidden:
        log.info("statement hidden", provider=provider.name, error=hidden.code)
        for movement in known_movements.between(provider, start, start + DAY):
            balance.theirs[movement.currency] += movement.theirs
            balance.ours[movement.currency] += movement.ours
        return balance
    for entry in listed:
        if start <= entry.at < start + DAY or entry.subject == Subject.DISPUTE:
            sign = SIGNS[entry.subject]
            balance.theirs[entry.currency] += sign * entry.amount
            balance.ours[entry.currency] += sign * _in_our_books(provider, entry)
    _add_what_only_we_have(balance, provider, start, {entry.identifier for entry in listed}, _payments(listed))
    return balance


def _is_ours(provider: Provider, entry: Entry) -> bool:
    """Of a payment that we know, or that bears our mark: money without either has an alert of its own."""
    if entry.installation:
        return entry.installation == settings.INSTALLATION
    return traces.known([entry.payment[1]], provider=provider.name) is not None


def _payments(entries: list[Entry]) -> set[str]:
    return {entry.payment[1] for entry in entries if entry.subject == Subject.PAYMENT}


def _in_our_books(provider: Provider, entry: Entry) -> Decimal:
    """What our books say about the same thing; nothing where they don't know it."""
    if entry.subject == Subject.PAYMENT:
        attempt = traces.known([entry.payment[1]], provider=provider.name)
        return attempt.amount if attempt is not None and attempt.state == Attempt.State.CAPTURED else Decimal(0)
    if entry.subject == Subject.REFUND:
        refund = Refund.objects.filter(provider_refund=entry.identifier).exclude(state=Refund.State.FAILED).first()
        return refund.amount if refund else Decimal(0)
    dispute = Dispute.objects.filter(provider_dispute=entry.identifier).first()
    return dispute.withdrawn if dispute else Decimal(0)


def _add_what_only_we_have(
    balance: Balance, provider: Provider, start: datetime, listed: set[str], paid: set[str]
) -> None:
    """Payments and refunds that we wrote down on the day, and that the list doesn't have. Each is asked for alone: we
    may have learned of it days later."""
    day = {"captured_at__gte": start, "captured_at__lt": start + DAY}
    captured = Attempt.objects.filter(provider=provider.name, state=Attempt.State.CAPTURED, amount__gt=0, **day)
    for attempt in captured.exclude(references__value__in=paid):
        if not statements.is_there(provider, attempt):
            balance.ours[attempt.currency] += attempt.amount
    made = Refund.objects.filter(
        attempt__provider=provider.name,
        state=Refund.State.SUCCEEDED,
        finished_at__gte=start,
        finished_at__lt=start + DAY,
    )
    for refund in made.exclude(provider_refund__in=[*listed, ""]).select_related("attempt"):
        if provider.fetch_refund(refund.provider_refund).state == Refund.State.FAILED:
            balance.ours[refund.attempt.currency] -= refund.amount


def _tell(balance: Balance) -> None:
    log.info("day balanced", provider=balance.provider, day=balance.day.isoformat(), is_equal=not balance.differences)
    for currency, difference in balance.differences.items():
        alerts.raise_alert(
            "ledger_difference",
            f"{balance.provider}:{balance.day}:{currency}",
            f"{balance.provider}, {balance.day}: {named(balance.theirs[currency], currency)} moved there, "
            f"{named(balance.ours[currency], currency)} in our books. The difference is {named(difference, currency)}.",
        )
