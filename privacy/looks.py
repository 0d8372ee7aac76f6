"""Looks: who of the staff saw whose data, what kind of row, why and when (P9c). Values are never part of it.

What the desk shows of one row is written down before it is shown (`privacy.admin.desk`). Apps say under which kind a
row of theirs is told to its person::

    looks.register(OrderParty, Look.Kind.ORDER)
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group
from django.db.models import CharField, Model, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from privacy import clock, inventory
from privacy.models import Export, Look, MailRecipient, RequestSubject
from privacy.people import Person, rows_of
from privacy.promises import Figure

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.sessions.backends.base import SessionBase

    Staff = AbstractBaseUser | AnonymousUser

#: Why a row is opened where nobody said more: what P9c allows staff to look for.
DAILY_WORK = "Daily work: fulfilling orders, refunds and support"
#: The role of a person who may do everything and is in no group.
NO_ROLE = "Administrator"
#: So long a reason that was given counts for what is opened and searched next.
REASON_LASTS = timedelta(minutes=30)
_REASON = "look_reason"
#: Of a person with more orders than this, an export's look names the first ones.
_MOST_ROWS = 100

_kinds: dict[type[Model], Look.Kind] = {
    Export: Look.Kind.EXPORT,
    MailRecipient: Look.Kind.MAIL,
    RequestSubject: Look.Kind.DELETION,
}


def register(model: type[Model], kind: Look.Kind) -> None:
    """Says how a look at a row of `model` is called, and that its person is told of it."""
    _kinds[model] = kind


def kinds() -> Mapping[type[Model], Look.Kind]:
    """The models whose people are told who looked."""
    return dict(_kinds)


def kind_of(model: type[Model]) -> Look.Kind:
    """How a look at a row of `model` is called."""
    return _kinds.get(model, Look.Kind.OTHER)


def is_personal(model: type[Model]) -> bool:
    """Whether the inventory has a column of this model that is about a person."""
    declaration = inventory.declaration_of(model)
    columns = declaration.columns() if declaration else ()
    return any(isinstance(column, inventory.Personal) for _, column in columns)


def record(*, by: "Staff", kind: Look.Kind, model: type[Model], object_id: object = "", purpose: str) -> None:
    """Writes down one look. One query: the role is read by the statement that writes it."""
    role = Group.objects.filter(user=by.pk).order_by("pk").values("name")[:1]
    Look.objects.create(
        by_id=by.pk,
        role=Coalesce(Subquery(role), Value(NO_ROLE)),
        kind=kind,
        model=model._meta.label,
        object_id=str(object_id),
        purpose=purpose[:200],
    )


def record_export(person: Person, *, by: "Staff", fallback: Model, purpose: str) -> None:
    """Writes down that a person's data was asked for as a file: at their accounts, else at each of their rows.

    Where there is neither, the look names the request itself (`fallback`).
    """
    seen: list[Model] = []
    for model, kind in _kinds.items():
        if kind == Look.Kind.CUSTOMER or not person.users:
            seen += rows_of(model, person)[:_MOST_ROWS]
    for row in seen or [fallback]:
        record(by=by, kind=Look.Kind.EXPORT, model=type(row), object_id=row.pk, purpose=purpose)


def of_person(person: Person) -> QuerySet[Look]:
    """The looks at this person's rows, latest first. What names a row that is gone is nobody's any more."""
    theirs = Q(pk__in=[])
    for model in _kinds:
        rows = rows_of(model, person).order_by().annotate(_id=Cast("pk", CharField())).values("_id")
        theirs |= Q(model=model._meta.label, object_id__in=rows)
    return Look.objects.filter(theirs)


def keep_reason(session: "SessionBase", words: str) -> None:
    """Remembers why somebody looks, for what they open and search within half an hour."""
    session[_REASON] = {"words": words[:200], "until": (clock.now() + REASON_LASTS).timestamp()}


def reason_of(session: "SessionBase") -> str:
    """The reason that still counts in this session; empty where none does."""
    kept: dict[str, Any] = session.get(_REASON) or {}
    return str(kept["words"]) if kept.get("until", 0) > clock.now().timestamp() else ""


def on_record() -> Figure:
    """How many looks were written down, for P9c."""
    count = Look.objects.exclude(kind=Look.Kind.SEARCH).count()
    searches = Look.objects.filter(kind=Look.Kind.SEARCH).count()
    return Figure(f"{count:,}", f"looks at a customer’s data on record, and {searches:,} searches, within a year.")
