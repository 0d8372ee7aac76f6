"""Withdrawal from the purchase (Directive 2011/83/EU, Art. 9 to 16): sealed keys go back at once, the rest to a person.

Who opened a key agreed that the right ends by that (Art. 16(m)); a business has none. Neither is refused by a program.
"""

from accounts.cases import actions, deadlines
from accounts.cases.locked import CannotDo, tell
from accounts.models import Case, CaseEvent, CaseRefund, LicenseKey
from privacy import clock
from shop.models import Order, OrderUnit

Kind = CaseEvent.Kind
NO_ORDER = "No order has this number and this address."
BUSINESS = "The order is a company’s, which has no right to withdraw by law."
NOT_PAID = "The order isn’t paid, or waits for a check."
NOTHING_LEFT = "Everything of the order was given back before."
OPENED = "Keys were opened or are paused: units {count}."


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


def carry_out(case: Case, order: Order | None) -> None:
    """Gives back what is sealed, and leaves the rest to a person. The caller holds both locks."""
    reason = _for_a_person(order)
    if order is None or reason:
        tell(case, Kind.JUDGED, detail=reason)
        return
    sealed = sealed_units(order)
    opened = len(units_left(order)) - len(sealed)
    if opened:
        tell(case, Kind.JUDGED, detail=OPENED.format(count=opened))
    if sealed:
        try:
            ask(case, order, units=sealed, by=None, needs_person=opened > 0)
        except CannotDo as sentence:
            tell(case, Kind.JUDGED, detail=str(sentence))


def ask(case: Case, order: Order, *, needs_person: bool, by: object, **what: object) -> None:
    """Asks for a refund and remembers it with the case. The caller holds both locks. Raises CannotDo."""
    asked = actions.refunds().ask(order, by=by, reason=f"{case.get_kind_display().capitalize()} {case.number}.", **what)  # type: ignore[arg-type]
    CaseRefund.objects.create(case=case, about=asked.about, amount=asked.amount)
    tell(case, Kind.REFUND_ASKED, by=by, detail=asked.amount)  # type: ignore[arg-type]
    if not case.move_to(Case.State.REFUNDING, needs_person=needs_person):
        case.needs_person = needs_person
        case.save(update_fields=["needs_person"])


def _for_a_person(order: Order | None) -> str:
    """Why a person decides about all of it; empty where a program may."""
    if order is None:
        return NO_ORDER
    if order.is_business:
        return BUSINESS
    if order.state != Order.State.PAID:
        return NOT_PAID
    return "" if units_left(order) else NOTHING_LEFT
