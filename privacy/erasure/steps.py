"""The local steps of a deletion, in their order. Each is idempotent: one that was interrupted is done again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from privacy.erasure import acts
from privacy.erasure.cases import Case
from privacy.erasure.erasers import all_erasers

#: Names of the steps that erase the rows of one model begin so.
ROWS = "rows:"
#: What came since the plan, of models that have no step of their own.
REST = "rest"
#: Erasers from this position on take away what leads to the rows of the others.
LAST = 90
#: Where a provider's step stands in the list.
OF_PROVIDERS = 200


@dataclass(frozen=True)
class LocalStep:
    """A step. `is_outside`: it acts outside of the database, and is marked as done when it has."""

    name: str
    position: int
    act: Callable[[Case, str], int]
    is_outside: bool = False


_registered: dict[str, LocalStep] = {}


def register(step: LocalStep) -> LocalStep:
    """Adds a step to every deletion. Raises ValueError for a second one of a name."""
    if step.name in _registered:
        raise ValueError(f"The step {step.name} is registered twice.")
    _registered[step.name] = step
    return step


def of_plan(labels: Iterable[str]) -> list[LocalStep]:
    """The steps of a deletion whose plan names rows of these models, in their order."""
    planned = set(labels)
    rows = [
        _of_rows(eraser.label, 100 + place) for place, eraser in enumerate(all_erasers()) if eraser.label in planned
    ]
    return sorted([*_registered.values(), *rows, _REST], key=lambda step: (step.position, step.name))


def find(name: str) -> LocalStep:
    """A step by its name. Raises KeyError."""
    if name == REST:
        return _REST
    return _of_rows(name.removeprefix(ROWS), 100) if name.startswith(ROWS) else _registered[name]


def _of_rows(label: str, position: int) -> LocalStep:
    def erase(case: Case, plan: str) -> int:
        erasers = all_erasers()
        eraser = next(eraser for eraser in erasers if eraser.label == label)
        if eraser.position < LAST:
            return acts.act(eraser, case, plan=plan)
        # What the person did since the other steps leads to the account alone. Locked, it gets no more.
        eraser.lock(eraser.found(case))
        before = [each for each in erasers if each.position < LAST]
        return sum(acts.act(each, case, plan=plan) for each in (*before, eraser))

    return LocalStep(f"{ROWS}{label}", position, erase)


def _rest(case: Case, plan: str) -> int:
    others = [eraser for eraser in all_erasers() if eraser.label not in case.covered]
    return sum(acts.act(eraser, case, plan=plan) for eraser in others)


_REST = LocalStep(REST, 160, _rest)
