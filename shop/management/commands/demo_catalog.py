"""`manage.py demo_catalog`: the demo shop's products and pages."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import ProtectedError

from shop.demo.load import clear, load


class Command(BaseCommand):
    help = "Loads the demo catalog and pages into an empty shop; does nothing where they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="Delete every product first.")
        parser.add_argument("--size", type=int, metavar="N", help="Make N products, to measure with.")

    def handle(self, *_args: Any, reset: bool, size: int | None, **_options: Any) -> None:
        if reset:
            try:
                clear()
            except ProtectedError as error:
                raise CommandError(
                    "Keys or licenses name these products, so they stay. Use an empty database."
                ) from error
        made = load(size)
        self.stdout.write(f"{made} products made." if made else "The catalog has products: nothing was changed.")
