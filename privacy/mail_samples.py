"""A sample of each kind of mail: what it looks like, with made-up people, for the desk's preview and for the tests.

Apps register one for each kind in a `mail_samples.py` of theirs: a function that returns the mail as its maker would,
without reading a row. A test holds the samples against the mails that are really made: both have the same values.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from privacy import mails, places
from privacy.mails import Mail

ADDRESS, NAME = "ada@example.com", "Ada Lovelace"
PAGE = f"{settings.SITE_URL}/sample/"
Make = Callable[[str], Mail]


@dataclass(frozen=True)
class Sample:
    """A kind with its sample. `make` takes a language, one of `languages`.

    One that `is_fixed` is somebody else's letter, which the shop passes on: nobody here writes words into it.
    """

    kind: str
    make: Make
    languages: tuple[str, ...] = ("en",)
    named: str = ""
    is_fixed: bool = False

    @property
    def words(self) -> str:
        """When it is sent and what it says, as the inventory declares it."""
        found = places.find(places.MailKind, self.kind)
        return found.words if found else ""

    @property
    def title(self) -> str:
        """The kind in words: as it was named, else `order_confirmation` as Order confirmation."""
        return self.named or self.kind.rpartition("/")[2].replace("_", " ").capitalize()


_samples: dict[str, Sample] = {}


def sample(
    kind: str, *, languages: tuple[str, ...] = ("en",), named: str = "", is_fixed: bool = False
) -> Callable[[Make], Make]:
    """Registers the sample of a kind, `named` where the kind's own name says too little."""

    def remember(make: Make) -> Make:
        _samples[kind] = Sample(kind, make, languages, named, is_fixed)
        return make

    return remember


def everything() -> list[Sample]:
    """The sample of every kind, by name."""
    return [_samples[kind] for kind in sorted(_samples)]


def by_purpose() -> list[tuple[places.MailKind, Sample]]:
    """What is declared of each kind, with its sample: purpose after purpose by their names, then by title."""
    found = [(place, _samples[place.name]) for place in places.all_of(places.MailKind) if place.name in _samples]
    return sorted(found, key=lambda each: (each[0].purpose.name, each[1].title))


def title_of(kind: str) -> str:
    """What staff call a kind; one without a sample by its own name."""
    found = find(kind)
    return found.title if found else kind


def find(kind: str) -> Sample | None:
    """The sample of a kind, or None."""
    return _samples.get(kind)


def missing() -> list[str]:
    """Kinds that have no sample: of the outbox, and those that are sent at once."""
    declared = {place.name for place in places.all_of(places.MailKind)}
    return sorted((declared | set(mails.kinds())) - set(_samples))
