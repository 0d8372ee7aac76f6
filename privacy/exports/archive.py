"""The file of an export: a zip with `data.json` for machines and `index.html` for the person, who opens it from disk.

Both are written row by row, so that memory stays flat however much there is.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.core.serializers.json import DjangoJSONEncoder

from privacy import clock, keep_words
from privacy.exports import contents, information, pages, presenters
from privacy.exports.contents import Row, Section
from privacy.people import Person

#: Version of the structure of `data.json`. Whoever changes what stands under a name gives it the next number.
FORMAT = 1


class TooLarge(Exception):
    """The file would be larger than it may be."""


def write(target: BinaryIO, person: Person, *, for_staff: bool = False, most: int | None = None) -> int:
    """Writes the zip with everything of `person` to `target`; returns how many rows it has.

    `for_staff` covers what a staff member who hands it over mustn't see. Raises TooLarge beyond `most` bytes.
    """
    made_at = clock.now()
    told = information.of(presenters.all_presenters())
    rows = 0
    with ZipFile(target, "w", ZIP_DEFLATED) as archive, tempfile.TemporaryFile() as page:
        page_head, page_foot = pages.frame(person, told, made_at)
        page.write(page_head)
        with _member(archive, "data.json", made_at) as data:
            about = {"accounts": sorted(person.users), "addresses": sorted(person.addresses)}
            head = {"format": FORMAT, "made_at": made_at, "about": about, "information": told}
            data.write(_json(head)[:-1] + b',\n"data": {')
            for place, section in enumerate(contents.sections(person, for_staff=for_staff)):
                data.write((b",\n" if place else b"\n") + _json(section.label) + b": " + _start_of(section))
                section_head, section_foot = pages.section_frame(section)
                page.write(section_head)
                rows += _write_rows(section, data, page, target, most)
                data.write(b"]}")
                page.write(section_foot)
            data.write(b"\n}}\n")
        page.write(page_foot)
        page.seek(0)
        with _member(archive, "index.html", made_at) as copy:
            shutil.copyfileobj(page, copy)
    _refuse_beyond(most, target)
    return rows


def _write_rows(section: Section, data: IO[bytes], page: IO[bytes], target: BinaryIO, most: int | None) -> int:
    count = 0
    for row in section.rows:
        data.write((b",\n" if count else b"\n") + _json(_plain(row)))
        page.write(pages.row(section, row))
        _refuse_beyond(most, target)
        count += 1
    if not count:
        page.write(pages.nothing(section))
    return count


def _start_of(section: Section) -> bytes:
    """The object of a table up to its rows."""
    columns = {
        field.name: {
            "category": str(column.category),
            "purpose": column.purpose.name,
            "source": str(column.source),
            "seen_by": sorted(str(reader) for reader in column.readers),
            "kept": keep_words.of(section.presenter.model, column.keep),
        }
        for field, column in section.presenter.columns()
    }
    return _json({"title": section.presenter.title, "columns": columns})[:-1] + b', "rows": ['


def _plain(row: Row) -> dict[str, Any]:
    """The row's own columns, and under `also` what belongs to it."""
    return row.columns | {"also": row.facts} if row.facts else row.columns


def _json(value: object) -> bytes:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False).encode()


@contextmanager
def _member(archive: ZipFile, name: str, made_at: datetime) -> Iterator[IO[bytes]]:
    """A file of the zip, to be written."""
    about = ZipInfo(name, made_at.timetuple()[:6])
    about.compress_type = ZIP_DEFLATED
    with archive.open(about, "w") as member:
        yield member


def _refuse_beyond(most: int | None, target: BinaryIO) -> None:
    if most is not None and target.tell() > most:
        raise TooLarge(f"An export may have {most} bytes.")
