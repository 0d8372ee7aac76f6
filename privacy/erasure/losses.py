"""What a person loses by the deletion beside the data: named in the plan, so that whoever approves can say it first."""

from collections.abc import Callable, Iterable

from privacy.erasure.cases import Case

Teller = Callable[[Case], Iterable[str]]
_tellers: list[Teller] = []


def tell(teller: Teller) -> Teller:
    """Adds who knows of losses; it may be used as a decorator. Sentences name goods and dates, never a person."""
    _tellers.append(teller)
    return teller


def of(case: Case) -> list[str]:
    """What the person would lose, a sentence each."""
    return [sentence for teller in _tellers for sentence in teller(case)]
