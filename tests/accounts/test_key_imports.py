"""Files of keys: how they are read, what is refused by line, and that nothing is half imported."""

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from accounts import key_imports, key_pools, license_keys
from accounts.key_imports import KeyFile, NotImported
from accounts.models import KeyImport, LicenseKey
from tests import desk
from tests.accounts import purchases

pytestmark = pytest.mark.django_db
A, B, C = "AAAA-1111", "BBBB-2222", "CCCC-3333"


def clear(found: KeyFile) -> list[tuple[int, str]]:
    """The keys of a file in clear, by line."""
    return [
        (key.line, license_keys.text_of(LicenseKey(digest=key.digest, ciphertext=key.ciphertext))) for key in found.keys
    ]


def problems(found: KeyFile) -> list[str]:
    return [str(problem) for problem in found.problems]


@pytest.mark.parametrize(
    "text",
    [
        f"{A}\n{B}\n",
        f"{A}\n{B}",
        f"{A}\r\n{B}\r\n",
        f"{A}\r{B}\r",
        f"\ufeff{A}\n{B}\n",
        f'"{A}"\n"{B}"\n',
        f" {A} \n\t{B}\n",
        f"{A},\n{B},\n",
        f";{A}\n;{B}\n",
    ],
)
def test_one_column_is_read_however_it_is_written(text: str) -> None:
    found = key_imports.read(text.encode())
    assert (clear(found), problems(found), found.is_importable) == ([(1, A), (2, B)], [], True)


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_the_column_named_key_is_taken(sign: str) -> None:
    rows = [("Seats", " KEY ", "note"), ("5", A, "for Kim; and others"), ("1", f'"{B}"', "")]
    text = "\n".join(sign.join(cell.replace(";", "" if sign == ";" else ";") for cell in row) for row in rows)
    assert clear(key_imports.read(f"\ufeff{text}".encode())) == [(2, A), (3, B)]


def test_empty_lines_are_skipped_and_lines_keep_their_numbers() -> None:
    found = key_imports.read(f"\n\nkey\n\n{A}\n  \n,,\n{B}\n".encode())
    assert clear(found) == [(5, A), (8, B)]


def test_duplicates_in_the_file_are_named_by_line_however_they_are_typed() -> None:
    found = key_imports.read(f"{A}\n{B}\naaaa 1111\n{A}\n".encode())
    assert (problems(found), found.is_importable) == (
        ["Line 3: the same key as in line 1.", "Line 4: the same key as in line 1."],
        False,
    )


def test_keys_that_the_shop_knows_are_named_by_line() -> None:
    edition = purchases.edition()
    LicenseKey.objects.create(edition=edition, **license_keys.sealed(B))
    found = key_imports.read(f"{A}\n{B}\n".encode())
    assert problems(found) == [f"Line 2: the shop has this key already, for {edition}."]


def test_each_line_that_is_no_key_is_named() -> None:
    long = "L" * 201
    found = key_imports.read(f"{A}\nNUL\0L\n{long}\n---\nX\u202eY\n{B}\n".encode())
    assert problems(found) == [
        "Line 2: the key holds a character that can't be printed.",
        "Line 3: A key has at most 200 characters. This one has 201.",
        "Line 4: A key needs at least one letter or digit.",
        "Line 5: the key holds a character that can't be printed.",
    ]


def test_more_columns_need_a_name() -> None:
    sentence = "there is more than one column. Name the one with the keys “key” in the first line."
    assert problems(key_imports.read(f"{A},5\n{B}\n".encode())) == [f"Line 1: {sentence}"]


def test_a_row_that_ends_before_the_named_column_is_named() -> None:
    assert problems(key_imports.read(f"seats,key\n5\n1,{A}\n".encode())) == ["Line 2: the column “key” is empty."]


def test_a_line_beyond_all_measure_is_named() -> None:
    found = key_imports.read(f"{A}\n{'x' * 200_000}\n".encode())
    assert problems(found) == [
        "Line 2: this line can't be read. It is too long, or a quotation mark stands where none may."
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file holds no key. Write one key a line."),
        (b"key\n\n", "The file holds no key. Write one key a line."),
        (A.encode("utf-16"), "The file isn't UTF-8 text. Save it as “CSV UTF-8” and choose it again."),
        (b"x" * 10_000_001, "The file is larger than 10 MB. Split it and import the parts."),
        (
            b"\n".join(b"K%d" % n for n in range(100_001)),
            "The file has more than 100,000 keys. Split it and import the parts.",
        ),
    ],
    ids=["empty", "header only", "UTF-16", "too large", "too many"],
)
def test_a_file_that_cant_be_taken_at_all(content: bytes, sentence: str) -> None:
    with pytest.raises(NotImported) as refused:
        key_imports.read(content)
    assert str(refused.value) == sentence


@given(content=st.binary(max_size=300))
def test_no_file_is_an_error_page(content: bytes) -> None:
    try:
        found = key_imports.read(content)
    except NotImported:
        return
    assert found.keys or found.problems


def test_reading_writes_nothing_and_keeps_nothing_in_clear() -> None:
    found = key_imports.read(f"{A}\n".encode())
    assert (LicenseKey.objects.count(), KeyImport.objects.count()) == (0, 0)
    assert A not in repr(found)


def test_all_keys_are_put_in_with_their_source() -> None:
    edition, manager = purchases.edition(pool=0), desk.person("Shop Manager")
    source = key_imports.put(edition, key_imports.read(f"{A}\n{B}\n".encode()).keys, by=manager)
    keys = LicenseKey.objects.filter(key_import=source).order_by("pk")
    assert [(key.state, key.is_generated, license_keys.text_of(key)) for key in keys] == [
        ("available", False, A),
        ("available", False, B),
    ]
    assert (source.edition_id, source.imported_by_id, source.count) == (edition.pk, manager.pk, 2)
    assert key_pools.left([edition.pk]) == {edition.pk: 2}


def test_nothing_is_half_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last key of the third batch came into the shop after the file was checked."""
    monkeypatch.setattr(key_imports, "BATCH", 2)
    edition, manager = purchases.edition(pool=0), desk.person("Shop Manager")
    found = key_imports.read("\n".join(f"K-{n}" for n in range(6)).encode())
    LicenseKey.objects.create(edition=purchases.edition(), **license_keys.sealed("K-5"))
    with pytest.raises(NotImported) as refused:
        key_imports.put(edition, found.keys, by=manager)
    assert str(refused.value) == "Some of these keys came into the shop meanwhile. Choose the file again."
    assert (LicenseKey.objects.filter(edition=edition).count(), KeyImport.objects.count()) == (0, 0)


def test_canary_the_database_itself_refuses_a_key_twice() -> None:
    edition = purchases.edition(pool=0)
    LicenseKey.objects.create(edition=edition, **license_keys.sealed(A))
    with pytest.raises(IntegrityError, match="digest"):
        LicenseKey.objects.create(edition=edition, **license_keys.sealed(A.lower()))


def test_voiding_takes_free_keys_only() -> None:
    edition = purchases.edition(pool=3)
    purchases.paid((edition, 1))
    assert key_imports.void(LicenseKey.objects.filter(edition=edition)) == 2
    assert key_imports.void(LicenseKey.objects.filter(edition=edition)) == 0
    states = LicenseKey.objects.filter(edition=edition).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["assigned", "void", "void"]


@pytest.mark.slow
def test_the_largest_file_is_imported_within_the_time_of_a_request() -> None:
    edition, manager = purchases.edition(pool=0), desk.person("Shop Manager")
    found = key_imports.read("\n".join(f"LARGE-{n:06}" for n in range(100_000)).encode())
    key_imports.put(edition, found.keys, by=manager)
    assert LicenseKey.objects.filter(edition=edition).count() == 100_000
