"""Keyed hashes of addresses, and of words that were taken out of texts: by them the journal recognises a person whom it
doesn't name."""

import hmac
import re
import unicodedata
from collections.abc import Iterable, Iterator

from privacy.link_tokens import derived, secrets
from privacy.people import Person

_PURPOSE = b"erasure journal: person"
_WORDS = b"erasure journal: words"
_LENGTH = 16  # bytes
#: A name, a company or a number has at most so many words.
MOST_WORDS = 8
_MOST_LETTERS = 100_000
_WORD = re.compile(r"\w+")


def person_hashes(person: Person) -> list[str]:
    """The hashes of the addresses of a person, in order."""
    return sorted(_hash(address, secrets()[0]) for address in person.addresses)


def is_any_of(addresses: Iterable[str], hashes: Iterable[str]) -> bool:
    """Whether one of these addresses is behind one of the hashes, under the secret in force or an earlier one."""
    known = frozenset(hashes)
    return any(_hash(address, secret) in known for address in addresses for secret in secrets())


def _hash(address: str, secret: str) -> str:
    return hmac.digest(derived(secret, _PURPOSE), address.strip().lower().encode(), "sha256")[:_LENGTH].hex()


def word_hashes(values: Iterable[str]) -> list[str]:
    """The hashes of names and numbers, in order: the same for any casing, and whatever stands between their words."""
    return sorted({_hash_of_words(_joined(_WORD.findall(value)), secrets()[0]) for value in values})


def words_in(text: str, hashes: Iterable[str]) -> Iterator[str]:
    """The pieces of a text that are behind one of the hashes, as they stand there."""
    known, found = frozenset(hashes), list(_WORD.finditer(text[:_MOST_LETTERS]))
    for start, first in enumerate(found):
        for end in range(start + 1, min(start + MOST_WORDS, len(found)) + 1):
            joined = _joined([word[0] for word in found[start:end]])
            if any(_hash_of_words(joined, secret) in known for secret in secrets()):
                yield text[first.start() : found[end - 1].end()]


def _joined(words: Iterable[str]) -> str:
    return unicodedata.normalize("NFKC", "".join(words)).casefold()


def _hash_of_words(joined: str, secret: str) -> str:
    return hmac.digest(derived(secret, _WORDS), joined.encode("utf-8", "replace"), "sha256")[:_LENGTH].hex()
