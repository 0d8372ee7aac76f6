"""`manage.py privacy replay`: erases again what a restored backup brought back."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from privacy import journal

HELP = "After a restore: erase again whom the journal of erasures names since the backup was made."


def add_arguments(parser: ArgumentParser) -> None:
    """`--dry-run` counts and changes nothing."""
    parser.add_argument("--dry-run", action="store_true", help="Count what would be erased, and change nothing.")


def run(command: BaseCommand, *, dry_run: bool, **_options: Any) -> None:
    """Carries out the missed lines, one after the other; what is stopped goes on at the next call. Raises CommandError
    where the journal is missing, altered or older than the database."""
    lines = rows = 0
    try:
        for step in journal.replay(dry_run=dry_run):
            lines, rows = lines + 1, rows + step.count
            about = f"line {step.entry.sequence} ({step.entry.kind}, {step.entry.at})"
            command.stdout.write(f"{lines} of {step.total}: {about}: {_rows(step.count)}")
    except journal.JournalUnavailable as error:
        raise CommandError(str(error)) from error
    if not lines:
        command.stdout.write("This database has missed nothing: it needs no replay.")
    elif dry_run:
        command.stdout.write(f"{_rows(rows)} would be erased again. Nothing was changed.")
    else:
        journal.watch()
        command.stdout.write(f"{_rows(rows)} erased again. /readyz says yes, where nothing else speaks against it.")


def _rows(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'}"
