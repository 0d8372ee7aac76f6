"""A plan: everything that a deletion would do, in counts and words without a value, for whoever approves it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from privacy import deletion_requests, inventory
from privacy.erasure import losses, persons, providers, refusals
from privacy.erasure.cases import Case
from privacy.erasure.erasers import all_erasers
from privacy.erasure.judging import judged
from privacy.erasure.verdicts import Deed, RowSet, Verdict
from privacy.exports import presenters
from privacy.inventory import Personal
from privacy.people import Person

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from privacy.models import DeletionPlan, DeletionRequest

#: The stronger one wins where a row is reached in two ways.
_STRENGTH = {Deed.ERASED: 0, Deed.RESTRICTED: 1, Deed.REFUSED: 2}
#: What the notice still needs, and what therefore goes last.
NEEDED_FOR_NOTICE = ("the request with its mail", "the address for the notice, sealed")

NEEDED_MODELS = frozenset({"privacy.RequestSubject", "privacy.RequestAddress", "privacy.SealedAddress"})


@dataclass(frozen=True)
class PlanContent:
    """What is planned. `accounts` are ids; `refusals` are sentences, and with one nothing is carried out."""

    rows: tuple[RowSet, ...]
    losses: tuple[str, ...]
    refusals: tuple[str, ...]
    providers: tuple[providers.Preview, ...]
    accounts: tuple[int, ...]
    addresses: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of the person."""
        return not self.rows

    @property
    def retains(self) -> bool:
        """Whether something stays."""
        return any(rows.deed is not Deed.ERASED for rows in self.rows)

    def of(self, deed: Deed) -> list[RowSet]:
        """The row sets with this fate."""
        return [rows for rows in self.rows if rows.deed is deed]

    def as_json(self) -> dict[str, Any]:
        """The plan as it is stored and shown: JSON without a value of the person."""
        return {
            "rows": [plain(rows) for rows in self.rows],
            "losses": list(self.losses),
            "refusals": list(self.refusals),
            "providers": [plain(each) for each in self.providers],
            "accounts": list(self.accounts),
            "addresses": self.addresses,
            "exempt": list(NEEDED_FOR_NOTICE),
        }


def make(person: Person, request: "DeletionRequest | None" = None) -> PlanContent:
    """The plan for a person. It writes nothing."""
    case = Case(person, request.pk if request else None)
    return PlanContent(
        rows=tuple(_row_sets(fates(case))),
        losses=tuple(losses.of(case)),
        refusals=tuple(refusals.of(case)),
        providers=tuple(providers.previews(case)),
        accounts=tuple(sorted(person.users)),
        addresses=len(person.addresses),
    )


def renew(request_id: int, *, by: "AbstractBaseUser | None") -> "DeletionPlan":
    """Makes the plan of a request, or makes it anew. Raises deletion_requests.CannotDo."""
    person = persons.of_request(request_id)
    content = make(person, persons.request(request_id))
    return deletion_requests.keep_plan(request_id, content.as_json(), inventory_digest=inventory_digest(), by=by)


def inventory_digest() -> str:
    """SHA-256 of everything that decides what a deletion does: a plan made by another inventory is outdated."""
    lines = [
        f"{label}.{name} {column.category} {column.erasure} {column.keep}"
        for label, declaration in sorted(inventory.declarations().items())
        for name, column in declaration.columns()
        if isinstance(column, Personal)
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def kept(case: Case) -> list[RowSet]:
    """What is kept of the person now, in words: for the notice, once everything else is gone.

    What the request itself needs isn't among it: that goes when the person was told.
    """
    found = _row_sets(fates(case))
    return [rows for rows in found if rows.deed is not Deed.ERASED and rows.model not in NEEDED_MODELS]


def restricted(case: Case) -> dict[str, list[Any]]:
    """The keys of rows that will stay restricted, by the label of their model; what goes with them isn't named."""
    found = {}
    for eraser in all_erasers():
        keys = eraser.found(case) if eraser.label not in NEEDED_MODELS else []
        theirs = [key for key, verdict in judged(eraser, keys, case).items() if verdict.deed is Deed.RESTRICTED]
        if theirs:
            found[eraser.label] = theirs
    return found


def untouched_rows(case: Case) -> dict[str, list[Any]]:
    """The keys of rows that stay whole for now, or are refused, by the label of their model: the scan lets them pass.

    Of other restricted rows it lets pass what their declarations restrict, and no more.
    """
    found = {
        model._meta.label: [key for key, verdict in theirs.items() if verdict.is_whole or verdict.deed is Deed.REFUSED]
        for model, theirs in fates(case).items()
    }
    return {label: keys for label, keys in found.items() if keys}


def fates(case: Case) -> dict[type[Model], dict[Any, Verdict]]:
    """What becomes of every row of the person, by model: each row once, under the strongest of its verdicts."""
    found: dict[type[Model], dict[Any, Verdict]] = defaultdict(dict)
    for eraser in all_erasers():
        keys = eraser.found(case)
        if not keys:
            continue
        verdicts = judged(eraser, keys, case)
        _add(found[eraser.model], verdicts)
        for model, theirs in eraser.companions(verdicts):
            _add(found[model], theirs)
    return found


def _add(known: dict[Any, Verdict], more: Mapping[Any, Verdict]) -> None:
    for key, verdict in more.items():
        before = known.get(key)
        if before is None or _STRENGTH[verdict.deed] > _STRENGTH[before.deed]:
            known[key] = verdict


def _row_sets(found: Mapping[type[Model], Mapping[Any, Verdict]]) -> Iterator[RowSet]:
    order = {presenter.model: presenter.position for presenter in presenters.all_presenters()}
    for model in sorted(found, key=lambda model: (order.get(model, 2000), model._meta.label)):
        groups: dict[Verdict, list[datetime | None]] = defaultdict(list)
        for verdict in found[model].values():
            groups[replace(verdict, until=None)].append(verdict.until)
        for verdict, ends in groups.items():
            dates = [end for end in ends if end is not None]
            yield RowSet(
                model=model._meta.label,
                words=counted(model, len(ends)),
                count=len(ends),
                deed=verdict.deed,
                how=verdict.how,
                ground=verdict.ground,
                first=min(dates, default=None),
                until=max(dates) if dates and len(dates) == len(ends) else None,
                is_whole=verdict.is_whole,
            )


def counted(model: type[Model], count: int) -> str:
    """So many rows of a model, in words: "2 orders"."""
    presenter, meta = presenters.for_model(model), model._meta
    if presenter.one != presenters.Presenter.one:
        return f"{count} {presenter.one if count == 1 else presenter.many}"
    return f"{count} {meta.verbose_name if count == 1 else meta.verbose_name_plural}"


def stored(content: Mapping[str, Any]) -> PlanContent:
    """A plan as it was kept (`PlanContent.as_json`)."""
    return PlanContent(
        rows=tuple(
            RowSet(**{**rows, "deed": Deed(rows["deed"]), "first": _date(rows["first"]), "until": _date(rows["until"])})
            for rows in content["rows"]
        ),
        losses=tuple(content["losses"]),
        refusals=tuple(content["refusals"]),
        providers=tuple(
            providers.Preview(**{**each, "not_before": _date(each["not_before"])}) for each in content["providers"]
        ),
        accounts=tuple(content["accounts"]),
        addresses=content["addresses"],
    )


def _date(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def plain(said: RowSet | providers.Preview) -> dict[str, Any]:
    """A part of a plan as JSON has it."""
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in asdict(said).items()}
