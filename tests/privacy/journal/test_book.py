"""The file: every alteration is noticed, and no crash loses what was promised."""

import fcntl
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

import pytest
from pytest_django import Settings

from privacy.journal.book import BEGINNING, Book, Unreadable

WRITER = """
import sys
from pathlib import Path
import django
django.setup()
from privacy.journal.book import Book
book = Book(Path(sys.argv[1]))
for number in range(40):
    book.append({"by": sys.argv[2], "number": number})
"""


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "deep" / "er" / "erasure.journal")


def filled(book: Book, count: int = 3) -> Book:
    for number in range(count):
        book.append({"number": number, "at": "2026-01-01T00:00:00+00:00"})
    return book


def numbers(book: Book) -> list[int]:
    return [line.content["number"] for line in book.lines()]


def test_lines_are_kept_in_order_and_chained(book: Book) -> None:
    filled(book)
    lines = list(book.lines())
    assert [line.mark.sequence for line in lines] == [1, 2, 3]
    assert [line.prev for line in lines] == [BEGINNING, lines[0].mark, lines[1].mark]
    assert book.last() == lines[-1].mark
    assert [line.mark.sequence for line in book.lines(after=2)] == [3]


def test_only_its_owner_reads_it(book: Book) -> None:
    filled(book)
    assert book.path.stat().st_mode & 0o777 == 0o600
    assert book.path.with_name("erasure.journal.head").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("line", [0, 1, 2])
def test_a_line_that_was_altered_is_noticed(book: Book, line: int) -> None:
    raw = filled(book).path.read_bytes().splitlines(keepends=True)
    raw[line] = raw[line].replace(f'"number":{line}'.encode(), b'"number":9')
    book.path.write_bytes(b"".join(raw))
    with pytest.raises(Unreadable, match="altered"):
        list(book.lines())


@pytest.mark.parametrize("without", [0, 1])
def test_a_line_that_was_taken_out_is_noticed(book: Book, without: int) -> None:
    raw = filled(book, 4).path.read_bytes().splitlines(keepends=True)
    del raw[without + 1]
    book.path.write_bytes(b"".join(raw))
    with pytest.raises(Unreadable, match="altered"):
        list(book.lines())


def test_a_line_written_with_another_secret_is_noticed(book: Book, settings: Settings) -> None:
    filled(book)
    settings.SECRET_KEY = "somebody-elses-0123456789-abcdefghijklmnopqrstuvwxyz"
    with pytest.raises(Unreadable):
        list(book.lines())


def test_a_changed_secret_leaves_the_journal_readable_while_the_earlier_one_is_named(
    book: Book, settings: Settings
) -> None:
    filled(book)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the-next-one-0123456789-abcdefghijklmnopqrstuvwxyz"
    book.append({"number": 3})
    assert numbers(book) == [0, 1, 2, 3]


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_a_journal_that_ends_too_early_is_noticed(book: Book, kept: int) -> None:
    raw = filled(book).path.read_bytes().splitlines(keepends=True)
    book.path.write_bytes(b"".join(raw[:kept]))
    for act in (book.last, lambda: list(book.lines()), lambda: book.append({"number": 3})):
        with pytest.raises(Unreadable, match="cut off"):
            act()


def test_a_missing_file_and_a_missing_head_are_noticed(book: Book) -> None:
    filled(book)
    head = book.path.with_name("erasure.journal.head")
    kept = head.read_bytes()
    head.unlink()
    with pytest.raises(Unreadable, match="head is missing"):
        book.append({"number": 3})
    head.write_bytes(kept)
    book.path.unlink()
    with pytest.raises(Unreadable, match="is missing"):
        book.append({"number": 3})


def test_a_folder_that_cannot_be_written_says_so() -> None:
    with pytest.raises(Unreadable, match="can't be made"):
        Book(Path("/proc/erasure.journal")).append({})


def test_half_a_line_of_a_killed_writer_is_cut_off_by_the_next(book: Book) -> None:
    filled(book)
    with book.path.open("ab") as file:
        file.write(b'{"seq":4,"numb')
    assert numbers(book) == [0, 1, 2]
    book.append({"number": 3})
    assert numbers(book) == [0, 1, 2, 3]


def test_a_whole_line_of_a_writer_that_died_before_its_promise_counts(book: Book) -> None:
    filled(book)
    head = book.path.with_name("erasure.journal.head")
    promised = head.read_bytes()
    book.append({"number": 3})
    head.write_bytes(promised)
    assert numbers(book) == [0, 1, 2, 3]
    book.append({"number": 4})
    assert numbers(book) == [0, 1, 2, 3, 4]


def test_a_forged_line_behind_the_promise_is_noticed(book: Book) -> None:
    filled(book)
    line = json.loads(book.path.read_bytes().splitlines()[-1])
    with book.path.open("ab") as file:
        file.write(json.dumps(line | {"seq": 4}).encode() + b"\n")
    with pytest.raises(Unreadable, match="altered"):
        book.append({"number": 4})


def test_long_lines_are_found_from_the_end(book: Book) -> None:
    book.append({"number": 0, "keys": "1," * 200_000})
    book.append({"number": 1, "keys": "1," * 200_000})
    book.append({"number": 2})
    assert numbers(book) == [0, 1, 2]


def test_processes_that_write_at_once_make_one_chain(book: Book) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(book.path), str(number)], cwd=Path(__file__).parents[3])
        for number in range(3)
    ]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    lines = list(book.lines())
    assert [line.mark.sequence for line in lines] == list(range(1, 121))
    for name in "012":
        assert [line.content["number"] for line in lines if line.content["by"] == name] == list(range(40))


def test_canary_without_the_lock_they_break_it(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(book, 1)
    both_have_read, last_line = threading.Barrier(2, timeout=30), Book._last_line

    def read_together(self: Book, file: IO[bytes]) -> Any:
        found = last_line(self, file)
        both_have_read.wait()
        return found

    with monkeypatch.context() as patched:
        patched.setattr(fcntl, "flock", lambda *_: None)
        patched.setattr(Book, "_last_line", read_together)
        writers = [threading.Thread(target=book.append, args=({"number": number},)) for number in (1, 2)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
    try:
        is_whole = len(list(book.lines())) == 3
    except Unreadable:
        is_whole = False
    assert not is_whole


def test_lines_that_no_backup_needs_are_left_out_and_the_chain_goes_on(book: Book) -> None:
    filled(book, 5)
    assert book.forget_before(4) == 3
    assert [line.mark.sequence for line in book.lines()] == [4, 5]
    book.append({"number": 5})
    assert [line.mark.sequence for line in book.lines()] == [4, 5, 6]
    assert book.forget_before(4) == 0
    assert book.forget_before(99) == 2  # the last line stays: the next one follows it
    assert [line.mark.sequence for line in book.lines()] == [6]


def test_who_waits_while_the_file_is_replaced_writes_into_the_new_one(book: Book) -> None:
    filled(book, 5)
    with book.path.open("r+b") as old:
        book.forget_before(5)
        assert old.read() != book.path.read_bytes()
    book.append({"number": 5})
    assert numbers(book) == [4, 5]
