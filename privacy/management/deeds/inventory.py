"""`manage.py privacy inventory`: everything that is declared, as a table to read or as JSON."""

import json as json_format
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from privacy import declaration_template, inventory_listing

HELP = "Show everything that is declared: columns, cookies, cache keys, log fields, folders, mails, recipients."


def add_arguments(parser: ArgumentParser) -> None:
    """`--json` for machines; `--template APP` for who adds an app."""
    parser.add_argument("--json", action="store_true", help="Print JSON instead of tables.")
    parser.add_argument("--template", metavar="APP", help="Print a personal_data.py for this app, to begin with.")


def run(command: BaseCommand, *, json: bool, template: str | None, **_options: Any) -> None:
    """Writes to standard output. Raises CommandError for an app that isn't there."""
    if template:
        try:
            command.stdout.write(declaration_template.file_for(template))
        except LookupError as error:
            raise CommandError(f"There is no app {template!r}.") from error
        return
    listing = inventory_listing.everything()
    if json:
        command.stdout.write(json_format.dumps(listing, indent=2, ensure_ascii=False))
        return
    for title, rows in listing.items():
        command.stdout.write(f"\n{title.capitalize()} ({len(rows)})")
        for line in _lines(rows):
            command.stdout.write(line)


def _lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Rows as aligned columns, each as wide as its longest word up to 60 signs."""
    if not rows:
        yield "  none"
        return
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [names, *([_cell(row.get(name)) for name in names] for row in rows)]
    widths = [min(60, max(len(line[column]) for line in cells)) for column in range(len(names))]
    for line in cells:
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        yield f"  {'  '.join(padded)}".rstrip()


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
