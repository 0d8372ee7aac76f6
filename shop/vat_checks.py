"""What is known of a buyer's VAT number: asked of VIES before the order, and after it for as long as nobody answers.

A yes travels with the form, signed, from the page that shows the total without tax to the press of the button: VIES is
asked once, and nothing of a buyer is stored before there is an order. With the order its answer becomes a `VatCheck`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.core import signing
from django.db import transaction

from privacy import alerts, clock, mails, rate_limits
from privacy.prepared_queries import PreparedInsert
from shop import orders, vies
from shop.models import Order, OrderEvent, VatCheck
from shop.tax import Number

log = structlog.get_logger(__name__)
State = VatCheck.State
_CHECK = PreparedInsert(VatCheck)
_SALT = "shop.vat_checks"
#: How long a yes counts that came with the form.
FRESH = timedelta(hours=1)
#: Pauses between two questions grow from the first to the second; after that many days of asking a person is told.
FIRST_PAUSE, LONGEST_PAUSE, PATIENCE = timedelta(minutes=2), timedelta(hours=6), timedelta(days=30)
#: The questions that fit into these days. They are counted, not the days: the time until an order is paid, or in which
#: the worker stood still, is no patience spent, and who has it asked again by hand gets as many once more.
MOST_TRIES = PATIENCE // LONGEST_PAUSE


@dataclass(frozen=True)
class Known:
    """What is known of a number. `problem` is why nobody could say."""

    state: Number
    consultation: str = ""
    answered_at: datetime | None = None
    problem: str = ""


NOTHING = Known(Number.NONE)


def ask(number: str, address: str) -> Known:
    """Asks VIES about a number that has the right form, for a visitor's connection; never raises.

    Who asks very often is no longer asked for: the number stays pending, as when VIES is busy, and nobody is stopped.
    """
    if not rate_limits.allow("vat-number", address, most=20, seconds=600):
        return Known(Number.PENDING, problem="TOO_MANY")
    return _ask(number)


def _ask(number: str) -> Known:
    try:
        answer = vies.ask(number)
    except vies.Refused as refused:
        alerts.raise_alert(
            "vies_refused",
            refused.code,
            f"VIES refuses our questions: {refused.code}. Look at VAT_NUMBER, VIES_URL.",
        )
        return Known(Number.PENDING, problem=refused.code)
    except vies.NoAnswer as reason:
        log.warning("VIES gave no answer", reason=reason.code)
        return Known(Number.PENDING, problem=reason.code)
    return Known(Number.VALID if answer.is_valid else Number.INVALID, answer.consultation, clock.now())


def proof(number: str, known: Known) -> str:
    """A yes as text that only this shop can write, for the form; empty for everything else."""
    if known.state is not Number.VALID or known.answered_at is None:
        return ""
    return signing.dumps([number, known.consultation, known.answered_at.isoformat()], salt=_SALT)


def proven(number: str, text: str) -> Known | None:
    """The yes of a proof, if it is one about this number, and fresh."""
    try:
        about, consultation, at = signing.loads(text, salt=_SALT, max_age=FRESH)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Known(Number.VALID, consultation, datetime.fromisoformat(at)) if about == number else None


def write(order: Order, known: Known) -> None:
    """Keeps with the order what is known of its number. Part of the transaction that places it."""
    now = clock.now()
    _CHECK.write(
        VatCheck(
            order=order,
            state=State(known.state.value),
            consultation=known.consultation,
            answered_at=known.answered_at,
            asked_at=known.answered_at or now,
            next_try_at=now + FIRST_PAUSE if known.state is Number.PENDING else None,
            problem=known.problem,
        )
    )


# --- Healing ----------------------------------------------------------------------------------------------------------


def ask_due(limit: int = 20) -> int:
    """Asks again about the numbers of paid orders whose time has come; returns how many were asked about."""
    if not vies.is_configured():
        return 0
    due = VatCheck.objects.filter(
        state=State.PENDING, next_try_at__lte=clock.now(), order__state=Order.State.PAID, order__party__isnull=False
    )
    count = 0
    for pk, seen, tries in list(due.order_by("next_try_at", "pk").values_list("pk", "next_try_at", "tries")[:limit]):
        if seen and _claim(pk, seen, tries):
            ask_again(pk)
            count += 1
    return count


def _claim(pk: int, seen: datetime, tries: int) -> bool:
    """One UPDATE takes the row: another worker that saw the same time simply loses."""
    pause = min(FIRST_PAUSE * 2 ** min(tries, 12), LONGEST_PAUSE)
    taken = VatCheck.objects.filter(pk=pk, next_try_at=seen, state=State.PENDING)
    return bool(taken.update(next_try_at=clock.now() + pause, tries=tries + 1, asked_at=clock.now()))


def ask_again(check_id: int) -> None:
    """Asks about one order's number, with no lock held meanwhile, and applies the answer."""
    number = VatCheck.objects.values_list("order__party__vat_number", flat=True).get(pk=check_id)
    if number:
        apply(check_id, _ask(number))


@transaction.atomic
def apply(check_id: int, known: Known) -> VatCheck:
    """Writes an answer, with what follows from it, under the order's lock. Quiet where there was one before.

    Valid: the tax that was charged goes back, for which `payments` looks at this row. Invalid: a mail explains.
    """
    order = orders.lock(VatCheck.objects.values_list("order_id", flat=True).get(pk=check_id))
    check = VatCheck.objects.get(pk=check_id)
    if check.state != State.PENDING:
        return check
    if known.state is Number.VALID:
        proof = {"consultation": known.consultation, "answered_at": known.answered_at}
        check.move_to(State.VALID, **proof, next_try_at=None, problem="", returns_tax=order.tax > 0)
        orders.record(order, OrderEvent.Kind.VAT_CONFIRMED)
    elif known.state is Number.INVALID:
        check.move_to(State.INVALID, answered_at=known.answered_at, next_try_at=None, problem="")
        orders.record(order, OrderEvent.Kind.VAT_REFUSED)
        mails.queue("vat_number_invalid", order.pk)
    elif check.tries >= MOST_TRIES:
        check.move_to(State.GIVEN_UP, next_try_at=None, problem=known.problem)
        alerts.raise_alert(
            "vat_number_unanswered",
            order.number,
            f"VIES said nothing about the VAT number of order {order.number} for {PATIENCE.days} days of asking. "
            "Have it asked again on the order's page.",
        )
    else:
        check.problem = known.problem
        check.save(update_fields=["problem"])
    return check


def can_be_asked(order: Order) -> bool:
    """Whether VIES hasn't answered about the number of this order, and can be asked again."""
    check: VatCheck | None = getattr(order, "vat_check", None)
    return check is not None and check.state in {State.PENDING, State.GIVEN_UP}


@transaction.atomic
def ask_anew(order_id: int, *, by: Any) -> bool:
    """Has the worker ask about an order's number at once, and then as often as in the beginning.

    False where there is nothing to ask: no number, or an answer.
    """
    order = orders.lock(order_id)
    check = VatCheck.objects.filter(order=order, state__in=[State.PENDING, State.GIVEN_UP]).first()
    if check is None:
        return False
    if check.state == State.GIVEN_UP:
        check.move_to(State.PENDING, next_try_at=clock.now(), tries=0)
    else:
        VatCheck.objects.filter(pk=check.pk).update(next_try_at=clock.now(), tries=0)
    alerts.close_alert("vat_number_unanswered", order.number)
    orders.record(order, OrderEvent.Kind.VAT_ASKED, by=by)
    return True


def owing() -> list[int]:
    """The orders, by id, whose tax has to go back and wasn't asked to yet, the oldest first."""
    rows = VatCheck.objects.filter(returns_tax=True, tax_returned_at__isnull=True, order__state=Order.State.PAID)
    return list(rows.order_by("pk").values_list("order_id", flat=True))


def mark_returned(order: Order) -> bool:
    """Says that the tax was asked to go back; False where it was before. The caller holds the order's lock."""
    rows = VatCheck.objects.filter(order=order, returns_tax=True, tax_returned_at__isnull=True)
    return bool(rows.update(tax_returned_at=clock.now()))
