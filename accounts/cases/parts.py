"""Which part of an order a withdrawal is about: all that is left, so many of some lines, or what its writer says.

A part is kept as `1x2 3x1`: two of the first line, one of the third. Without its order that leads nowhere. Of a line
that is sold per seat seats are counted, of any other licenses.
"""

from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import QuerySet

from accounts.models import Case
from shop import words
from shop.models import Edition, Order, OrderLine, OrderUnit

ALL = ""
#: What is withdrawn from stands in the writer's own words, for a person to read.
IN_WORDS = "words"


class Choice(NamedTuple):
    """A line of which somebody may still withdraw from `left`; `number` is its place in the order."""

    number: int
    line: OrderLine
    left: int

    @property
    def name(self) -> str:
        return f"{self.line.product_name} {self.line.edition_name}"


def spelled(counts: Mapping[int, int]) -> str:
    """So many of the lines with these numbers, as a case keeps it."""
    return " ".join(f"{number}x{count}" for number, count in sorted(counts.items()) if count)


def counted(part: str) -> dict[int, int]:
    """How many of which line, by its number; empty for all, and for what is said in words."""
    if part in {ALL, IN_WORDS}:
        return {}
    pairs = (piece.split("x") for piece in part.split())
    return {int(number): int(count) for number, count in pairs}


def made(order: Order) -> QuerySet[Case]:
    """The withdrawals from an order that stand, the first one first."""
    proven = Case.objects.filter(order=order, kind=Case.Kind.WITHDRAWAL).exclude(state=Case.State.UNPROVEN)
    return proven.exclude(outcome__in=[Case.Outcome.REPEATED, Case.Outcome.UNPROVEN]).order_by("pk")


def numbered(order: Order) -> list[tuple[int, OrderLine]]:
    """The lines of an order with their numbers."""
    return list(enumerate(order.lines.order_by("pk"), 1))


def choices(order: Order) -> list[Choice]:
    """The lines that somebody may still withdraw from: what didn't go back, and nobody has withdrawn from yet."""
    earlier = [counted(part) if part else None for part in made(order).values_list("part", flat=True)]
    if None in earlier:
        return []
    there: dict[int, int] = {}
    units = OrderUnit.objects.filter(line__order=order).exclude(state=OrderUnit.State.REFUNDED)
    for line_id, seats in units.values_list("line_id", "seats"):
        there[line_id] = there.get(line_id, 0) + seats
    found = []
    for number, line in numbered(order):
        before = sum(counts.get(number, 0) for counts in earlier if counts)
        each = 1 if is_per_seat(line) else line.seats
        left = min(there.get(line.pk, 0) // each, ordered(line) - before)
        found += [Choice(number, line, left)] if left > 0 else []
    return found


def in_words(order: Order, part: str) -> list[str]:
    """What a part takes of which line, such as `Gridtrace Team: 2 of 3 licenses`."""
    counts = counted(part)
    return [_taken(line, counts[number]) for number, line in numbered(order) if number in counts]


def ordered(line: OrderLine) -> int:
    """How many were bought: seats where it is sold per seat, else licenses."""
    return line.seats if is_per_seat(line) else line.quantity


def is_per_seat(line: OrderLine) -> bool:
    return line.sold_per == Edition.SoldPer.SEAT


def _taken(line: OrderLine, count: int) -> str:
    every = ordered(line)
    all_of_it = words.seats(every) if is_per_seat(line) else words.licenses(every)
    return f"{line.product_name} {line.edition_name}: {all_of_it if count == every else f'{count} of {all_of_it}'}"
