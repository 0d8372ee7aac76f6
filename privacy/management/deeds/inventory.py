"""`manage.py privacy inventory`: everything that is declared, as a table to read or as JSON."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from privacy import inventory

HELP = "Show every column that is declared, personal or not."


def add_arguments(parser: ArgumentParser) -> None:
    """`--json` for machines."""
    parser.add_argument("--json", action="store_true", help="Print JSON instead of a table.")


def run(command: BaseCommand, *, json: bool, **_options: Any) -> None:
    """Writes the inventory to standard output."""
    rows = [
        {"table": label, "column": name, "declared": str(column)}
        for label, declaration in sorted(inventory.declarations().items())
        for name, column in declaration.columns()
    ]
    command.stdout.write(_as_json(rows) if json else "\n".join(f"{row['table']}.{row['column']}" for row in rows))


def _as_json(rows: list[dict[str, str]]) -> str:
    return json.dumps(rows, indent=2)
