"""Erasers: for each model, which rows are a person's, what becomes of each, and the deed itself.

Most follow from the inventory. `of` registers one that doesn't.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from privacy import holds, inventory, people
from privacy.erasure.cases import Case
from privacy.erasure.derived import Derived, derive, until_of
from privacy.erasure.verdicts import Verdict

Key = Any
Judged = Mapping[Key, Verdict]


class Eraser:
    """What a deletion does with the rows of one model, by its declaration; apps override what is different.

    `position` orders the steps: who is found by a link comes before whoever takes that link away. A row under a legal
    hold is never handed to `carry_out`.
    """

    position = 50

    def __init__(self, model: type[Model]) -> None:
        self.model = model

    @property
    def label(self) -> str:
        """The model's label, which names the step."""
        return self.model._meta.label

    @property
    def derived(self) -> Derived:
        """What the declaration says."""
        return derive(self.model)

    def rows(self, case: Case) -> QuerySet[Any]:
        """The person's rows."""
        return people.rows_of(self.model, case.person)

    def found(self, case: Case) -> list[Key]:
        """The keys of the person's rows, with those that the deletion keeps and that no longer lead to the person."""
        keys = list(self.rows(case).order_by().values_list("pk", flat=True))
        kept = case.kept.get(self.label, frozenset()) - set(keys)
        return keys + list(QuerySet[Any](self.model).filter(pk__in=kept).values_list("pk", flat=True)) if kept else keys

    def came_since(self, case: Case, moment: datetime) -> bool:
        """Whether the person came back after this moment, and has something of their own again."""
        return False

    def lock(self, keys: Sequence[Key]) -> list[Key]:
        """Locks those of the rows that are still there, in the order of their keys; returns their keys."""
        rows = QuerySet[Any](self.model).select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
        return list(rows.values_list("pk", flat=True))

    def judge(self, keys: Sequence[Key], case: Case) -> Judged:
        """What becomes of each of these rows."""
        verdict = self.derived.verdict
        if verdict.ground and self.derived.until:
            ends = QuerySet[Any](self.model).filter(pk__in=keys).values_list("pk", self.derived.until)
            return {key: until_of(verdict, end) for key, end in ends}
        return dict.fromkeys(keys, verdict)

    def carry_out(self, judged: Judged, case: Case) -> int:
        """Does it to locked rows, in the caller's transaction; returns how many were changed. Idempotent."""
        return self.derived.carry_out(judged)

    def companions(self, judged: Judged) -> Iterator[tuple[type[Model], Mapping[Key, Verdict]]]:
        """What goes with these rows, for the plan: other models, with their rows' keys and what becomes of each."""
        return self.derived.companions(judged)


_special: dict[str, type[Eraser]] = {}


def of(model: type[Model]) -> Callable[[type[Eraser]], type[Eraser]]:
    """Registers the eraser of a model. Raises ValueError for a second one."""

    def remember(eraser: type[Eraser]) -> type[Eraser]:
        if model._meta.label in _special:
            raise ValueError(f"{model._meta.label} has an eraser already.")
        _special[model._meta.label] = eraser
        return eraser

    return remember


def is_special(model: type[Model]) -> bool:
    """Whether an app wrote an eraser for this model."""
    return model._meta.label in _special


def for_model(model: type[Model]) -> Eraser:
    """The eraser of a model."""
    return _special.get(model._meta.label, Eraser)(model)


def all_erasers() -> list[Eraser]:
    """One for each model that has something of its own to erase, in the order in which they act."""
    made = [for_model(model) for model in inventory.stored_models() if is_special(model) or derive(model).is_needed]
    return sorted(made, key=lambda eraser: (eraser.position, eraser.label))


def holdable() -> frozenset[str]:
    """The labels of models whose rows may be under a legal hold."""
    return frozenset(kind.label for kind in holds.kinds())
