"""`manage.py privacy prune --before DATE`: forgets lines of the journal that no backup needs any more."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from privacy import journal

HELP = "Forget the lines of the journal of erasures from before the oldest backup."


def add_arguments(parser: ArgumentParser) -> None:
    """The day of the oldest backup there is, wherever it lies."""
    parser.add_argument(
        "--before", metavar="DATE", type=_day, required=True, help="Day of the oldest backup, such as 2026-10-28 (UTC)."
    )


def run(command: BaseCommand, *, before: datetime, **_options: Any) -> None:
    """Says how many lines went. Raises CommandError where the journal can't be trusted."""
    try:
        count = journal.prune(before)
    except journal.JournalUnavailable as error:
        raise CommandError(str(error)) from error
    command.stdout.write(f"{count:,} {'line' if count == 1 else 'lines'} forgotten.")


def _day(word: str) -> datetime:
    try:
        return datetime.strptime(word, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise ArgumentTypeError(f"{word!r} is no day such as 2026-10-28.") from error
