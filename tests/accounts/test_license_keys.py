"""License keys as text: strength, check character, encryption, search."""

import base64

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts import license_keys
from accounts.models import LicenseKey
from tests.accounts import purchases

KEY = "K7RWP-3XHQ9-TMB4V-E2NYC-8DFJ"
OWN = st.lists(st.integers(0, 31), min_size=24, max_size=24).map(
    lambda values: "".join(license_keys.ALPHABET[value] for value in (*values, license_keys._check(values)))
)


def test_a_key_has_five_groups_of_an_alphabet_without_lookalikes() -> None:
    keys = [license_keys.generate() for _ in range(200)]
    assert {tuple(len(group) for group in key.split("-")) for key in keys} == {(5, 5, 5, 5, 5)}
    assert set("".join(keys)) - {"-"} == set("23456789ABCDEFGHJKLMNPQRSTUVWXYZ")
    assert len(set(keys)) == 200


def test_each_random_character_has_five_bits() -> None:
    assert len(license_keys.ALPHABET) == len(set(license_keys.ALPHABET)) == 2**5
    assert license_keys.RANDOM_LENGTH * 5 == 120


def test_every_character_of_the_alphabet_appears_at_every_random_place() -> None:
    bodies = [license_keys.normalize(license_keys.generate()) for _ in range(3000)]
    assert all({body[place] for body in bodies} == set(license_keys.ALPHABET) for place in range(25))


@given(OWN, st.integers(0, 24), st.sampled_from(license_keys.ALPHABET))
def test_the_check_character_notices_any_one_wrong_character(key: str, place: int, other: str) -> None:
    wrong = key[:place] + other + key[place + 1 :]
    assert license_keys.is_well_formed(key)
    assert license_keys.is_well_formed(wrong) == (wrong == key)


@given(OWN, st.integers(0, 24), st.integers(0, 24))
def test_the_check_character_notices_any_two_swapped_characters(key: str, one: int, two: int) -> None:
    characters = list(key)
    characters[one], characters[two] = characters[two], characters[one]
    swapped = "".join(characters)
    assert license_keys.is_well_formed(swapped) == (swapped == key)


@pytest.mark.parametrize("text", ["", "ABC", KEY, "I" * 25, "0" * 25])
def test_what_is_no_key_of_ours_is_not_well_formed(text: str) -> None:
    assert not license_keys.is_well_formed(text)


@pytest.mark.parametrize(
    "typed",
    ["abcde-fghij", "ABCDEFGHIJ", " ab cde\tfghij\n", "ABCDE–FGHIJ", "ABCDE—fghij", "ABCDE‑FGHIJ", "\u200babcdefghij"],
)
def test_a_key_is_the_same_however_it_is_typed(typed: str) -> None:
    assert license_keys.digest(typed) == license_keys.digest("ABCDE-FGHIJ")


@given(st.text(min_size=1, max_size=200).filter(license_keys.normalize))
def test_a_key_of_any_form_comes_back_exactly(text: str) -> None:
    assert license_keys.text_of(LicenseKey(**license_keys.sealed(text))) == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x" * 201, "A key has at most 200 characters. This one has 201."),
        ("", "A key needs at least one letter or digit."),
        (" - — ", "A key needs at least one letter or digit."),
    ],
)
def test_what_cannot_be_a_key_is_refused_in_words(text: str, sentence: str) -> None:
    with pytest.raises(license_keys.UnusableKey) as refusal:
        license_keys.sealed(text)
    assert str(refusal.value) == sentence


def test_what_is_stored_does_not_hold_the_key_and_differs_each_time() -> None:
    one, two = license_keys.sealed(KEY), license_keys.sealed(KEY)
    assert one["digest"] == two["digest"]
    assert one["ciphertext"] != two["ciphertext"]
    assert KEY.encode() not in one["ciphertext"]  # type: ignore[operator]


def test_a_ciphertext_moved_to_another_row_is_refused() -> None:
    one, two = license_keys.sealed("ONE"), license_keys.sealed("TWO")
    with pytest.raises(InvalidTag):
        license_keys.text_of(LicenseKey(digest=one["digest"], ciphertext=two["ciphertext"]))


def test_an_unknown_way_of_encryption_is_named() -> None:
    stored = license_keys.sealed("ONE")
    with pytest.raises(ValueError, match="this version doesn't know"):
        license_keys.text_of(LicenseKey(pk=1, digest=stored["digest"], ciphertext=b"\x02" + stored["ciphertext"][1:]))  # type: ignore[index]


def test_another_secret_neither_reads_nor_finds(settings: Settings) -> None:
    stored = license_keys.sealed(KEY)
    settings.LICENSE_KEYS_SECRET = base64.urlsafe_b64decode("b3RoZXIgc2VjcmV0IG90aGVyIHNlY3JldCBvdGhlciE=")
    assert license_keys.digest(KEY) != stored["digest"]
    with pytest.raises(InvalidTag):
        license_keys.text_of(LicenseKey(**stored))


@pytest.mark.django_db
def test_a_key_is_found_by_its_text_in_any_casing() -> None:
    [text] = purchases.fill(purchases.edition(pool=0), 1)
    found = license_keys.find(f" {text.lower().replace('-', ' ')} ")
    assert found is not None
    assert license_keys.text_of(found) == text
    assert license_keys.find(text + "X") is None
