"""The canaries themselves: each names tests that exist, and so has every lock of some rooms."""

import ast
import os
import re
import subprocess
import sys
from functools import cache

import pytest

from tests.canaries import guards
from tests.canaries.guard import Guard
from tests.launcher import OF_THE_TEST_RUN, PROJECT

LOCK = re.compile(r"select_for_update|FOR UPDATE")
LOCKING = (
    "payments",
    "accounts/branding",
    "accounts/licenses",
    "accounts/key_pools.py",
    "shop/orders.py",
    "shop/posts",
    "privacy/mails.py",
)
#: Where rows are locked, and the guards by which that is taken away.
LOCKS = {
    "accounts/branding/colleagues.py": (
        "the row's lock: invite a colleague",
        "the row's lock: join a logo",
        "the row's lock: join a logo by an account",
        "the row's lock: leave a logo",
    ),
    "accounts/branding/consent.py": ("the row's lock: take a logo back",),
    "accounts/branding/deciding.py": ("the row's lock: decide about a logo",),
    "accounts/branding/handing_in.py": ("the row's lock: hand in a logo", "the row's lock: hand in a logo again"),
    "accounts/key_pools.py": ("the keys' lock", "passing locked keys over", "the release of reservations"),
    "accounts/licenses/backorders.py": ("the order's lock: deliver late",),
    "accounts/licenses/guests.py": ("the order's lock: join an account",),
    "accounts/licenses/opening.py": (
        "the order's lock: open a key",
        "the order's lock: open a key of an account",
        "the order's lock: open all keys",
    ),
    "accounts/licenses/statements.py": ("the units' lock",),
    "accounts/licenses/suspensions.py": ("the keys' lock when they are suspended",),
    "payments/attempt_statements.py": ("the order's lock: begin to pay",),
    "payments/disputes.py": ("the order's lock: settle a dispute",),
    "payments/refund_settlement.py": ("the order's lock: settle a refund",),
    "payments/settlement.py": ("the order's lock: settle a payment",),
    "payments/webhooks.py": ("the webhooks' claim",),
    "privacy/mails.py": ("the mails' claim",),
    "shop/posts/invitations.py": ("the row's lock: invite to a review",),
    "shop/posts/moderation.py": (
        "the row's lock: report a post",
        "the row's lock: publish a post",
        "the row's lock: refuse a post",
        "the row's lock: answer a post",
    ),
    "shop/posts/writing.py": (
        "the row's lock: write a review",
        "the row's lock: ask",
        "the row's lock: comment",
        "the row's lock: change a post",
        "the row's lock: change an author",
        "the row's lock: remove a post",
    ),
    "shop/orders.py": ("the order's lock: hold", "the order's lock: cancel", "the order's lock: expire"),
}


@cache
def functions(file: str) -> frozenset[str]:
    """Those of a file, and those of its classes as `Class::name`."""
    tree = ast.parse((PROJECT / file).read_text())
    own = frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    return own | frozenset(
        f"{each.name}::{node.name}" for each in classes for node in each.body if isinstance(node, ast.FunctionDef)
    )


def missing(guard: Guard) -> list[str]:
    """The tests of a guard that aren't there; a file alone stands for all of its tests."""
    named = [test.partition("::") for test in guard.tests if "::" in test]
    return [f"{file}::{name}" for file, _, name in named if name not in functions(file)]


def test_every_guard_has_a_name_of_its_own_and_tests_that_exist() -> None:
    everyone = guards.everyone()
    names = [guard.name for guard in everyone]
    assert sorted(names) == sorted(set(names))
    assert {guard.name: missing(guard) for guard in everyone if missing(guard) or not guard.tests} == {}


def test_every_lock_of_these_rooms_has_its_canary() -> None:
    files = [
        path
        for place in LOCKING
        for path in ((PROJECT / place).rglob("*.py") if "." not in place else [PROJECT / place])
    ]
    locking = {
        str(path.relative_to(PROJECT))
        for path in files
        if "migrations" not in path.parts and LOCK.search(path.read_text())
    }
    assert locking == set(LOCKS)
    known = {guard.name for guard in guards.everyone()}
    assert {name for names in LOCKS.values() for name in names} <= known


def canaries(only: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name not in OF_THE_TEST_RUN}
    env.pop("PYTEST_XDIST_WORKER", None)
    command = [sys.executable, "-m", "tests.canaries", "--only", only]
    return subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.slow
def test_a_guard_that_is_taken_away_is_noticed() -> None:
    ran = canaries("the refunds' claim")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    first, second, last = ran.stdout.splitlines()
    assert first == "ok     the refunds' claim"
    assert second.strip().endswith("::test_of_two_workers_that_saw_the_same_refund_one_sends_it")
    assert last == "1 guards, 0 of them can be taken away unnoticed."


@pytest.mark.slow
def test_a_run_without_any_guard_proves_nothing_and_fails() -> None:
    assert canaries("no guard has these words").returncode == 1
