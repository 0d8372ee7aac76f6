"""What a provider says of the movements that we know, one by one: for accounts that may not see their own list."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q

from payments.models import Attempt, Dispute, Refund
from payments.providers.base import NotFound, Provider

NOTHING = Decimal(0)


class Movement(NamedTuple):
    """What one payment, refund or dispute moved, in its currency: as the provider says, and as our books do.

    Refunds and disputes are negative.
    """

    currency: str
    theirs: Decimal
    ours: Decimal


def between(provider: Provider, start: datetime, end: datetime) -> Iterator[Movement]:
    """Whatever our books have at this provider from one moment on and before another. Raises ProviderError.

    Also what they hold to have moved nothing: a payment that was given up, a refund that failed.
    """
    yield from _payments(provider, start, end)
    yield from _refunds(provider, start, end)
    yield from _disputes(provider, start, end)


def _payments(provider: Provider, start: datetime, end: datetime) -> Iterator[Movement]:
    captured = Q(captured_at__gte=start, captured_at__lt=end)
    given_up = Q(captured_at__isnull=True, created_at__gte=start, created_at__lt=end)
    known = Attempt.objects.filter(captured | given_up, provider=provider.name, amount__gt=0)
    for attempt in known.filter(references__isnull=False).distinct().order_by("pk"):
        ours = attempt.amount if attempt.state == Attempt.State.CAPTURED else NOTHING
        try:
            said = provider.fetch(attempt)
        except NotFound:
            yield Movement(attempt.currency, NOTHING, ours)
            continue
        if said.state != Attempt.State.CAPTURED:
            yield Movement(attempt.currency, NOTHING, ours)
        elif said.currency == attempt.currency:
            yield Movement(attempt.currency, said.amount or NOTHING, ours)
        else:
            yield Movement(attempt.currency, NOTHING, ours)
            yield Movement(said.currency, said.amount or NOTHING, NOTHING)


def _refunds(provider: Provider, start: datetime, end: datetime) -> Iterator[Movement]:
    known = Refund.objects.filter(attempt__provider=provider.name, finished_at__gte=start, finished_at__lt=end)
    for refund in known.exclude(provider_refund="").select_related("attempt").order_by("pk"):
        ours = -refund.amount if refund.state == Refund.State.SUCCEEDED else NOTHING
        try:
            said = provider.fetch_refund(refund.provider_refund)
            theirs = NOTHING if said.state == Refund.State.FAILED else -said.amount
        except NotFound:
            theirs = NOTHING
        yield Movement(refund.attempt.currency, theirs, ours)


def _disputes(provider: Provider, start: datetime, end: datetime) -> Iterator[Movement]:
    """By the day on which they were opened: that is when a provider's list has them."""
    known = Dispute.objects.filter(attempt__provider=provider.name, opened_at__gte=start, opened_at__lt=end)
    for dispute in known.exclude(provider_dispute="").select_related("attempt").order_by("pk"):
        try:
            said = provider.fetch_dispute(dispute.provider_dispute)
            theirs = -said.amount if said.is_withdrawn else NOTHING
        except NotFound:
            theirs = NOTHING
        yield Movement(dispute.attempt.currency, theirs, -dispute.withdrawn)
