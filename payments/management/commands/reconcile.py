"""`manage.py reconcile`: everything that the timetable does about money, at once, and what is left for a person."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from payments import reckoning
from privacy import clock

NEEDS_A_PERSON, UNREACHABLE = 1, 3


class Command(BaseCommand):
    """Prints a line for each step, and ends with an exit code that a script can act on."""

    help = (
        "Handles waiting webhooks, looks at open payments, sends refunds, ends orders whose time is over, compares the "
        "providers' lists with our books, and balances each day that is over.\n\n"
        "exit codes:\n"
        "  0  the books equal the providers', nothing waits for a person\n"
        "  1  an alert about money is open\n"
        "  2  wrong use\n"
        "  3  a provider could not be asked; nothing is lost, run it again\n"
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at",
            metavar="TIME",
            help="as if it were this moment, ISO 8601, UTC where it names no zone: 2026-11-23T14:00",
        )

    def handle(self, *args: Any, at: str | None = None, **options: Any) -> None:
        with clock.at(_moment(at)) if at else nullcontext():
            report = reckoning.run()
        for step, count in report.steps.items():
            self.stdout.write(f"{step}: {count}")
        for alert in report.alerts:
            self.stdout.write(f"{alert.kind}: {alert.message}")
        if report.unreachable:
            raise CommandError("A provider could not be asked. Run it again later.", returncode=UNREACHABLE)
        if report.alerts:
            raise CommandError("Something needs a person; see the alerts above.", returncode=NEEDS_A_PERSON)
        self.stdout.write("The books are equal.")


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--at must be a time such as 2026-11-23T14:00, not {text!r}.", returncode=2) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
