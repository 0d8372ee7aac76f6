"""What to write for a column that isn't declared: a line that fits its type, or a whole `personal_data.py`.

It is a start, not an answer: whoever adds the column knows what it is for.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import models
from django.db.models import Field, Model
from django.utils.module_loading import module_has_submodule

from privacy import inventory

#: Categories by a part of a column's name; what has none of these is a name.
_NAMES = {
    "mail": "EMAIL",
    "street": "ADDRESS",
    "city": "ADDRESS",
    "postal": "ADDRESS",
    "region": "ADDRESS",
    "country": "ADDRESS",
    "phone": "ADDRESS",
    "company": "COMPANY",
    "vat": "TAX_NUMBER",
    "password": "CREDENTIAL",
    "browser": "DEVICE",
}
_FACTS = (models.BooleanField, models.DateField, models.DecimalField, models.IntegerField, models.UUIDField)


@dataclass(frozen=True)
class Guess:
    """Category, erasure and scrub of a personal column, each as it is written in the code."""

    category: str
    erasure: str = "Erasure.CLEAR"
    scrub: str = "None"


def line_for(field: "Field[Any, Any]") -> str:
    """The whole line of a declaration that fits the column's type."""
    guess = _guess(field)
    if guess is None:
        return f'{field.name} = NotPersonal("why it names nobody")'
    return (
        f"{field.name} = Personal(category=Category.{guess.category}, purpose=ACCOUNT, source=Source.ACCOUNT, "
        f"readers=CUSTOMER_AND_STAFF, keep={_keep(field.model)}, erasure={guess.erasure}, export=True, "
        f"scrub={guess.scrub})"
    )


def file_for(app_label: str) -> str:
    """A whole `personal_data.py` for the models of an app. Raises LookupError where there is no such app."""
    app = apps.get_app_config(app_label)
    stored = [model for model in inventory.stored_models() if model._meta.app_label == app.label]
    registered = [model for model in stored if not model._meta.auto_created]
    head = (
        f'"""What {app_label} stores, column by column."""\n\n'
        f"from {app.name}.models import {', '.join(sorted(model.__name__ for model in registered))}\n"
        "from privacy import inventory\n"
        "from privacy.inventory import (\n    Category,\n    Days,\n    Erasure,\n    NotPersonal,\n    Personal,\n"
        "    PersonalData,\n    Source,\n    Subject,\n    UntilErased,\n)\n"
        "from privacy.purposes import ACCOUNT, CUSTOMER_AND_STAFF\n"
    )
    return head + "".join(f"\n\n{class_for(model)}\n" for model in stored)


def class_for(model: type[Model]) -> str:
    """A class that declares every column of a model."""
    fields = inventory.stored_fields(model)
    facts = [field.name for field in fields if _guess(field) is None]
    personal = [field for field in fields if _guess(field) is not None]
    name = f'"{model._meta.label}"' if model._meta.auto_created else model.__name__
    lines = [f"@inventory.register({name})", f"class {model.__name__}Data(PersonalData):"]
    if personal:
        lines += [f'    about = "{model._meta.verbose_name}"', f"    subject = {_subject(fields)}"]
    lines += [f"    {line_for(field)}" for field in personal]
    if facts:
        lines.append(f'    facts = NotPersonal("why these name nobody", "{" ".join(facts)}")')
    return "\n".join(lines)


def file_of(model: type[Model]) -> str:
    """Where the declaration of a model belongs, from the project's folder; it need not be there yet.

    The tables of a package are declared by an app of the project, which this can't choose.
    """
    app = apps.get_app_config(model._meta.app_label)
    return f"{app.path.rsplit('/', 1)[-1]}/personal_data.py" if is_own(app) else "the personal_data.py of an own app"


def is_own(app: AppConfig) -> bool:
    """Whether an app is the project's, not a package's."""
    return Path(app.path).parent == Path(settings.BASE_DIR)


def has_file(app: AppConfig) -> bool:
    """Whether an app has a `personal_data.py`."""
    return module_has_submodule(app.module, "personal_data") if app.module else False


def _guess(field: "Field[Any, Any]") -> Guess | None:
    """What a column may hold, by its type and name; None for one that names nobody by itself."""
    if field.primary_key or field.choices or isinstance(field, _FACTS):
        return None
    if field.is_relation:
        is_person = field.related_model is apps.get_model(settings.AUTH_USER_MODEL)
        return (
            Guess("PURCHASE", erasure="Erasure.UNLINK" if field.null else "Erasure.DELETE_ROW") if is_person else None
        )
    if isinstance(field, models.TextField | models.JSONField):
        return Guess("FREE_TEXT", scrub=f"inventory.scrub_{'json' if isinstance(field, models.JSONField) else 'text'}")
    return Guess(_category(field))


def _category(field: "Field[Any, Any]") -> str:
    if isinstance(field, models.GenericIPAddressField):
        return "DEVICE"
    if isinstance(field, models.EmailField):
        return "EMAIL"
    return next((category for part, category in _NAMES.items() if part in field.name), "NAME")


def _keep(model: type[Model]) -> str:
    """The period of the row where it has one, else one from a date of the row, else an event to be named."""
    declaration = inventory.declaration_of(model)
    if declaration is not None and declaration.row is not None:
        return "row"
    dates = [field.name for field in inventory.stored_fields(model) if isinstance(field, models.DateTimeField)]
    since = next((name for name in dates if not name.endswith("expires_at")), None)
    return f'Days(30, since="{since}", at="expires_at")' if since else 'UntilErased("which event ends it")'


def _subject(fields: list["Field[Any, Any]"]) -> str:
    """The paths to the person that the columns offer."""
    user = apps.get_model(settings.AUTH_USER_MODEL)
    links = [f'user="{field.name}"' for field in fields if field.related_model is user]
    addresses = [f'email="{field.name}"' for field in fields if isinstance(field, models.EmailField)]
    return f"Subject({', '.join([*addresses[:1], *links[:1]]) or 'user=...'})"
