"""Withdrawal from the purchase (Directive 2011/83/EU, Art. 9 to 16): sealed keys go back at once, the rest to a person.

Who opened a key agreed that the right ends by that, which a mail must have confirmed (Art. 16(m)); a business has none.
Neither is refused by a program.
"""

from dataclasses import dataclass, field

from django.db.models import Max

from accounts.cases import actions, deadlines, parts
from accounts.cases.locked import CannotDo, tell
from accounts.licenses.opening import OPENED_MAIL
from accounts.models import Case, CaseEvent, CaseRefund, LicenseKey
from privacy import clock
from privacy.models import OutgoingMail
from shop import words
from shop.models import Order, OrderUnit

Kind = CaseEvent.Kind
NO_ORDER = "No order has this number and this address."
BUSINESS = "The order is a company’s, which has no right to withdraw by law."
NOT_PAID = "The order isn’t paid, or waits for a check."
NOTHING_LEFT = "Everything of the order was given back before."
IN_WORDS = "It is about a part, which stands in the customer’s own words."
NOT_ENDED = "The right to withdraw has not ended for {count} of them: no mail confirmed it. Give it back by {day}."
OPENED = "Keys were opened or are paused: {count}."


def is_offered(order: Order) -> bool:
    """Whether the order's page shows the way to withdraw: to a consumer, while the period runs."""
    return not order.is_business and deadlines.may_withdraw(order, at=clock.now())


def units_left(order: Order) -> list[OrderUnit]:
    """The units that weren't given back."""
    units = OrderUnit.objects.filter(line__order=order).exclude(state=OrderUnit.State.REFUNDED)
    return list(units.order_by("pk"))


def sealed_units(order: Order) -> list[int]:
    """Of these the ids of those that nobody has used: their key is sealed, or hasn't come yet."""
    used = LicenseKey.objects.filter(unit__line__order=order).exclude(
        state__in=[LicenseKey.State.ASSIGNED, LicenseKey.State.RESERVED], opened_at__isnull=True
    )
    used_units = set(used.exclude(state=LicenseKey.State.REVOKED).values_list("unit_id", flat=True))
    return [unit.pk for unit in units_left(order) if unit.pk not in used_units]


def unconfirmed(order: Order) -> int:
    """How many opened keys may still be returned, as no mail confirmed the consent (Art. 16(m)(iii)): that of the
    checkout is confirmed by the order's confirmation, that to opening a sealed key by a mail sent after it."""
    opened = LicenseKey.objects.filter(
        unit__line__order=order, state=LicenseKey.State.ASSIGNED, opened_at__isnull=False
    )
    kind = "order_confirmation" if order.consent_at else OPENED_MAIL
    sent = OutgoingMail.objects.filter(kind=kind, object_id=order.pk, sent_at__isnull=False, bounced_at__isnull=True)
    last = sent.aggregate(last=Max("sent_at"))["last"]
    if last is None:
        return opened.count()
    return 0 if order.consent_at else opened.filter(opened_at__gt=last).count()


def carry_out(case: Case, order: Order | None) -> None:
    """Gives back what is sealed, and leaves the rest to a person. The caller holds both locks."""
    reason = _for_a_person(case, order)
    if order is None or reason:
        tell(case, Kind.JUDGED, detail=reason)
        return
    taken = _taken(order, case.part)
    if taken.others:
        tell(case, Kind.JUDGED, detail=OPENED.format(count=taken.others))
        if count := unconfirmed(order):
            tell(case, Kind.JUDGED, detail=NOT_ENDED.format(count=count, day=words.day(case.due_at.date())))
    if taken.units or taken.seats:
        try:
            ask(case, order, units=taken.units, seats=taken.seats, by=None, needs_person=taken.others > 0)
        except CannotDo as sentence:
            tell(case, Kind.JUDGED, detail=str(sentence))


@dataclass
class _Taken:
    """What a withdrawal takes: whole units and seats that are sealed, and how many of others, which a person judges."""

    units: list[int] = field(default_factory=list)
    seats: dict[int, int] = field(default_factory=dict)
    others: int = 0


def _taken(order: Order, part: str) -> _Taken:
    """What is sealed goes first: nobody gives more back than was asked for, and no opened key before a sealed one."""
    sealed, left, taken = set(sealed_units(order)), units_left(order), _Taken()
    if part == parts.ALL:
        taken.units = [unit.pk for unit in left if unit.pk in sealed]
        taken.others = len(left) - len(taken.units)
        return taken
    counts = parts.counted(part)
    for number, line in parts.numbered(order):
        wanted = counts.get(number, 0)
        for unit in left:
            if unit.line_id != line.pk or unit.pk not in sealed or not wanted:
                continue
            if parts.is_per_seat(line) and wanted < unit.seats:
                taken.seats[unit.pk], wanted = wanted, 0
            else:
                taken.units.append(unit.pk)
                wanted -= unit.seats if parts.is_per_seat(line) else 1
        taken.others += wanted
    return taken


def ask(case: Case, order: Order, *, needs_person: bool, by: object, **what: object) -> None:
    """Asks for a refund and remembers it with the case. The caller holds both locks. Raises CannotDo."""
    asked = actions.refunds().ask(order, by=by, reason=f"{case.get_kind_display().capitalize()} {case.number}.", **what)  # type: ignore[arg-type]
    CaseRefund.objects.create(case=case, about=asked.about, amount=asked.amount)
    tell(case, Kind.REFUND_ASKED, by=by, detail=asked.amount)  # type: ignore[arg-type]
    if not case.move_to(Case.State.REFUNDING, needs_person=needs_person):
        case.needs_person = needs_person
        case.save(update_fields=["needs_person"])


def _for_a_person(case: Case, order: Order | None) -> str:
    """Why a person decides about all of it; empty where a program may."""
    if order is None:
        return NO_ORDER
    if case.part == parts.IN_WORDS:
        return IN_WORDS
    if order.is_business:
        return BUSINESS
    if order.state != Order.State.PAID:
        return NOT_PAID
    return "" if units_left(order) else NOTHING_LEFT
