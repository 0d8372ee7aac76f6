"""`manage.py privacy export EMAIL --to FILE`: everything that is kept about the person of an address, as a zip."""

import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from privacy import people
from privacy.exports import archive

log = structlog.get_logger(__name__)

HELP = "Write everything that is kept about the person of an e-mail address to a zip."


def add_arguments(parser: ArgumentParser) -> None:
    """The address, in any casing, and the file, which must not be there yet."""
    parser.add_argument("email", metavar="EMAIL", help="The person's e-mail address, in any casing.")
    parser.add_argument("--to", metavar="FILE", required=True, type=Path, help="The zip to write. It must not exist.")


def run(command: BaseCommand, *, email: str, to: Path, **_options: Any) -> None:
    """Writes the zip, readable by nobody else, and says how many rows it has: an unknown address has none.

    Raises CommandError for what is no address, and for a file that is there or can't be written.
    """
    try:
        validate_email(email.strip())
    except ValidationError as error:
        raise CommandError("EMAIL must be an e-mail address, such as kim@example.com.") from error
    try:
        descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise CommandError(f"{to} is there already. Name another file, or remove it.") from error
    except OSError as error:
        raise CommandError(f"{to} can't be written: {error.strerror}.") from error
    with _removed_on_failure(to), os.fdopen(descriptor, "wb") as target:
        rows = archive.write(target, people.of_address(email))
    log.info("data exported by command", count=rows)
    command.stdout.write(f"{to}: {rows:,} {'row' if rows == 1 else 'rows'}.")


@contextmanager
def _removed_on_failure(path: Path) -> Iterator[None]:
    """Half a file would look like a whole one."""
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise
