"""A storm of 300 checkouts, as `make chaos` runs it: servers, forks and kills of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.launcher import OF_THE_TEST_RUN, PROJECT

CHECKOUTS = 300
ZERO = ("captured_without_key", "key_given_twice", "double_charges", "ledger_difference_cents")


def chaos(*arguments: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name not in OF_THE_TEST_RUN}
    command = [sys.executable, "-m", "local.servers", sys.executable, "-m", "tests.chaos", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, text=True, check=False, timeout=900)


@pytest.mark.slow
def test_four_checkouts_in_five_are_killed_and_no_cent_and_no_key_is_lost() -> None:
    ran = chaos(str(CHECKOUTS))
    assert ran.returncode == 0, ran.stderr
    verdict = json.loads(ran.stdout.splitlines()[-1])
    assert list(verdict) == ["checkouts", "killed", "reconciled", *ZERO]
    assert {name: verdict[name] for name in ZERO} == dict.fromkeys(ZERO, 0)
    assert verdict["checkouts"] == CHECKOUTS
    assert verdict["killed"] >= 0.8 * CHECKOUTS
    assert verdict["reconciled"] > 0


@pytest.mark.parametrize("wrong", [["0"], ["many"], ["1", "2"]])
def test_wrong_use_ends_with_a_sentence_before_anything_starts(wrong: list[str]) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.chaos", *wrong], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "usage: make chaos" in ran.stderr


def test_production_knows_no_failpoint() -> None:
    """Processes are killed from outside: no module of the shop imports anything of the tests."""
    apps = ("config", "payments", "accounts", "shop", "privacy")
    sources = [path for app in apps for path in (Path(PROJECT) / app).rglob("*.py")]
    assert sources
    assert [path for path in sources if "failpoint" in path.read_text() or "from tests" in path.read_text()] == []
