"""The storm: forks of one warmed process buy, take webhooks and sweep, and are killed while they do."""

import gc
import os
import random
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Any, NoReturn

from celery import current_app
from django.core.cache import caches
from django.db import connections

from payments.providers import paypal_transport, stripe_transport
from tests.chaos import failpoints, workers
from tests.chaos.buyers import METHODS, Buyer, Memory, Plan, plan
from tests.chaos.sandboxes import Sandboxes

AT_ONCE = 4
KILLED = 0.85  # of all; who outlives what was meant for him is made up for by others, the last ones aren't
COMES_AGAIN = 0.5  # of the buyers whose request was cut off
LONGEST = 0.6  # seconds until a random moment, at most
PATIENCE = 60.0  # seconds after which a fork hangs
TURN = 0.5  # seconds between two changes of the weather at the providers

CALLS = {
    "stripe": ("POST /v1/checkout/sessions", "POST /v1/checkout/sessions/*/expire", "POST /v1/refunds", "GET /v1/*"),
    "paypal": ("POST /v2/checkout/orders", "POST /v2/checkout/orders/*/capture", "POST /v2/payments/*", "GET /v2/*"),
}
MODES = ("normal", "double", "late", "shuffle", *["never"] * 4)


@dataclass
class Fork:
    """A running process of the shop: what it is, where it dies, and when it must have ended."""

    kind: str
    armed: str = ""
    wants: Plan | None = None
    journal: IO[bytes] | None = None
    kill_at: float = float("inf")
    began: float = field(default_factory=time.monotonic)


@dataclass
class Toll:
    """What the storm did: who was killed where, what buyers were shown, and what must never happen."""

    killed: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    keys: dict[str, set[str]] = field(default_factory=dict)


class Storm:
    """Runs `count` checkouts; `shelf` says what is bought how often. Deterministic in what is meant to happen."""

    def __init__(
        self, application: Callable[..., Any], sandboxes: Sandboxes, *, count: int, shelf: dict[str, int], seed: int
    ) -> None:
        self.application, self.sandboxes = application, sandboxes
        self.count, self.shelf = count, shelf
        self.chance = random.Random(seed)
        self.toll = Toll()
        self.forks: dict[int, Fork] = {}
        self.healed = tempfile.TemporaryFile("a+b")  # noqa: SIM115  (of the whole run)
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=128)

    def warm_up(self) -> None:
        """Buys once by each way in this process, so that forks begin with everything imported and prepared."""
        self._point_webhooks()
        for place, method in enumerate(METHODS):
            wants = Plan(60_000 + place, next(iter(self.shelf)), 1, method, "two returns")
            with tempfile.TemporaryFile() as journal:
                buyer = Buyer(self.application, wants, Memory(), journal.fileno())
                buyer.walk()
            if not any(buyer.memory.keys.values()):
                raise RuntimeError(f"A checkout by {method} without any fault gives no key: {buyer.memory.problems}")
        _let_go()
        gc.collect()
        gc.freeze()  # what is there is never looked at again: forks share its pages

    def _point_webhooks(self) -> None:
        port = self.listening.getsockname()[1]
        for name, sandbox in self.sandboxes:
            sandbox.webhook_url = f"http://127.0.0.1:{port}/payments/webhooks/{name}/"

    def rage(self) -> Toll:
        """All checkouts, until the last one ended; then the other processes are killed too."""
        begun, turn, told = 0, 0.0, time.monotonic()
        while begun < self.count or self._of_kind("buyer"):
            self._keep_alive()
            while begun < self.count and self._of_kind("buyer") < AT_ONCE:
                begun += 1
                self._begin(plan(begun, self.shelf, self.chance), begun)
            if time.monotonic() > turn:
                turn = time.monotonic() + TURN
                self._change_weather()
            if time.monotonic() > told + 5:
                told = time.monotonic()
                print(f"{begun} of {self.count} checkouts, {self.toll.killed.total()} killed", file=sys.stderr)
            self._kill_due()
            self._bury()
            time.sleep(0.003)
        self._end()
        return self.toll

    def _of_kind(self, kind: str) -> int:
        return sum(fork.kind == kind for fork in self.forks.values())

    def _keep_alive(self) -> None:
        seed = self.chance.random()
        if not self._of_kind("webhooks"):
            self._fork(Fork("webhooks"), partial(workers.take_webhooks, self.listening, self.application, _of(seed)))
        if not self._of_kind("worker"):
            self._fork(Fork("worker"), partial(workers.sweep, _of(seed), self.healed))

    def _begin(self, wants: Plan, begun: int) -> None:
        doomed = self.toll.killed.total() + sum(bool(fork.armed) for fork in self.forks.values())
        armed = ""
        if doomed < KILLED * begun:
            places = [place.words for place in failpoints.of_buyers(comes_back=wants.twist != "never returns")]
            # As often at a place of meaning as anywhere.
            armed = self.chance.choice([*places, *failpoints.ANYWHERE, *failpoints.ANYWHERE])
        self._buy(wants, Memory(), armed)

    def _buy(self, wants: Plan, memory: Memory, armed: str) -> None:
        journal = tempfile.TemporaryFile()  # noqa: SIM115  (read and closed when the fork has ended)
        fork = Fork("buyer", armed, wants, journal)
        if armed == failpoints.MOMENT:
            fork.kill_at = fork.began + self.chance.uniform(0.02, LONGEST)
        chance = _of(self.chance.random())

        def walk() -> None:
            if armed:
                failpoints.arm(armed, failpoints.OF_BUYERS, chance)
            Buyer(self.application, wants, memory, journal.fileno(), chance if armed else None).walk()

        self._fork(fork, walk)

    def _fork(self, fork: Fork, act: Callable[[], None]) -> None:
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            _live(act)
        self.forks[pid] = fork

    def _kill_due(self) -> None:
        now = time.monotonic()
        for pid, fork in self.forks.items():
            is_stuck = fork.kind == "buyer" and now > fork.began + PATIENCE
            if is_stuck:
                self.toll.problems["a checkout that hangs"] += 1
            if is_stuck or now > fork.kill_at:
                fork.kill_at = float("inf")
                os.kill(pid, signal.SIGKILL)

    def _bury(self) -> None:
        while self.forks:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            fork = self.forks.pop(pid)
            was_killed = os.WIFSIGNALED(status)
            if not was_killed and os.WEXITSTATUS(status):
                self.toll.problems[f"a {fork.kind} ended by an error"] += 1
            if fork.kind != "buyer":
                self.toll.others[fork.kind] += was_killed
            else:
                self._ask_the_buyer(fork, was_killed=was_killed)

    def _ask_the_buyer(self, fork: Fork, *, was_killed: bool) -> None:
        assert fork.journal
        assert fork.wants
        with fork.journal as journal:
            journal.seek(0)
            memory = Memory.read(journal.read().decode())
        for problem in memory.problems:
            self.toll.problems[problem] += 1
        for order, keys in memory.keys.items():
            for key in keys:
                self.toll.keys.setdefault(key, set()).add(order)
        if was_killed:
            self.toll.killed[memory.dies_late or fork.armed] += 1
            if self.chance.random() < COMES_AGAIN:
                memory.problems, memory.dies_late = [], ""
                return self._buy(fork.wants, memory, "")
        return self.toll.outcomes.update([memory.outcome or "never came again"])

    def _change_weather(self) -> None:
        """The providers fail now and then, and deliver their webhooks in another way."""
        for name, sandbox in self.sandboxes:
            rules = [
                {"match": self.chance.choice(CALLS[name]), "action": action, "times": times}
                for action, times in (("drop", 1), ("error", 1), ("down", 4))
                if self.chance.random() < 0.3
            ]
            if self.chance.random() < 0.5:  # then an older page stays open, and both tabs may be paid
                rules.append({"match": "POST /v1/checkout/sessions/*/expire", "action": "down", "times": 9})
            sandbox.faults(*rules)
            if self.chance.random() < 0.4:
                sandbox.webhooks(self.chance.choice(MODES), seconds=self.chance.uniform(0.5, 3))

    def _end(self) -> None:
        """Fair weather, and nobody left alive: what is undone now, only the reconciler finds."""
        for _, sandbox in self.sandboxes:
            sandbox.faults()
            sandbox.webhook_url = None
        for pid in self.forks:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        self.forks.clear()
        self.listening.close()


def _of(seed: float) -> random.Random:
    return random.Random(seed)


def _let_go() -> None:
    """Closes what a fork must not share with its parent: connections to the servers and to the providers."""
    connections.close_all()
    caches.close_all()
    stripe_transport._client.cache_clear()
    paypal_transport._transport.cache_clear()
    current_app._after_fork()


def _live(act: Callable[[], None]) -> NoReturn:
    """The life of a fork. It never returns into its parent's code."""
    code = 1
    try:
        current_app._after_fork()
        act()
        code = 0
    except BaseException:  # noqa: BLE001  (it is shown, and the exit code tells)
        traceback.print_exc()
    finally:
        os._exit(code)
