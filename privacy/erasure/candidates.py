"""Places outside a person's own rows where their name, company or street stands: others bear such names too.

So nothing is taken out by itself. Support reads each place, and says whether it is somebody else's (cleared) or this
person's (erased). It is looked for before the approval: afterwards nobody knows the names any more. Decisions stand in
the story of the request, by place and never by value; the text is read from the database each time it is shown.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Field, Model, QuerySet

from privacy import inventory
from privacy.deletion_requests import CannotDo
from privacy.deletion_requests.locked import locked, tell
from privacy.erasure import persons, plans, ports
from privacy.erasure.cases import Case
from privacy.erasure.mentions import Cleaner, is_free_text
from privacy.models import DeletionRequest, RequestEvent
from privacy.residue import Identifier, identifiers, spellings, tables
from privacy.residue.exemptions import model_of
from privacy.residue.matching import Matcher

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

State = DeletionRequest.State
#: So much of a text is shown around what was found.
AROUND = 60
#: More than this is a name that everybody bears.
MOST = 50
CLEARED, ERASED = "Not this person’s", "Taken out"
#: Before the approval; the person must be known.
_WHEN = frozenset({State.VERIFIED, State.PLANNED})


@dataclass(frozen=True)
class Mention:
    """A place: `where` names the column, `what` the kind of the identifiers found, `text` what stands around them.

    `is_free_text`: a name can be taken out of it. In any other column the value is somebody else's own.
    """

    where: str
    key: str
    what: str
    text: str
    is_free_text: bool

    @property
    def place(self) -> str:
        return f"{self.where} {self.key}"


def of_request(request_id: int) -> list[Mention]:
    """The places that nobody has decided on yet; none before an address is proven. Reads every table."""
    known = _names(persons.of_request(request_id))
    if not known:
        return []
    decided = set(
        RequestEvent.objects.filter(request=request_id, kind=RequestEvent.Kind.CHECKED).values_list("detail", flat=True)
    )
    found = {
        mention.place: mention
        for mention in _mentions(Case(persons.of_request(request_id), request_id), known)
        if not {f"{CLEARED}: {mention.place}", f"{ERASED}: {mention.place}"} & decided
    }
    return list(found.values())[:MOST]


def clear(request_id: int, place: str, *, by: "AbstractBaseUser") -> None:
    """Says that a place is somebody else's. Raises CannotDo."""
    _decide(request_id, place, CLEARED, by=by)


def erase(request_id: int, place: str, *, by: "AbstractBaseUser") -> None:
    """Takes the person's names out of a text, with its line in the journal first. Raises CannotDo."""
    with transaction.atomic():
        mention = _decide(request_id, place, ERASED, by=by)
        model, field = _column(mention.where)
        if model is None or field is None or not mention.is_free_text:
            raise CannotDo("This isn’t a text but somebody’s own value: it can only be cleared.")
        person = persons.of_request(request_id)
        rows = QuerySet[Any](model).filter(pk=mention.key)
        value = rows.select_for_update(of=("self",)).values_list(field.attname, flat=True).first()
        if value is None:
            raise CannotDo("The row has gone meanwhile.")
        known = _names(person)
        cleaner = Cleaner(known, Matcher(known))
        cleaned = cleaner.json(value) if field.get_internal_type() == "JSONField" else cleaner.text(str(value))
        rows_of_model = {model._meta.label: [mention.key]}
        words = [one.value for one in known]
        ports.journal().write("mentions", person=person, rows=rows_of_model, plan="", words=words)
        rows.update(**{field.attname: cleaned})


def _decide(request_id: int, place: str, word: str, *, by: "AbstractBaseUser") -> Mention:
    with locked(request_id) as request:
        if request.state not in _WHEN:
            raise CannotDo(
                f"{request.number} is {request.get_state_display()}: mentions are judged before the approval."
            )
        mention = next((one for one in of_request(request_id) if one.place == place), None)
        if mention is None:
            raise CannotDo("This place was decided on already, or holds nothing any more.")
        tell(request, RequestEvent.Kind.CHECKED, by=by, detail=f"{word}: {place}")
    return mention


def _names(person: Any) -> frozenset[Identifier]:
    return frozenset(one for one in identifiers.of(person) if not one.kind.is_unique)


def _mentions(case: Case, known: frozenset[Identifier]) -> list[Mention]:
    own = {model: {str(key) for key in theirs} for model, theirs in plans.fates(case).items()}
    matcher, found = Matcher(known), []
    for table in tables.all_tables():
        for place, hit in tables.search(table, matcher):
            model, field = _column(place.where)
            if model is None or field is None or place.key in own.get(model, ()):
                continue
            if not place.key.isdigit():  # the key of a session opens it, and stands on no page
                continue
            text = str(QuerySet[Any](model).filter(pk=place.key).values_list(field.attname, flat=True).first() or "")
            found.append(Mention(place.where, place.key, str(hit.kind), _around(text, known), is_free_text(field)))
    return found


def _column(where: str) -> "tuple[type[Model] | None, Field[Any, Any] | None]":
    table, _, column = where.partition(".")
    model = model_of(table)
    fields = inventory.stored_fields(model) if model else []
    return model, next((field for field in fields if field.column == column), None)


def _around(text: str, known: frozenset[Identifier]) -> str:
    """What stands around the first name that was found; the beginning where it is written in another way."""
    hits = [match.start() for one in known if (match := spellings.pattern(one).search(text))]
    start = max(0, min(hits, default=0) - AROUND)
    end = start + 2 * AROUND
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"
