"""What the units of an order cost, down to the seat, and what of that did not go back yet."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.db.models import Sum
from django.db.models.functions import Coalesce

from payments.models import Refund, RefundUnit
from shop import money
from shop.models import Edition, Order, OrderLine, OrderUnit


class Share(NamedTuple):
    """What goes back for a unit: an amount, gross, how much of it is tax, and how many of the unit's seats.

    A unit that is sold per license goes back with all its seats; of one that is sold per seat fewer may.
    """

    unit: OrderUnit
    amount: Decimal
    tax: Decimal
    seats: int

    def cut_to(self, left: Decimal, currency: str) -> "Share":
        """The same seats for less money, where no more is left; the tax in proportion."""
        if self.amount <= left:
            return self
        tax = (self.tax * left / self.amount).quantize(money.quantum(currency), ROUND_HALF_UP)
        return self._replace(amount=left, tax=tax)


class _Given(NamedTuple):
    """What of a unit goes back already, or is asked to: seats, and money, gross."""

    seats: int = 0
    amount: Decimal = Decimal(0)


class _Sold(NamedTuple):
    """A unit with what it cost, gross, and its tax."""

    unit: OrderUnit
    cost: Decimal
    tax: Decimal


def equal_parts(whole: Decimal, count: int, currency: str) -> list[Decimal]:
    """A sum in so many parts; the first ones bear what doesn't divide."""
    part = money.quantum(currency)
    each, rest = divmod(int(whole / part), count)
    return [(each + (place < rest)) * part for place in range(count)]


def units_left(order: Order) -> list[Share]:
    """All that is left of the units that are neither refunded nor asked to be: each with its seats and their price."""
    return [share for share in _left(order).values() if share.unit.state != OrderUnit.State.REFUNDED]


def of_seats(order: Order, seats: dict[int, int]) -> list[Share]:
    """What so many seats of these units (by id) cost; at most those that are left, none of a unit without any.

    Of a unit that is sold per license all or nothing goes back.
    """
    return list(_left(order, seats).values())


def within(shares: Iterable[Share], left: Decimal, currency: str) -> list[Share]:
    """All shares, the last ones cut to what is left of the money: an amount may have gone back before."""
    cut = []
    for share in shares if left > 0 else []:
        cut.append(share.cut_to(left, currency))
        left -= cut[-1].amount
    return cut


def _left(order: Order, wanted: dict[int, int] | None = None) -> dict[int, Share]:
    by_line: dict[OrderLine, list[OrderUnit]] = {}
    units = OrderUnit.objects.filter(line__order=order).select_related("line").order_by("line_id", "position")
    for unit in units:
        by_line.setdefault(unit.line, []).append(unit)
    given = seats_given(order)
    shares = {}
    for line, of_line in by_line.items():
        for sold in _parts(line, of_line, order.currency):
            before = given.get(sold.unit.pk, _Given())
            left = line.seats - before.seats
            count = left if wanted is None else min(wanted.get(sold.unit.pk, 0), left)
            if line.sold_per != Edition.SoldPer.SEAT and count > 0:
                count = left
            if count > 0:
                shares[sold.unit.pk] = _share(sold, before, count, money.quantum(order.currency))
    return shares


def _parts(line: OrderLine, units: Sequence[OrderUnit], currency: str) -> list[_Sold]:
    costs, taxes = (equal_parts(whole, len(units), currency) for whole in (line.total, line.tax))
    return [_Sold(*sold) for sold in zip(units, costs, taxes, strict=True)]


def _share(sold: _Sold, before: _Given, count: int, part: Decimal) -> Share:
    """Seats are counted from the first on, so that all together cost exactly what the unit did.

    After a refund that failed late, seats before others are here again: then what is left is bounded by what these
    seats cost, rounded up, and by what didn't go back. The tax follows the money, not the seats: a share of nothing
    has none, and all together have exactly the unit's.
    """
    every, left = sold.unit.line.seats, sold.cost - before.amount
    is_last = before.seats + count == every
    amount = left if is_last else min(_between(sold.cost, before.seats, count, every, part), left)
    most = (sold.cost * count / every).quantize(part, ROUND_CEILING)
    amount = max(min(amount, most), Decimal(0))
    tax = _between(sold.tax, before.amount, amount, sold.cost, part) if amount else Decimal(0)
    return Share(sold.unit, amount, tax, count)


def _between(
    whole: Decimal, before: int | Decimal, count: int | Decimal, every: int | Decimal, part: Decimal
) -> Decimal:
    """What `count` of `every` have of the whole, which the ones before have a part of already."""

    def first(many: int | Decimal) -> Decimal:
        return (whole * many / every).quantize(part, ROUND_HALF_UP)

    return first(before + count) - first(before)


def seats_given(order: Order) -> dict[int, _Given]:
    """What of each unit of an order is given back, or asked to be, by the unit's id."""
    rows = RefundUnit.objects.filter(unit__line__order=order).exclude(refund__state=Refund.State.FAILED)
    sums = rows.values("unit").annotate(
        gone=Sum(Coalesce("seats", "unit__line__seats")),
        amount_sum=Sum("amount"),
    )
    return {row["unit"]: _Given(row["gone"], row["amount_sum"]) for row in sums.order_by("unit")}
