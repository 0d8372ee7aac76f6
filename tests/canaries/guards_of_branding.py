"""The guards of logos and of uploaded pictures."""

import pytest
from django.db import connection

from tests.canaries.guard import Guard, answers

LOGOS, IMAGES = "tests/accounts/branding", "tests/accounts/test_images.py"


def _without_trigger(_patch: pytest.MonkeyPatch) -> None:
    """In the transaction of the test, which is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_logomanager DISABLE TRIGGER accounts_logomanager_last")


def everyone() -> list[Guard]:
    return [
        Guard(
            "a logo: it goes with its last manager",
            _without_trigger,
            (f"{LOGOS}/test_logos.py::test_whatever_ends_the_last_account_takes_the_logo_away",),
            {"way": "sql"},
        ),
        Guard(
            "a logo: files an hour",
            answers("privacy.rate_limits.allow", True),
            (f"{LOGOS}/test_pages.py::test_too_many_files_in_an_hour_are_refused",),
        ),
        Guard(
            "a picture: its size is judged before it is decoded",
            answers("accounts.images._judge_size", None),
            (f"{IMAGES}::test_the_size_is_judged_before_a_pixel_is_decoded",),
        ),
        Guard(
            "a picture: nothing else is hidden in it",
            answers("accounts.images._is_something_else_too", False),
            (f"{IMAGES}::test_a_picture_that_is_something_else_too_is_refused",),
        ),
    ]
