"""`manage.py restore FILE`: database and files as a backup has them, without whoever was erased since."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from privacy import backups


class Command(BaseCommand):
    help = (
        "Replace the database and the uploaded files by those of a backup, bring the tables up to date, and erase "
        "again whom the journal of erasures names since. Stop the shop before."
    )
    # The database may be empty, or hold the tables of other code.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="A file that `manage.py backup` wrote.")
        parser.add_argument("--yes", action="store_true", help="Don't ask.")

    def handle(self, *_args: Any, file: Path, yes: bool, verbosity: int, **_options: Any) -> None:
        name = connections["default"].settings_dict["NAME"]
        if not yes and input(f"Everything in the database {name} is replaced. Type its name to go on: ") != name:
            raise CommandError("Nothing was changed.")
        try:
            backups.restore(file)
        except backups.CannotBackUp as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{file} is restored.")
        call_command("migrate", interactive=False, verbosity=max(0, verbosity - 1))
        call_command("privacy", "replay", stdout=self.stdout)
