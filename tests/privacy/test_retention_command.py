"""`manage.py retention`: what it says, and how it ends."""

import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from privacy import clock, retention
from privacy.management.commands import retention as command
from shop.models import OrderParty
from tests.privacy.retention.old_orders import PARTY, settle, sold, years_ago

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P7b")]


def run(*arguments: str) -> dict[str, str]:
    """What it says about the orders' people, and how many it says so about."""
    out = StringIO()
    call_command("retention", *arguments, stdout=out)
    return dict(line.split(": ") for line in out.getvalue().splitlines())


def test_it_removes_what_is_due_and_says_how_much() -> None:
    sold(clock.now() - timedelta(days=1200))
    sold(clock.now() - timedelta(days=100))
    said = run()
    assert said[PARTY] == "1 deleted"
    assert list(said) == [rule.name for rule in retention.all_rules()]
    assert (OrderParty.objects.count(), run()[PARTY]) == (1, "0 deleted")


def test_a_dry_run_of_a_later_day_counts_and_removes_nothing() -> None:
    settle()
    sold(clock.now() - timedelta(days=100))
    later = f"{clock.today() + timedelta(days=1000)}"
    assert run("--dry-run")[PARTY] == "0 would be deleted"
    assert run("--dry-run", "--as-of", later)[PARTY] == "1 would be deleted"
    assert OrderParty.objects.count() == 1


def test_a_dry_run_says_when_its_dates_are_not_those_of_the_settings() -> None:
    settle()
    with override_settings(ORDER_RETENTION_YEARS=10):
        assert run("--dry-run")[PARTY] == "0 would be deleted (by dates that the next run computes anew)"


def test_an_earlier_day_leaves_what_was_not_due_then() -> None:
    sold(years_ago(3.1))
    assert run("--as-of", f"{years_ago(0.2):%Y-%m-%d}")[PARTY] == "0 deleted"
    assert run("--as-of", f"{years_ago(0):%Y-%m-%d}")[PARTY] == "1 deleted"


def test_a_day_in_the_future_needs_a_dry_run_unless_debug() -> None:
    sold(clock.now() - timedelta(days=100))
    later = f"{clock.today() + timedelta(days=1000)}"
    with pytest.raises(CommandError, match="A date in the future needs --dry-run") as refusal:
        run("--as-of", later)
    assert (refusal.value.returncode, OrderParty.objects.count()) == (2, 1)
    with override_settings(DEBUG=True):
        assert run("--as-of", later)[PARTY] == "1 deleted"


@pytest.mark.parametrize("words", ["31-12-2026", "tomorrow", "2026-02-30"])
def test_what_is_no_day_is_refused_in_a_sentence(words: str) -> None:
    with pytest.raises(CommandError, match=f"'{words}' is no date. Write it as 2029-11-23."):
        run("--as-of", words)


def test_a_period_that_is_changed_meanwhile_ends_it_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    def changed(**_options: object) -> list[retention.Step]:
        raise retention.PeriodChanged

    monkeypatch.setattr(retention, "run", changed)
    with pytest.raises(CommandError, match="a period was changed meanwhile") as refusal:
        run()
    assert refusal.value.returncode == 1


def test_while_another_sweep_runs_it_says_so_and_ends_well(monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(**_options: object) -> list[retention.Step]:
        raise retention.SweepRuns

    monkeypatch.setattr(retention, "run", taken)
    out = StringIO()
    call_command("retention", stdout=out)
    assert out.getvalue() == "Another sweep is running; nothing to do here.\n"


def test_throttled_it_takes_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("privacy.retention.periods.BATCH", 1)
    slept: list[float] = []
    settle()
    for _ in range(2):
        sold(clock.now() - timedelta(days=1200))
    monkeypatch.setattr("privacy.retention.sweep.time.sleep", slept.append)
    assert run("--throttle", "2")[PARTY] == "2 deleted"
    assert [0.2 < pause <= 0.5 for pause in slept] == [True, True]
    with pytest.raises(CommandError, match="--throttle must be more than zero"):
        run("--throttle", "-1")


def test_on_a_terminal_a_bar_grows_and_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(command.sys, "stderr", terminal)
    sold(clock.now() - timedelta(days=1200))
    settle()
    run()
    shown = terminal.getvalue()
    assert f"100% {PARTY}: 1 of 1 deleted" in shown
    assert shown.endswith("\r\x1b[K")


def test_help_says_what_it_is_for() -> None:
    root = Path(command.__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "manage.py", "retention", "--help"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
        env=None,
    )
    assert [word for word in ("--as-of DATE", "--dry-run", "--throttle ROWS") if word not in done.stdout] == []
