"""A column without a declaration is an error, and so is a declaration that doesn't fit its column."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, register
from django.db.models import CharField, Field, JSONField, Model, TextField

from privacy import declaration_template, inventory, keep_words
from privacy.inventory import Category, Personal

HELP = "docs/privacy.md shows a whole example."


@register("privacy")
def every_column_is_declared(app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Errors for columns without a declaration, declarations without a column, and what a declaration must say."""
    return [message for model in inventory.stored_models() for message in messages_of(model)]


def messages_of(model: type[Model]) -> Iterator[CheckMessage]:
    """What is wrong with the declaration of a model."""
    declaration = inventory.declaration_of(model)
    declared = dict(declaration.columns()) if declaration else {}
    fields = {field.name: field for field in inventory.stored_fields(model)}
    for name, field in fields.items():
        if name not in declared:
            yield Error(
                f"The column {model._meta.label}.{name} isn't declared in the inventory of personal data.",
                hint=f"{_where(model)} {_line(field)}. {HELP}",
                obj=model,
                id="privacy.E001",
            )
    for name in declared.keys() - fields.keys():
        yield Error(
            f"The inventory declares {model._meta.label}.{name}, which is no column.",
            hint=f"Remove or rename it in {declaration_template.file_of(model)}.",
            obj=model,
            id="privacy.E002",
        )
    for name, column in declared.items():
        if isinstance(column, Personal) and declaration is not None:
            yield from _of_personal(model, declaration, name, column)


def _of_personal(
    model: type[Model], declaration: type[inventory.PersonalData], name: str, column: Personal
) -> Iterator[CheckMessage]:
    field = {field.name: field for field in inventory.stored_fields(model)}.get(name)
    if declaration.subject is None:
        yield Error(
            f"{model._meta.label}.{name} is personal, but its declaration has no subject.",
            hint="Say `subject = Subject(email=..., user=...)`: the paths by which a person's rows are found.",
            obj=model,
            id="privacy.E003",
        )
    is_short_text = isinstance(field, CharField) and column.category is Category.FREE_TEXT
    if column.scrub is None and (is_short_text or isinstance(field, JSONField | TextField)):
        yield Error(
            f"{model._meta.label}.{name} is free text or JSON, without a function that removes a person's values.",
            hint="Say `scrub=inventory.scrub_text` or a function of your own.",
            obj=model,
            id="privacy.E004",
        )
    nameless = keep_words.nameless_moment(model, column.keep)
    if nameless:
        yield Error(
            f"{model._meta.label}.{name} is kept since {nameless}, and nothing says what happens then.",
            hint=f'Where that column is declared, write `inventory.name_moments({{"{nameless}": "it was made"}})`.',
            obj=model,
            id="privacy.E005",
        )


def _where(model: type[Model]) -> str:
    """Where the line belongs: into the class, into a new class, or into a new file."""
    file, app = declaration_template.file_of(model), apps.get_app_config(model._meta.app_label)
    if inventory.declaration_of(model) is not None:
        return f"In {file}, in the class registered for {model._meta.label}, write:"
    if declaration_template.is_own(app) and not declaration_template.has_file(app):
        command = f"manage.py privacy inventory --template {app.label}"
        return f"Make {file}: `{command}` prints a whole one. In it, for {model._meta.label}:"
    return f"In {file}, in a new class under `@inventory.register({model.__name__})`, write:"


def _line(field: "Field[Any, Any]") -> str:
    """The line to write, and the other one for a column that only looks personal."""
    line, fact = declaration_template.line_for(field), f'{field.name} = NotPersonal("why it names nobody")'
    return f"`{line}`" if line == fact else f"`{line}`, or `{fact}`"
