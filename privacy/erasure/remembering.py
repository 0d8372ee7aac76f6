"""What a deletion does, in the journal of erasures; and how it is done again in a database that a backup brought back.

A line knows its person by keyed hashes alone. So a restored row is the person's when its key is in the line **and** an
address behind it has one of the hashes: a key that meanwhile belongs to somebody else is left alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model, QuerySet

from privacy import inventory, journal, mail_addresses, people
from privacy.erasure import acts, erasers, mentions
from privacy.erasure.cases import Case
from privacy.journal import Entry
from privacy.people import Person
from privacy.residue import readings


class Remembered:
    """See `privacy.erasure.ports.Journal`."""

    def write(
        self, kind: str, *, person: Person, rows: Mapping[str, Sequence[Any]], plan: str, words: Iterable[str] = ()
    ) -> int:
        """Writes a line with the hashes of the person's addresses, and of what is taken out beside them."""
        hashes = [*journal.person_hashes(person), *journal.word_hashes(words)]
        return journal.write(kind, hashes=hashes, rows=rows, plan=plan)


@journal.replayer("erasure")
def erase_again(entry: Entry) -> int:
    """Erases, narrows or restricts the rows that are still the person's, by the rules and holds of today."""
    count = 0
    for label, keys in entry.rows.items():
        model = journal.model_of(label)
        if model is None:
            continue
        theirs = {key: found for key in keys if (found := _whose(model, key, entry.hashes))}
        if theirs:
            case = Case(Person(_users(model, theirs), frozenset().union(*theirs.values())))
            count += acts.act(erasers.for_model(model), case, plan=entry.plan, keys=list(theirs))
    return count


@journal.replayer("mentions")
def take_out_again(entry: Entry) -> int:
    """Takes the person out of the rows of others, where something in them has one of the hashes."""
    rows = {
        model: [str(key) for key in keys] for label, keys in entry.rows.items() if (model := journal.model_of(label))
    }
    addresses, words = set[str](), set[str]()
    for model, keys in rows.items():
        for row in QuerySet[Any](model).filter(pk__in=keys).values():
            for text in _texts_in(row.values()):
                known = {end for found in mail_addresses.named_in(text) for end in _ends_of(found)}
                addresses |= {address for address in known if journal.is_any_of([address], entry.hashes)}
                words |= set(journal.words_in(text, entry.hashes))
    if not addresses and not words:
        return 0
    return mentions.scrub_in(Person(frozenset(), frozenset(addresses)), rows, words=words)


def _whose(model: type[Model], key: Any, hashes: frozenset[str]) -> frozenset[str]:
    """The addresses behind a row that have one of the hashes."""
    known = {address.strip().lower() for address in addresses_of(model, key) if address}
    return frozenset(address for address in known if journal.is_any_of([address], hashes))


def addresses_of(model: type[Model], key: Any) -> Iterator[str]:
    """The addresses to which the declared subject of a row leads: its own, and those of its account."""
    declaration = inventory.declaration_of(model)
    subject = declaration.subject if declaration else None
    rows = QuerySet[Any](model).filter(pk=key)
    if subject and subject.email:
        yield from rows.values_list(subject.email, flat=True)
    if subject and subject.user:
        for user in rows.values_list(subject.user, flat=True):
            if user is not None:
                yield from people.of_account(user).addresses
                yield from get_user_model().objects.filter(pk=user).values_list("email", flat=True)


def _users(model: type[Model], keys: Iterable[Any]) -> frozenset[int]:
    """The accounts to which the rows are linked."""
    declaration = inventory.declaration_of(model)
    if declaration is None or declaration.subject is None or not declaration.subject.user:
        return frozenset()
    found = QuerySet[Any](model).filter(pk__in=list(keys)).values_list(declaration.subject.user, flat=True)
    return frozenset(user for user in found if user is not None)


def _texts_in(values: Iterable[Any]) -> Iterator[str]:
    """The values of a row, in every spelling in which they can be read."""
    for value in values:
        if isinstance(value, bytes | memoryview):
            texts = readings.of(bytes(value))
        elif value is None or isinstance(value, bool | int | float):
            continue
        else:
            texts = readings.of(str(value))
        yield from (text for _, text in texts)


def _ends_of(address: str) -> Iterator[str]:
    """The address, and what else it may be where the text around it ran into it: `to=ann@x.de`, `'o'neil@x.de'`."""
    local, _, host = address.rpartition("@")
    for start, before in enumerate(f" {local[:-1]}"):
        if not before.isalnum():
            yield f"{local[start:]}@{host}"
