"""Signs of spam, each with its points and the sentence that explains it to whoever decides.

They decide nothing alone: a post with `settings.POST_HOLD_POINTS` or more waits for a person, one with fewer is
published at once.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from privacy import clock
from shop.models import Post
from shop.posts.names import claims_office
from shop.posts.writers import Writer, has_bought_anything, written_by

_HOSTS = "com|net|org|info|biz|shop|top|xyz|ru|cn|io|co|de|fr|eu|uk|link"
_URL = re.compile(rf"(?:https?://|www\.)\S|\b[\w-]+\.(?:{_HOSTS})\b", re.I)
_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.\w|(?:\+|\b00)\d[\d ()/-]{7,}\d|\b(?:whatsapp|telegram)\b", re.I)
_MARKUP = re.compile(r"<[/!]?[a-z][^<>]*>|\[/?(?:url|link|img)\b|javascript:", re.I)
_REPEATED = re.compile(r"(\S)\1{7,}|\b(\w+)(?:\W+\2\b){4,}", re.I)
#: Spaces without width, soft hyphens, letters of tags; and five marks or more on one letter. Joiners are let be:
#: emoji and some scripts need them.
_HIDDEN = re.compile(r"[\u00ad\u200b\u2060-\u2064\ufeff\U000e0000-\U000e007f]|[\u0300-\u036f\u0489\u20d0-\u20f0]{5}")
#: From this many letters on, capitals are counted.
_ENOUGH_LETTERS = 30
_HASTE, _MANY = timedelta(hours=1), 3
_SHORT = 15


@dataclass(frozen=True)
class Draft:
    """What is judged: the words, who wrote them, and the row where they stood before (None for a new post)."""

    title: str
    text: str
    shown_as: str
    kind: str
    writer: Writer
    post_id: int | None = None

    @property
    def words(self) -> str:
        return f"{self.title}\n{self.text}\n{self.shown_as}"


@dataclass(frozen=True)
class Signal:
    """One sign: its name, as it is kept with the post, its points, and what it means."""

    name: str
    points: int
    words: str
    speaks: Callable[[Draft], bool]


def _found(pattern: re.Pattern[str]) -> Callable[[Draft], bool]:
    return lambda draft: pattern.search(draft.words) is not None


def _shouts(draft: Draft) -> bool:
    letters = [letter for letter in draft.title + draft.text if letter.isalpha()]
    return len(letters) >= _ENOUGH_LETTERS and sum(map(str.isupper, letters)) > len(letters) * 0.7


def _is_short(draft: Draft) -> bool:
    return draft.kind == Post.Kind.REVIEW and len(draft.text.strip()) < _SHORT


def _is_a_copy(draft: Draft) -> bool:
    """Of another post; a sentence of two words may well be said twice."""
    if len(draft.text) < _ENOUGH_LETTERS:
        return False
    return Post.objects.filter(~Q(pk=draft.post_id), text=draft.text).exists()


def _is_in_haste(draft: Draft) -> bool:
    lately = written_by(draft.writer).filter(written_at__gt=clock.now() - _HASTE).exclude(post=draft.post_id)
    return lately.count() >= _MANY


def _is_unknown(draft: Draft) -> bool:
    return draft.kind != Post.Kind.REVIEW and not has_bought_anything(draft.writer)


SIGNALS: dict[str, Signal] = {
    signal.name: signal
    for signal in (
        Signal("link", 3, "It has the address of a website.", _found(_URL)),
        Signal("contact", 2, "It has an e-mail address, a phone number or a messenger.", _found(_CONTACT)),
        Signal("markup", 3, "It has tags or a script, which people don’t type.", _found(_MARKUP)),
        Signal("copy", 3, "Another post has the very same text.", _is_a_copy),
        Signal(
            "office", 2, "The name sounds as if it spoke for the shop.", lambda draft: claims_office(draft.shown_as)
        ),
        Signal("hidden", 2, "It has signs that can’t be seen, or that pile up.", _found(_HIDDEN)),
        Signal("haste", 2, f"The same person wrote {_MANY} posts or more within an hour.", _is_in_haste),
        Signal("repeated", 2, "It repeats a sign or a word again and again.", _found(_REPEATED)),
        Signal("capitals", 1, "Most of it is in capitals.", _shouts),
        Signal("short", 1, f"It has fewer than {_SHORT} characters.", _is_short),
        Signal("unknown", 1, "Who wrote it has bought nothing here.", _is_unknown),
    )
}


def judge(draft: Draft) -> list[Signal]:
    """The signs that speak, the heaviest first."""
    spoken = [signal for signal in SIGNALS.values() if signal.speaks(draft)]
    return sorted(spoken, key=lambda signal: -signal.points)


def points(signals: Iterable[Signal]) -> int:
    """Their sum."""
    return sum(signal.points for signal in signals)


def waits(signals: Iterable[Signal]) -> bool:
    """Whether a person must look before it is published."""
    return points(signals) >= settings.POST_HOLD_POINTS


def explained(names: Iterable[str]) -> list[Signal]:
    """The signs of these names; one that is no longer known is left out."""
    return [SIGNALS[name] for name in names if name in SIGNALS]
