"""Files and links of exports hang on a secret that isn't in the database."""

import uuid

import pytest
from cryptography.exceptions import InvalidTag
from pytest_django.fixtures import Settings

from privacy.exports import sealing

HERE, THERE = uuid.uuid4(), uuid.uuid4()


def test_a_file_is_opened_again_and_differs_each_time() -> None:
    first, second = sealing.sealed(b"Ada Lovelace", about=HERE), sealing.sealed(b"Ada Lovelace", about=HERE)
    assert first != second
    assert b"Ada" not in first
    assert sealing.opened(first, about=HERE) == sealing.opened(second, about=HERE) == b"Ada Lovelace"


def test_a_file_of_another_row_or_another_secret_is_refused(settings: Settings) -> None:
    blob = sealing.sealed(b"Ada", about=HERE)
    with pytest.raises(InvalidTag):
        sealing.opened(blob, about=THERE)
    with pytest.raises(InvalidTag):
        sealing.opened(blob[:-1] + bytes([blob[-1] ^ 1]), about=HERE)
    settings.SECRET_KEY = "another"
    with pytest.raises(InvalidTag):
        sealing.opened(blob, about=HERE)


def test_files_and_links_of_before_work_after_the_secret_was_changed(settings: Settings) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "old", []
    blob = sealing.sealed(b"Ada", about=HERE)
    nonce, link_hash = sealing.LINKS.new()
    token = sealing.LINKS.token(nonce, link_hash)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", ["older", "old"]
    assert sealing.opened(blob, about=HERE) == b"Ada"
    assert sealing.LINKS.token(nonce, link_hash) == token
    assert sealing.LINKS.hash(token) == link_hash


def test_a_link_has_192_bits_that_follow_from_nonce_and_secret(settings: Settings) -> None:
    nonce, link_hash = sealing.LINKS.new()
    token = sealing.LINKS.token(nonce, link_hash)
    assert len(token) == 32
    settings.SECRET_KEY = "another"
    assert sealing.LINKS.token(nonce, link_hash) != token
