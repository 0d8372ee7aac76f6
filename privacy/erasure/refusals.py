"""Why a person's deletion isn't carried out at all: their data belongs to a duty that must end first."""

from collections.abc import Callable, Iterable

from privacy.erasure.cases import Case

Judge = Callable[[Case], Iterable[str]]
_judges: list[Judge] = []


def register(judge: Judge) -> Judge:
    """Adds who may refuse; it may be used as a decorator. Each refusal is a sentence for staff."""
    _judges.append(judge)
    return judge


def of(case: Case) -> list[str]:
    """The refusals of this case; none means that it may be carried out."""
    return [sentence for judge in _judges for sentence in judge(case)]
