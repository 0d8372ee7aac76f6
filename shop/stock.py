"""How many keys of an edition are left, by `accounts`. Editions whose keys are made when sold have no limit."""

from collections.abc import Callable, Iterable

_count: list[Callable[[Iterable[int]], dict[int, int]]] = []


def register(count: Callable[[Iterable[int]], dict[int, int]]) -> None:
    """Names the function that counts free keys by edition id; editions without a limit are left out of its answer."""
    _count[:] = [count]


def left(edition_ids: Iterable[int]) -> dict[int, int]:
    """Free keys by edition id; an edition that isn't in the answer has no limit."""
    asked = list(edition_ids)
    return _count[0](asked) if _count and asked else {}
