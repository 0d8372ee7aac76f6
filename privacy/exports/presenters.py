"""How the rows of a model are shown to the person they are about.

An app registers a presenter in its module `exports`, which is found when the apps are loaded::

    @presenters.of(OrderParty)
    class Orders(Presenter):
        title, one, many, position = "Orders", "order", "orders", 20

A model without one is shown too, by the names of its columns.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Field, Model, QuerySet
from django.utils.text import capfirst

from privacy import inventory
from privacy.exports import words
from privacy.inventory import Personal
from privacy.people import Person, rows_of


class Presenter:
    """Words for a model, and what else belongs to its rows. `position` orders the sections, the smallest first.

    `labels` are words for columns whose own name says too little; `correct_at` is the name of the address at which the
    person sees the rows and puts them right. With `has_values` the account page shows what is stored, else how many.
    """

    title: str = ""
    one: str = "entry"
    many: str = "entries"
    position: int = 1000
    labels: Mapping[str, str] = {}
    correct_at: str = ""
    has_values: bool = False

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self.title = self.title or str(capfirst(model._meta.verbose_name_plural or ""))

    def rows(self, person: Person) -> QuerySet[Any]:
        """The rows that are this person's."""
        return rows_of(self.model, person)

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """`rows` with all that `heading` and `facts` read, in a number of queries that doesn't grow with them."""
        return rows

    def heading(self, row: Any) -> str:
        """What tells this row from the others; empty where nothing does."""
        return ""

    def facts(self, row: Any, *, for_staff: bool) -> dict[str, Any]:
        """What belongs to the row beside its own exported columns: texts, numbers, times, lists of such dicts.

        `for_staff` says that a staff member hands the file over: what staff mustn't see stays covered.
        """
        return {}

    def words(self, field: "Field[Any, Any]", value: Any) -> str:
        """The value of a column as a person reads it."""
        return words.of_column(field, value)

    def columns(self) -> Iterator[tuple["Field[Any, Any]", Personal]]:
        """The columns that an export has, with their declarations."""
        declaration = inventory.declaration_of(self.model)
        declared = dict(declaration.columns()) if declaration else {}
        for field in inventory.stored_fields(self.model):
            column = declared.get(field.name)
            if isinstance(column, Personal) and column.export:
                yield field, column

    def label(self, name: str) -> str:
        """Words for a column or a fact."""
        if name in self.labels:
            return self.labels[name]
        field = {field.name: field for field in inventory.stored_fields(self.model)}.get(name)
        if field is not None and field.related_model is get_user_model():
            return "Link to your account"
        return str(capfirst(field.verbose_name if field is not None else name.replace("_", " ")))


_presenters: dict[type[Model], Presenter] = {}


def of(model: type[Model]) -> Callable[[type[Presenter]], type[Presenter]]:
    """Registers the presenter of a model. Raises ValueError for a second one."""

    def remember(presenter: type[Presenter]) -> type[Presenter]:
        if model in _presenters:
            raise ValueError(f"{model._meta.label} has a presenter already.")
        _presenters[model] = presenter(model)
        return presenter

    return remember


def for_model(model: type[Model]) -> Presenter:
    """The presenter of a model, be it the plain one."""
    return _presenters.get(model) or Presenter(model)


def all_presenters() -> list[Presenter]:
    """One for each model of which an export has a column, in the order in which people read them."""
    made = [for_model(model) for model in inventory.stored_models()]
    return sorted(
        (presenter for presenter in made if any(presenter.columns())),
        key=lambda presenter: (presenter.position, presenter.model._meta.label),
    )
