"""`manage.py privacy DEED`: what is declared of personal data, and what is done with it."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from privacy.management.deeds import DEEDS


class Command(BaseCommand):
    help = "Shows what the shop holds of people, and acts on it. `manage.py privacy DEED --help` tells more."
    # An inventory with a gap can be looked at, and the template for the gap printed.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        deeds = parser.add_subparsers(metavar="DEED", required=True, title="deeds")
        for name, deed in DEEDS.items():
            of_deed = deeds.add_parser(name, help=deed.HELP, description=deed.HELP)
            deed.add_arguments(of_deed)
            of_deed.set_defaults(run=deed.run)

    def handle(self, *_args: Any, run: Callable[..., None], **options: Any) -> None:
        run(self, **options)
