"""The providers' own lists against our books: what moved there without our knowledge is found here (hourly).

Every entry of a statement must be in our books. One that isn't is looked into first, as a webhook would have it done;
what stays unknown is money without an order, and a person is called. Entries of another installation on the same
account bear its mark and are none of ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db.models import F
from django.db.models.functions import Mod

from payments import disputes, providers, refund_submission, traces, webhooks
from payments.models import Attempt, Dispute, Refund, Statement
from payments.money import named
from payments.providers.base import Entry, NotAllowed, NotFound, Provider, ProviderError, Subject, name_of
from privacy import alerts, clock
from privacy.models import Alert
from shop.order_desk import moment

log = structlog.get_logger(__name__)
#: So much of what was compared is compared again: lists are sorted by when something began, not by when it changed.
OVERLAP = timedelta(hours=3)
#: How far back the first comparison of an installation looks.
FIRST = timedelta(hours=6)
#: After so long without an answer a person is told.
PATIENCE = timedelta(hours=12)
#: So long after a payment its money may be given back on the provider's page (PayPal: 180 days, Stripe has no end).
REFUNDABLE = timedelta(days=181)


@dataclass
class Comparison:
    """What comparing the statements found."""

    entries: int = 0
    unmatched: int = 0
    unreachable: int = 0


def with_statements() -> list[Provider]:
    """The providers at which money moves without us: not those that people serve by hand, nor the free one."""
    found = (provider for provider in providers.everyone() if provider.is_configured())
    return [provider for provider in found if provider.choice and not provider.is_by_hand]


def compare_all() -> Comparison:
    """Compares what is new in each provider's statement; a provider that doesn't answer is asked the next time."""
    comparison = Comparison()
    for provider in with_statements():
        statement = _statement_of(provider)
        until = clock.now() - provider.statement_delay
        if until <= statement.compared_until:
            continue
        try:
            is_blind = _compare(provider, statement.compared_until - OVERLAP, until, comparison)
        except ProviderError as error:
            comparison.unreachable += 1
            log.warning("statement not compared", provider=provider.name, error=name_of(error))
            _warn_if_stuck(statement)
            continue
        Statement.objects.filter(pk=statement.pk).update(compared_until=until, is_blind=is_blind)
        alerts.close_alert("statement_stuck", provider.name)
    return comparison


def _statement_of(provider: Provider) -> Statement:
    now = clock.now()
    first = {"compared_until": now - FIRST - provider.statement_delay, "balanced_until": now.date()}
    return Statement.objects.get_or_create(provider=provider.name, defaults=first)[0]


def _warn_if_stuck(statement: Statement) -> None:
    if clock.now() - statement.compared_until > PATIENCE + providers.get(statement.provider).statement_delay:
        alerts.raise_alert(
            "statement_stuck",
            statement.provider,
            f"The statement of {statement.provider} can't be compared since {moment(statement.compared_until)}.",
        )


def _compare(provider: Provider, since: datetime, until: datetime, comparison: Comparison) -> bool:
    """Looks into every entry; returns whether the account hides its list. Raises ProviderError.

    What the provider warns of moves no money: it goes to the inbox, where its webhook may have brought it before.
    """
    for warning in provider.fraud_warnings(since, until):
        webhooks.take_in(provider.name, warning)
    try:
        for entry in provider.statement(since, until):
            comparison.entries += 1
            if not _is_in_books(provider, entry):
                comparison.unmatched += 1
                _call(provider, entry)
    except NotAllowed as hidden:
        log.info("statement hidden", provider=provider.name, error=hidden.code)
        _ask_one_by_one(provider, since, until)
        return True
    return False


def _is_in_books(provider: Provider, entry: Entry) -> bool:
    """Whether an entry is ours and known, or somebody else's. What is new is taken in first. Raises ProviderError."""
    if not traces.is_ours(entry.installation):
        return True
    if entry.subject == Subject.PAYMENT:
        attempt = traces.of_payment(provider.name, entry.payment)
        return attempt is not None and attempt.state == Attempt.State.CAPTURED
    if traces.known([entry.payment[1]], provider=provider.name) is None:
        return True  # of a payment that is somebody else's, or has its own alert
    if entry.subject == Subject.REFUND:
        return _has_refund(provider, entry)
    return _has_dispute(provider, entry)


def _has_refund(provider: Provider, entry: Entry) -> bool:
    def is_known() -> bool:
        found = Refund.objects.filter(provider_refund=entry.identifier)
        counted = found.filter(state=Refund.State.FAILED) if entry.amount == 0 else found.exclude(state="failed")
        return counted.exists()

    if not is_known():
        try:
            refund_submission.look(provider.name, entry.identifier)
        except NotFound:
            return False
    return entry.amount == 0 or is_known()


def _has_dispute(provider: Provider, entry: Entry) -> bool:
    def is_known() -> bool:
        return Dispute.objects.filter(provider_dispute=entry.identifier, withdrawn=entry.amount).exists()

    # Whether it is still open isn't money: a dispute that was decided without a webhook is seen here as well.
    if not is_known() or Dispute.objects.filter(provider_dispute=entry.identifier, state=Dispute.State.OPEN).exists():
        disputes.look(provider.name, entry.identifier)
    return is_known()


def _call(provider: Provider, entry: Entry) -> None:
    """Calls a person once about an entry, even if they closed the alert since."""
    key = f"{provider.name}:{entry.identifier}"[:120]
    if Alert.objects.filter(kind="unmatched_money", key=key).exists():
        return
    alerts.raise_alert(
        "unmatched_money",
        key,
        f"{provider.name} shows a {entry.subject} of {named(entry.amount, entry.currency)} on {moment(entry.at)} that "
        f"no order of ours knows: {entry.identifier}.",
    )


def _ask_one_by_one(provider: Provider, since: datetime, until: datetime) -> None:
    """Without a list, what we know is asked for, one by one: a payment or refund that is otherwise there than here."""
    of_provider = {"provider": provider.name, "state": Attempt.State.CAPTURED}
    _look_again(Attempt.objects.filter(**of_provider, captured_at__gte=since, captured_at__lt=until), provider)
    finished = Refund.objects.filter(attempt__provider=provider.name, finished_at__gte=since, finished_at__lt=until)
    for provider_refund in finished.exclude(provider_refund="").values_list("provider_refund", flat=True):
        refund_submission.look(provider.name, provider_refund)
    _look_for_refunds(provider, until)


def _look_for_refunds(provider: Provider, until: datetime) -> None:
    """What was given back on the provider's page, and no webhook told: each payment once a day, a share every hour."""
    captured = Attempt.objects.filter(provider=provider.name, state=Attempt.State.CAPTURED, amount__gt=0)
    share = captured.annotate(hour=Mod(F("pk"), 24)).filter(hour=until.hour, captured_at__gte=until - REFUNDABLE)
    for attempt in share.order_by("pk").iterator():
        try:
            refunds = provider.refunds_of(attempt)
        except NotFound:
            continue  # its own day's balance says so
        for made in refunds:
            if not Refund.objects.filter(attempt=attempt, provider_refund=made.provider_refund).exists():
                refund_submission.look(provider.name, made.provider_refund)


def _look_again(captured: Iterable[Attempt], provider: Provider) -> None:
    for attempt in captured:
        if not is_there(provider, attempt):
            alerts.raise_alert(
                "payment_differs",
                str(attempt.pk),
                f"Attempt {attempt.pk} is captured here with {named(attempt.amount, attempt.currency)}, and not so at "
                f"{provider.name}.",
            )


def is_there(provider: Provider, attempt: Attempt) -> bool:
    """Whether the provider, asked for this payment alone, says the same as our books. Raises ProviderError."""
    try:
        said = provider.fetch(attempt)
    except NotFound:
        return False
    return (said.state, said.amount, said.currency) == (attempt.state, attempt.amount, attempt.currency)
