"""`manage.py check` fails on a column that the inventory of personal data doesn't know."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.db.models import JSONField, Model, TextField

from privacy import inventory


@register("privacy")
def every_column_is_declared(app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """An error for a column without a declaration, a declaration without a column, and free text without a scrub."""
    return [message for model in inventory.stored_models() for message in _messages(model)]


def _messages(model: type[Model]) -> Iterator[CheckMessage]:
    declaration = inventory.declaration_of(model)
    declared = dict(declaration.columns()) if declaration else {}
    fields = {field.name: field for field in inventory.stored_fields(model)}
    where = f"{model._meta.app_label}/personal_data.py"
    for name in fields.keys() - declared.keys():
        yield Error(
            f"The column {model._meta.label}.{name} isn't declared in the inventory of personal data.",
            hint=(
                f"In {where} (for a package's model: accounts/personal_data.py), in the class registered for "
                f"{model._meta.label}, write `{name} = Personal(category=..., purpose=..., ...)`, "
                f'or `{name} = NotPersonal("why it names nobody")`.'
            ),
            obj=model,
            id="privacy.E001",
        )
    for name in declared.keys() - fields.keys():
        yield Error(
            f"The inventory declares {model._meta.label}.{name}, which is no column.",
            hint=f"Remove or rename it in {where}.",
            obj=model,
            id="privacy.E002",
        )
    for name, column in declared.items():
        if not isinstance(column, inventory.Personal):
            continue
        if declaration is not None and declaration.subject is None:
            yield Error(
                f"{model._meta.label}.{name} is personal, but its declaration has no subject.",
                hint="Say `subject = Subject(email=..., user=...)`: the paths by which a person's rows are found.",
                obj=model,
                id="privacy.E003",
            )
        if column.scrub is None and isinstance(fields.get(name), JSONField | TextField):
            yield Error(
                f"{model._meta.label}.{name} is free text or JSON, without a function that removes a person's values.",
                hint="Say `scrub=inventory.scrub_text` or a function of your own.",
                obj=model,
                id="privacy.E004",
            )
