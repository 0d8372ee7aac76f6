"""The desk's start page: first what waits for a person, then how the shop is doing. Higher apps bring their lines too.

Every line belongs to a permission; whoever lacks it doesn't see the line, and its figure isn't counted.
"""

from collections.abc import Callable
from dataclasses import dataclass

from shop.order_desk import Reader


@dataclass(frozen=True)
class Need:
    """A kind of thing that waits for a person: `count` of `one` or `many`, listed at `address`."""

    permission: str
    one: str
    many: str
    count: Callable[[], int]
    address: Callable[[], str]


@dataclass(frozen=True)
class Waiting:
    """A line of the page: something does wait."""

    count: int
    words: str
    address: str


@dataclass(frozen=True)
class Panel:
    """Figures under a title, drawn by `template` from `figures`."""

    permission: str
    title: str
    template: str
    figures: Callable[[], object]


_needs: list[Need] = []
_panels: list[Panel] = []


def register(*parts: Need | Panel) -> None:
    """Adds lines and panels, which the page shows in the order in which they were added."""
    for part in parts:
        if isinstance(part, Need):
            _needs.append(part)
        else:
            _panels.append(part)


def needs_of(user: Reader) -> list[Waiting]:
    """What waits for this person: one query a line that they may see, whatever there is."""
    counted = [(need, need.count()) for need in _needs if user.has_perm(need.permission)]
    return [Waiting(count, need.one if count == 1 else need.many, need.address()) for need, count in counted if count]


def panels_of(user: Reader) -> list[dict[str, object]]:
    """Title, template and figures of each panel that this person may see."""
    return [
        {"title": panel.title, "template": panel.template, "figures": panel.figures()}
        for panel in _panels
        if user.has_perm(panel.permission)
    ]
