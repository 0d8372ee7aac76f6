"""Forms with files: one that is too long is refused before it is read."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from config import uploads
from tests import desk

pytestmark = pytest.mark.django_db


class Body(io.BytesIO):
    """A body of which nothing may be read."""

    def read(self, *_sizes: int | None) -> bytes:
        pytest.fail("It was read.")


def test_a_longer_form_is_refused_before_a_byte_of_it_is_read() -> None:
    response = desk.enter(desk.person()).generic(
        "POST",
        "/account/logo/",
        **{
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
            "CONTENT_LENGTH": str(uploads.MOST_BYTES + 1),
            "wsgi.input": Body(),
        },
    )
    assert response.status_code == 400


def test_a_form_of_ten_megabytes_is_read_and_answered_with_a_sentence() -> None:
    response = desk.enter(desk.person()).post(
        "/account/logo/", {"picture": SimpleUploadedFile("a.png", bytes(10_000_000))}
    )
    assert response.status_code == 422
