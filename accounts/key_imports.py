"""Files of license keys for an edition's pool: read, checked line by line, and put in whole or not at all.

A file has one key a line, in its only column or in the one whose header is `key`. UTF-8 with or without a byte order
mark; commas, semicolons or tabs between columns. Keys are sealed as they are read: nothing here keeps one in clear.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from accounts import license_keys
from accounts.models import KeyImport, LicenseKey
from shop import stock_words

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from shop.models import Edition

MOST_BYTES, MOST_KEYS = 10_000_000, 100_000
BATCH = 5_000
HEADER = "key"
DELIMITERS = ",;\t"

# Two arrays a batch: a model instance a key took many times as long.
INSERT = """
    INSERT INTO accounts_licensekey (edition_id, key_import_id, state, is_generated, digest, ciphertext)
    SELECT %s, %s, 'available', false, digest, ciphertext
    FROM unnest(%s::text[], %s::bytea[]) AS sealed (digest, ciphertext)
"""


class NotImported(ValueError):
    """The file as a whole can't be taken. The message is a sentence for the person who chose it."""


@dataclass(frozen=True)
class SealedKey:
    """A key of the file, as it will be stored."""

    line: int
    digest: str
    ciphertext: bytes


@dataclass(frozen=True)
class Problem:
    """What is wrong with one line of the file."""

    line: int
    words: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.words}"


@dataclass(frozen=True)
class KeyFile:
    """What a file holds: its keys, and what is wrong with it. A file with problems isn't imported."""

    keys: Sequence[SealedKey]
    problems: Sequence[Problem]

    @property
    def is_importable(self) -> bool:
        return bool(self.keys) and not self.problems


def read(content: bytes) -> KeyFile:
    """Reads a file and compares it with itself and with every key that the shop knows; writes nothing.

    Raises NotImported where it is too large, no UTF-8 text, or holds no key at all.
    """
    if len(content) > MOST_BYTES:
        raise NotImported("The file is larger than 10 MB. Split it and import the parts.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotImported("The file isn't UTF-8 text. Save it as “CSV UTF-8” and choose it again.") from None
    keys: list[SealedKey] = []
    problems: list[Problem] = []
    for found in _lines(text):
        keys.append(found) if isinstance(found, SealedKey) else problems.append(found)
        if len(keys) > MOST_KEYS:
            raise NotImported("The file has more than 100,000 keys. Split it and import the parts.")
    if not keys and not problems:
        raise NotImported("The file holds no key. Write one key a line.")
    problems += [*_repeated(keys), *_known(keys)]
    return KeyFile(keys, sorted(problems, key=lambda problem: problem.line))


def _lines(text: str) -> Iterator[SealedKey | Problem]:
    """The keys and the problems of each line but the empty ones."""
    delimiter = _delimiter(text)
    column: int | None = None
    is_first = True
    for number, line in enumerate(StringIO(text, newline=None), start=1):
        try:
            cells = [cell.strip(" \n") for cell in next(csv.reader([line], delimiter=delimiter), [])]
        except csv.Error:
            yield Problem(number, "this line can't be read. It is too long, or a quotation mark stands where none may.")
            continue
        if not any(cells):
            continue
        if is_first and HEADER in (names := [cell.casefold() for cell in cells]):
            column = names.index(HEADER)
        else:
            yield _key(number, cells, column)
        is_first = False


def _delimiter(text: str) -> str:
    """The sign between columns: the commonest in the first line, else in the file."""
    first = text.lstrip().partition("\n")[0]
    return max(DELIMITERS, key=lambda sign: (first.count(sign), text.count(sign)))


def _key(number: int, cells: Sequence[str], column: int | None) -> SealedKey | Problem:
    if column is None and sum(map(bool, cells)) > 1:
        return Problem(number, "there is more than one column. Name the one with the keys “key” in the first line.")
    text = next(filter(None, cells)) if column is None else cells[column] if column < len(cells) else ""
    if not text:
        return Problem(number, "the column “key” is empty.")
    if not text.isprintable():
        return Problem(number, "the key holds a character that can't be printed.")
    try:
        columns = license_keys.sealed(text)
    except license_keys.UnusableKey as error:
        return Problem(number, str(error))
    return SealedKey(number, str(columns["digest"]), bytes(columns["ciphertext"]))  # type: ignore[call-overload]


def _repeated(keys: Sequence[SealedKey]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for key in keys:
        line = seen.setdefault(key.digest, key.line)
        if line != key.line:
            yield Problem(key.line, f"the same key as in line {line}.")


def _known(keys: Sequence[SealedKey]) -> Iterator[Problem]:
    for start in range(0, len(keys), BATCH):
        lines = {key.digest: key.line for key in reversed(keys[start : start + BATCH])}
        known = LicenseKey.objects.filter(digest__in=lines).values_list(
            "digest", "edition__product__name", "edition__name"
        )
        for digest, product, edition in known:
            yield Problem(lines[digest], f"the shop has this key already, for {product} {edition}.")


def put(edition: "Edition", keys: Sequence[SealedKey], *, by: "AbstractBaseUser") -> KeyImport:
    """Puts the keys of a checked file into the pool of `edition`, all of them or none.

    Raises NotImported where one of them came into the shop since the file was checked.
    """
    try:
        with transaction.atomic():
            source = KeyImport.objects.create(edition_id=edition.pk, imported_by_id=by.pk, count=len(keys))
            for start in range(0, len(keys), BATCH):
                _insert(source, keys[start : start + BATCH])
            stock_words.changed({edition.pk})
    except IntegrityError:
        raise NotImported("Some of these keys came into the shop meanwhile. Choose the file again.") from None
    return source


def _insert(source: KeyImport, keys: Sequence[SealedKey]) -> None:
    digests, ciphertexts = [key.digest for key in keys], [key.ciphertext for key in keys]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [source.edition_id, source.pk, digests, ciphertexts])


def void(keys: QuerySet[LicenseKey]) -> int:
    """Takes those of `keys` that nobody has out of their pools for good; returns how many."""
    with transaction.atomic():
        free = keys.filter(state=LicenseKey.State.AVAILABLE).order_by("pk").select_for_update(skip_locked=True)
        found = dict(free.values_list("pk", "edition_id"))
        count = LicenseKey.objects.filter(pk__in=found).update(state=LicenseKey.State.VOID)
        if found:
            stock_words.changed(set(found.values()))
    return count
