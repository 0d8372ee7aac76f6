"""`manage.py check` refuses a personal column that no deletion would reach."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from privacy import inventory
from privacy.erasure import erasers
from privacy.erasure.derived import gap
from privacy.inventory import Personal


@register("privacy")
def every_personal_column_has_its_eraser(
    app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """An error for each personal column from whose declaration no eraser follows, and that no app's eraser handles."""
    messages: list[CheckMessage] = []
    for model in inventory.stored_models():
        declaration = inventory.declaration_of(model)
        if declaration is None or erasers.is_special(model):
            continue
        for name, column in declaration.columns():
            if not isinstance(column, Personal) or not _is_column(model, name):
                continue
            why = gap(model, declaration, name, column)
            if why:
                messages.append(
                    Error(
                        f"No eraser follows for the personal column {model._meta.label}.{name}: {why}.",
                        hint="Change `erasure`, `keep` or `subject` of its declaration, or register an eraser: "
                        "the docstring of privacy/erasure/__init__.py shows one.",
                        obj=model,
                        id="privacy.E030",
                    )
                )
    return messages


@register("privacy")
def restriction_has_its_column(app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """An error for each declaration whose `restricted` names no date column that may be empty."""
    return [
        Error(
            f"{model._meta.label}: `restricted` names {declaration.restricted}, which is no empty-able date column.",
            hint="Add `restricted_at = models.DateTimeField(null=True, blank=True, editable=False)`.",
            obj=model,
            id="privacy.E031",
        )
        for model in inventory.stored_models()
        if (declaration := inventory.declaration_of(model)) and declaration.restricted
        if not any(
            field.name == declaration.restricted and field.null and field.get_internal_type() == "DateTimeField"
            for field in inventory.stored_fields(model)
        )
    ]


def _is_column(model: Any, name: str) -> bool:
    return any(field.name == name for field in inventory.stored_fields(model))
