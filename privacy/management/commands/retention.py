"""`manage.py retention`: removes what was kept for its period, or says what would go."""

import sys
from argparse import ArgumentTypeError
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from privacy import clock, retention


def moment(text: str) -> datetime:
    """A day (its first moment in UTC), or a moment with its time zone."""
    try:
        if len(text) == 10:
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no date. Write it as 2029-11-23.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class Command(BaseCommand):
    help = (
        "Removes what was kept for its period, by every rule of the inventory of personal data. "
        "Ends with 0 when all is done or another sweep is running, with 1 when it had to stop, with 2 on a wrong "
        "argument. What was stopped is taken up by the next run."
    )
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=moment, metavar="DATE", help="sweep as if it were this day in UTC")
        parser.add_argument("--dry-run", action="store_true", help="say how many rows would go, and remove none")
        parser.add_argument(
            "--throttle", type=float, default=0, metavar="ROWS", help="at most so many rows a second, for the day"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        as_of, dry_run, throttle = options["as_of"] or clock.now(), options["dry_run"], options["throttle"]
        if throttle < 0:
            raise CommandError("--throttle must be more than zero.", returncode=2)
        if as_of > clock.now() and not (dry_run or settings.DEBUG):
            raise CommandError(
                "A date in the future needs --dry-run: this would remove what must be kept.", returncode=2
            )
        if dry_run:
            self._count(as_of)
        else:
            self._sweep(as_of, throttle)

    def _count(self, as_of: datetime) -> None:
        for rule in retention.all_rules():
            note = "" if retention.is_in_force(rule) else " (by dates that the next run computes anew)"
            self.stdout.write(f"{rule.name}: {retention.due(rule, as_of):,} would be {rule.words}{note}")

    def _sweep(self, as_of: datetime, throttle: float) -> None:
        done: Counter[str] = Counter()
        progress = Progress(as_of)
        try:
            for step in retention.run(as_of=as_of, throttle=throttle):
                done[step.rule.name] += 0 if step.is_computing else step.count
                progress.show(step)
        except retention.SweepRuns:
            self.stdout.write("Another sweep is running; nothing to do here.")
            return
        except retention.PeriodChanged:
            raise CommandError(
                "Stopped: a period was changed meanwhile. The next run goes on with the one that is in force then."
            ) from None
        finally:
            progress.end()
        for rule in retention.all_rules():
            self.stdout.write(f"{rule.name}: {done[rule.name]:,} {rule.words}")


class Progress:
    """A bar on the terminal, one rule after the other; silent where nobody looks."""

    WIDTH = 30

    def __init__(self, as_of: datetime) -> None:
        self._as_of = as_of
        self._is_shown = sys.stderr.isatty()
        self._doing: tuple[str, bool] | None = None
        self._done = self._total = 0

    def show(self, step: retention.Step) -> None:
        """Draws the bar anew after a batch."""
        if not self._is_shown:
            return
        if self._doing != (step.rule.name, step.is_computing):
            self._doing = step.rule.name, step.is_computing
            self._done, self._total = 0, self._left_of(step) + step.count
        self._done += step.count
        share = min(1.0, self._done / self._total)
        bar = ("#" * round(share * self.WIDTH)).ljust(self.WIDTH, ".")
        deed = "dates computed" if step.is_computing else step.rule.words
        counts = f"{self._done:,} of {self._total:,} {deed}"
        sys.stderr.write(f"\r\x1b[K[{bar}] {share:4.0%} {step.rule.name}: {counts}")
        sys.stderr.flush()

    def end(self) -> None:
        """Takes the bar away."""
        if self._doing is not None:
            sys.stderr.write("\r\x1b[K")

    def _left_of(self, step: retention.Step) -> int:
        if step.is_computing:
            return max(0, step.rule.model._default_manager.count() - step.count)  # noqa: SLF001  (Django's own name)
        return retention.due(step.rule, self._as_of)
