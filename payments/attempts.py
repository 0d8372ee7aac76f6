"""Trying to pay: an attempt is written, the provider is called, the buyer is sent there."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from payments import attempt_statements, fraud, providers, settlement
from payments.models import OPEN, Attempt, ProviderCall
from payments.providers.base import AnotherTime, Begun, NoAnswer, Provider, ProviderError, Snapshot
from payments.timetable import next_look
from privacy import clock
from shop import orders, stock
from shop.checkout import TIME_TO_PAY
from shop.models import Order
from shop.payment_methods import PaymentUnavailable

log = structlog.get_logger(__name__)
State = Attempt.State

IN_STEP = timedelta(0)
AGAIN = "We could not reach the payment page. Nothing was taken. Try again in a minute, or choose another way to pay."
ELSEWHERE = "This way to pay isn't offered in your country. Choose another one."
TOO_LATE = "The time to pay this order has ended. Nothing was taken. Please place the order again."


def begin(order: Order, provider_name: str, *, address: str = "", ahead: timedelta = IN_STEP) -> str:
    """Begins to pay the whole order and returns the address to send the buyer to.

    That is the provider's page; or the order's own where there is none, or it is paid, or being paid, already. An older
    attempt that waits is closed at its provider first, so that one order has one open page. A provider whose clock is
    `ahead` of ours, which it says when it refuses, is asked anew by its own. `address` is the visitor's, for the fraud
    review, which may cancel the order. Raises PaymentUnavailable.
    """
    provider = providers.get(provider_name if order.total else "free")
    if not provider.serves(order.country, clock.today()):
        raise PaymentUnavailable(ELSEWHERE)
    if ahead == IN_STEP and fraud.before_payment(order, address=address):
        return orders.path(order)
    seen = fraud.hashes(order, address=address)
    is_new = order.state == Order.State.PENDING_PAYMENT
    opened = _create(order, provider, number=1, ahead=ahead, seen=seen) if is_new else None
    opened = opened or _open(order, provider, ahead, seen)
    if opened is None:
        return orders.path(order)
    attempt, call = opened
    try:
        begun = provider.begin(call.key, call.parameters)
    except ProviderError as error:
        log.warning(
            "payment not begun", order=order.number, attempt=attempt.pk, provider=provider.name, error=error.code
        )
        if isinstance(error, AnotherTime) and ahead == IN_STEP:
            settlement.apply_snapshot(attempt.pk, Snapshot(state=State.CANCELLED, problem=error.code))
            return begin(order, provider_name, address=address, ahead=error.ahead)
        if not isinstance(error, NoAnswer):
            # Whatever stands at the provider, nobody was given its address: the next try may have a key of its own.
            settlement.apply_snapshot(attempt.pk, Snapshot(state=State.FAILED, problem=error.code))
        raise PaymentUnavailable(AGAIN) from error
    if not begun.url:
        settlement.look(attempt)
        return orders.path(order)
    return begun.url if _store(attempt, call.key, begun) else orders.path(order)


def _create(
    order: Order, provider: Provider, *, number: int, ahead: timedelta, seen: Mapping[str, str]
) -> tuple[Attempt, ProviderCall] | None:
    """A new attempt with its call, both committed; None where another one is in the way, or the order can't be paid."""
    now = clock.now()
    attempt = Attempt(
        order=order,
        number=number,
        provider=provider.name,
        amount=order.total,
        currency=order.currency,
        is_live=provider.is_live(),
        next_look_at=None if provider.is_by_hand else next_look(now, looks=0),
    )
    until, order.expires_at = order.expires_at, _deadline(order, provider, now)
    key = f"{provider.key_prefix}:{order.number}:{number}"
    parameters = provider.moved(provider.parameters(order, attempt), ahead)
    if not attempt_statements.insert(attempt, key=key, parameters=parameters, now=now, seen=seen):
        return None
    if order.expires_at != until:
        stock.keep(order, until=order.expires_at)
    return attempt, ProviderCall(key=key, attempt=attempt, parameters=parameters)


def _deadline(order: Order, provider: Provider, now: datetime) -> datetime:
    """Until when the order waits. Who turns from a bank transfer to a card has no more time than with a card."""
    if provider.time_to_pay > TIME_TO_PAY:
        return max(order.expires_at, order.placed_at + provider.time_to_pay)
    return min(order.expires_at, now + provider.time_to_pay)


def _open(
    order: Order, provider: Provider, ahead: timedelta, seen: Mapping[str, str]
) -> tuple[Attempt, ProviderCall] | None:
    """The same for an order that was tried before: the older attempt is closed, or the call without an answer resumed.

    None where there is nothing left to pay.
    """
    for _ in range(3):
        tried = list(Attempt.objects.filter(order=order))
        order.refresh_from_db(fields=["state", "expires_at"])
        if _is_settled(order, tried):
            return None
        if order.state != Order.State.PENDING_PAYMENT or order.expires_at <= clock.now():
            raise PaymentUnavailable(TOO_LATE)
        waiting = next((attempt for attempt in tried if attempt.state in OPEN), None)
        if waiting is None:
            created = _create(order, provider, number=len(tried) + 1, ahead=ahead, seen=seen)
            if created is not None:
                return created
            continue  # another one was faster: look again
        if waiting.state == State.REQUIRES_ACTION and waiting.provider == provider.name and provider.is_by_hand:
            return None  # the buyer knows how to pay, and may have sent the money
        if waiting.state == State.CREATED and waiting.provider == provider.name:
            call = ProviderCall.objects.filter(attempt=waiting).first()
            if call is not None:
                return waiting, call
        waiting.order = order
        _give_way(waiting)
    raise PaymentUnavailable(AGAIN)


def _is_settled(order: Order, tried: list[Attempt]) -> bool:
    if order.state in {Order.State.PAID, Order.State.ON_HOLD}:
        return True
    return any(attempt.state in {State.PROCESSING, State.CAPTURED} for attempt in tried)


def _store(attempt: Attempt, key: str, begun: Begun) -> bool:
    """Keeps the provider's ids. False where the attempt was closed or paid meanwhile: its page is not to be shown."""
    if attempt_statements.answered(attempt, key=key, begun=begun):
        return True
    attempt.refresh_from_db(fields=["state"])
    if attempt.state == State.CANCELLED:
        _give_way(attempt)
    return attempt.state == State.REQUIRES_ACTION


def close(attempt: Attempt) -> None:
    """Closes an attempt at its provider, or learns that it is paid already. Raises ProviderError."""
    settlement.apply_snapshot(attempt.pk, providers.get(attempt.provider).cancel(attempt))


def _give_way(attempt: Attempt) -> None:
    """Closes an attempt whose buyer pays otherwise.

    Where the provider can't be reached, the reconciler closes it there; should it be paid nevertheless, the second
    payment goes back.
    """
    try:
        close(attempt)
    except ProviderError as error:
        log.warning("attempt not closed", attempt=attempt.pk, provider=attempt.provider, error=error.code)
        settlement.apply_snapshot(attempt.pk, Snapshot(state=State.CANCELLED))
        Attempt.objects.filter(pk=attempt.pk, state=State.CANCELLED).update(
            next_look_at=next_look(clock.now(), looks=0)
        )
