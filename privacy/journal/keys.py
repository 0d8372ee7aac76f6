"""Primary keys of rows, written short: a batch of the sweep is thousands of neighbors."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

Key = int | str


def packed(keys: Iterable[Any]) -> str | list[str]:
    """Numbers as ranges ("1-2000,2003"); keys of any other kind, such as UUIDs, as a list of texts."""
    known = list(keys)
    if not all(isinstance(key, int) for key in known):
        return [str(key) for key in known]
    parts = []
    for _, group in groupby(enumerate(sorted(set(known))), key=lambda pair: pair[1] - pair[0]):
        run = [key for _, key in group]
        parts.append(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}")
    return ",".join(parts)


def unpacked(written: str | list[str]) -> Iterator[Key]:
    """The other way round."""
    if isinstance(written, list):
        yield from written
        return
    for part in filter(None, written.split(",")):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)
