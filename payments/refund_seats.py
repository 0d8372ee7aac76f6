"""The seats of a unit that is sold per seat: fewer when some are refunded, all that are left end with the unit.

What counts is the sum over the refunds that didn't fail; nothing is kept beside them, so a refund that fails, early or
late, gives its seats back by being counted no more. The caller of each verb holds the order's lock.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from accounts import licenses
from payments.models import Refund, RefundUnit
from shop import words
from shop.models import OrderUnit

State = Refund.State


def settle(units: Iterable[OrderUnit]) -> list[OrderUnit]:
    """Gives units, and their licenses, the seats that no refund takes; returns the units that have none left.

    Those keep the number that they had: they end as a whole.
    """
    units = list(units)
    gone = _sums(units, ~Q(refund__state=State.FAILED))
    for unit in units:
        left = unit.line.seats - gone.get(unit.pk, 0)
        if left not in {0, unit.seats}:
            unit.seats = left
            unit.save(update_fields=["seats"])
            licenses.resize(unit)
    return [unit for unit in units if unit.line.seats == gone.get(unit.pk, 0)]


def ended(units: Iterable[OrderUnit]) -> list[OrderUnit]:
    """Those of the units all of whose seats went back: no refund of them is still under way."""
    units = list(units)
    gone = _sums(units, Q(refund__state=State.SUCCEEDED))
    return [unit for unit in units if unit.line.seats == gone.get(unit.pk, 0)]


def beside(refund: Refund, units: Iterable[OrderUnit]) -> QuerySet[Refund]:
    """The other refunds of seats of these units that didn't fail."""
    others = Refund.objects.exclude(pk=refund.pk).exclude(state=State.FAILED)
    return others.filter(refund_units__unit__in=[unit.pk for unit in units]).distinct()


def in_words(refund: Refund) -> str:
    """Which seats it gives back, such as `2 seats of Pivot Team`; empty where it isn't about seats."""
    rows = (row for row in refund.refund_units.all() if row.seats)
    return ", ".join(f"{words.seats(row.seats or 0)} of {_name(row.unit)}" for row in rows)


def left_in_words(refund: Refund) -> list[str]:
    """Of each unit that lost seats and didn't end, what is left: `3 seats of Pivot Team`."""
    rows = refund.refund_units.select_related("unit__line").order_by("unit__line_id", "unit__position")
    stay = (row.unit for row in rows if row.seats and row.unit.state != OrderUnit.State.REFUNDED)
    return [f"{words.seats(unit.seats)} of {_name(unit)}" for unit in stay]


def _name(unit: OrderUnit) -> str:
    return f"{unit.line.product_name} {unit.line.edition_name}"


def _sums(units: Iterable[OrderUnit], which: Q) -> dict[int, int]:
    rows = RefundUnit.objects.filter(which, unit__in=[unit.pk for unit in units])
    sums = rows.values("unit").annotate(gone=Sum(Coalesce("seats", "unit__line__seats")))
    return {row["unit"]: row["gone"] for row in sums.order_by("unit")}
