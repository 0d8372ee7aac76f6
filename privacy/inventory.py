"""The inventory of personal data: every column of every table is declared here once, as personal or as not.

`privacy` is to personal data what `django.contrib.admin` is to models. Each app has a `personal_data.py`, found when
the apps are loaded, with a class for each model::

    @inventory.register(OrderParty)
    class OrderPartyData(PersonalData):
        subject = Subject(email="email", user="user")
        email = Personal(Category.EMAIL, purpose=TAX_RECORDS, source=Source.CHECKOUT, readers=STAFF, ...)
        keys = NotPersonal("keys", "id order")

A name of the class is the name of a column; a `NotPersonal` with a list covers several. What isn't declared is an error
of `manage.py check` (`privacy.E001`). The policy, the export, the erasure and the sweep read these declarations.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Field, Model


class Category(StrEnum):
    """What kind of thing a personal column holds."""

    NAME = "name"
    EMAIL = "e-mail address"
    ADDRESS = "postal address"
    COMPANY = "company name"
    TAX_NUMBER = "VAT number"
    CREDENTIAL = "sign-in credential"
    DEVICE = "browser family and country"
    PURCHASE = "link to a purchase"
    LOGO = "logo"
    REFERENCE = "reference at a payment provider"
    FREE_TEXT = "text that may name somebody"
    PREFERENCE = "what was chosen"
    ACTIVITY = "times of use"
    FRAUD = "sign of fraud"
    WORK = "staff member's work"


class Basis(StrEnum):
    """The legal basis of a purpose: Article 6(1) of Regulation (EU) 2016/679, by letter."""

    CONSENT = "consent, Art. 6(1)(a)"
    CONTRACT = "contract, Art. 6(1)(b)"
    LEGAL_DUTY = "legal duty, Art. 6(1)(c)"
    LEGITIMATE_INTEREST = "legitimate interest, Art. 6(1)(f)"


class Source(StrEnum):
    """Where a value comes from."""

    CHECKOUT = "typed by the customer at checkout"
    ACCOUNT = "typed by the customer in the account"
    BROWSER = "derived from the customer's connection or browser"
    PROVIDER = "sent by a payment provider"
    REGISTER = "answered by a public register"
    STAFF = "written by staff"
    MAIL = "written by you in a mail to us"
    POST = "written by the customer about a product"
    REQUEST = "written by you in a request, or by us in its answer"
    SHOP = "made by the shop"


class Reader(StrEnum):
    """Who sees a value. Support sees one through a case or a deletion request only (P9)."""

    CUSTOMER = "the customer"
    SUPPORT = "Support, through a case"
    SHOP_MANAGER = "Shop Managers"
    ADMINISTRATOR = "Administrators"
    EVERYBODY = "everybody, once it is published"


class Erasure(StrEnum):
    """What a deletion request does to a value."""

    DELETE_ROW = "the row is deleted"
    CLEAR = "the value is cleared"
    UNLINK = "the link is cut, the row stays"
    RESTRICT = "kept and restricted until its period ends, then deleted"


@dataclass(frozen=True)
class Purpose:
    """Why something is kept: a short name, a sentence for the policy, and the legal basis."""

    name: str
    words: str
    basis: Basis


def _number(stated: int | str) -> int:
    """A figure of a period: itself, or the setting that it names."""
    return int(getattr(settings, stated)) if isinstance(stated, str) else stated


@dataclass(frozen=True)
class Unless:
    """An exception of a period: the rows that `words` describe are kept for `keep` instead."""

    words: str
    keep: "Years | Days"


@dataclass(frozen=True)
class Years:
    """Kept for calendar years (UTC) since a moment; 29 February counts as 1 March where there is none.

    `years` is a number or the name of a setting, `since` a path to a column from the row. `at` names the date column on
    the row itself that holds the moment when the period ends, which the sweep reads (`privacy.retention`). With
    `from_year_end` the years count from the end of the calendar year of `since`.
    """

    years: int | str
    since: str
    at: str = ""
    from_year_end: bool = False
    unless: Unless | None = None

    @property
    def number(self) -> int:
        return _number(self.years)


@dataclass(frozen=True)
class Days:
    """Kept for days of 24 hours since a moment; the parts are those of `Years`."""

    days: int | str
    since: str
    at: str = ""
    unless: Unless | None = None

    @property
    def number(self) -> int:
        return _number(self.days)


@dataclass(frozen=True)
class With:
    """Goes in the same transaction as the row of another model, `owner` (a label such as "shop.OrderParty").

    `via` is the path from this row to the owner's row, or to a row to which the owner points too: a payment's reference
    goes with the party of its order by `via="attempt__order"`.
    """

    owner: str
    via: str


@dataclass(frozen=True)
class UntilErased:
    """Kept as long as its purpose lasts, with the event that ends it in words."""

    ends: str


Keep = Years | Days | With | UntilErased


@dataclass(frozen=True, kw_only=True)
class Personal:
    """A column that holds personal data. Every part must be stated; none has a default.

    `scrub` is for JSON and free text: a function that takes the value and a person's own values and gives it back
    without them; `None` for every other type.
    """

    category: Category
    purpose: Purpose
    source: Source
    readers: frozenset[Reader]
    keep: Keep
    erasure: Erasure
    export: bool
    scrub: Callable[[Any, frozenset[str]], Any] | None


@dataclass(frozen=True)
class NotPersonal:
    """One column, or several by name, that say nothing about a person, and why."""

    why: str
    columns: str = ""


@dataclass(frozen=True)
class Subject:
    """How the rows of a model are found for a person: paths to an e-mail address and to the user."""

    email: str = ""
    user: str = ""


class PersonalData:
    """Base of the declarations. `subject` is None where the model has no personal column.

    `row` says when the row itself is deleted; columns with another keep are cleared at their own date. Without it the
    row stays, and only its columns are cleared. `about` says in the policy's words where they stand ("an order").
    `stands_for` is the label of a model: what goes `With` its rows goes with these as well, where both point at the
    same row. `restricted` names the date column that marks a row which a deletion request left for the law alone.
    `under` is a foreign key: whoever writes what goes with a row holds the lock of the one that it points at, so the
    sweep takes that first, and misses nothing that is being written.
    """

    subject: Subject | None = None
    about: str = ""
    row: Keep | None = None
    stands_for: str = ""
    restricted: str = ""
    under: str = ""

    @classmethod
    def columns(cls) -> Iterator[tuple[str, Personal | NotPersonal]]:
        """Every declared column with its declaration, in the order written."""
        for name, declared in vars(cls).items():
            if isinstance(declared, NotPersonal) and declared.columns:
                yield from ((column, declared) for column in declared.columns.split())
            elif isinstance(declared, Personal | NotPersonal):
                yield name, declared


_registry: dict[str, type[PersonalData]] = {}


def register(*models: type[Model] | str) -> Callable[[type[PersonalData]], type[PersonalData]]:
    """Class decorator: declares the columns of `models`, classes or labels such as "auth.Group_permissions"."""

    def remember(declaration: type[PersonalData]) -> type[PersonalData]:
        for model in models:
            label = model.lower() if isinstance(model, str) else model._meta.label_lower
            if label in _registry:
                raise ValueError(f"{label} is declared twice: {_registry[label].__name__} and {declaration.__name__}.")
            _registry[label] = declaration
        return declaration

    return remember


def declarations() -> Mapping[str, type[PersonalData]]:
    """All declarations by the model's label in lower case."""
    return dict(_registry)


def declaration_of(model: type[Model]) -> type[PersonalData] | None:
    """The declaration of a model, or None where there is none."""
    return _registry.get(model._meta.label_lower)


def about(model: type[Model]) -> str:
    """Where the columns of a model stand, in the policy's words; the model's own name where none are declared."""
    declaration = declaration_of(model)
    return (declaration.about if declaration else "") or str(model._meta.verbose_name)


_tables: dict[str, NotPersonal] = {}
_moments: dict[str, str] = {}


def register_table(table: str, columns: str, why: str) -> None:
    """Declares a table that has no model. It may hold nothing personal: what does needs a model, be it unmanaged."""
    _tables[table] = NotPersonal(why, columns)


def tables() -> Mapping[str, NotPersonal]:
    """The tables without a model, by name."""
    return dict(_tables)


def name_moments(moments: Mapping[str, str]) -> None:
    """Says for the policy what happens at a date that periods count from: `{"shop.Order.paid_at": "you paid"}`."""
    _moments.update(moments)


def moment(field: "Field[Any, Any]") -> str | None:
    """What happens at the moment that this column holds, or None where nobody said."""
    return _moments.get(f"{field.model._meta.label}.{field.name}")


def stored_fields(model: type[Model]) -> list["Field[Any, Any]"]:
    """The fields of a model that are columns of its own table."""
    return [field for field in model._meta.local_fields if field.column is not None]


def stored_models() -> list[type[Model]]:
    """Every model with a table, those made by many-to-many fields included; proxies share another's table."""
    return [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]


def scrub_text(value: str, own_values: frozenset[str]) -> str:
    """`value` with a dash for each of a person's own values, whatever its casing; longest first."""
    for own in sorted(own_values, key=len, reverse=True):
        value = re.sub(re.escape(own), "—", value, flags=re.IGNORECASE)
    return value


def scrub_json(value: Any, own_values: frozenset[str]) -> Any:
    """The same for every text inside a JSON value; keys stay."""
    if isinstance(value, str):
        return scrub_text(value, own_values)
    if isinstance(value, list):
        return [scrub_json(item, own_values) for item in value]
    if isinstance(value, dict):
        return {key: scrub_json(item, own_values) for key, item in value.items()}
    return value
