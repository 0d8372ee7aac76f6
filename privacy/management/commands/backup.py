"""`manage.py backup`: the database and the uploaded files as one file."""

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from privacy import backups, journal


class Command(BaseCommand):
    help = (
        "Write the database and the uploaded files to one file in BACKUP_DIR. docs/backups.md says what else to keep."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", metavar="FOLDER", type=Path, help="Another folder than BACKUP_DIR.")
        parser.add_argument(
            "--keep",
            metavar="DAYS",
            type=_days,
            help="Then remove older backups, and what no backup needs any more from the journal of erasures.",
        )

    def handle(self, *_args: Any, to: Path | None, keep: int | None, **_options: Any) -> None:
        folder = to or settings.BACKUP_DIR
        try:
            made = backups.make(folder)
            self.stdout.write(f"{made.path}: {made.path.stat().st_size:,} bytes.")
            if keep is not None:
                files, lines = backups.forget(folder, days=keep)
                self.stdout.write(f"Removed: {files} older backups, {lines} lines of the journal.")
        except OSError as error:
            raise CommandError(f"{folder} can't be written: {error.strerror}.") from error
        except (backups.CannotBackUp, journal.JournalUnavailable) as error:
            raise CommandError(str(error)) from error


def _days(word: str) -> int:
    if not word.isdigit() or int(word) < 1:
        raise ArgumentTypeError(f"{word!r} is no number of days.")
    return int(word)
