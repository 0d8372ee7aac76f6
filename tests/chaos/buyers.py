"""A buyer's way through the shop, inside a fork that may be killed, and what he remembers when it was."""

import json
import os
import random
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.benchmarks.buying import filled
from tests.benchmarks.visitor import Answer, Visitor
from tests.chaos import failpoints

METHODS = ("card", "paypal")
TIMEOUT = 30.0


@dataclass(frozen=True)
class Plan:
    """What a buyer means to do: by his number, always the same."""

    number: int
    sku: str
    quantity: int
    method: str
    twist: str

    @property
    def address(self) -> str:
        """An address of his own in Germany: many orders from one in a short time are refused."""
        return f"5.9.{self.number // 250 % 250}.{self.number % 250 + 1}"


TWISTS = {"": 40, "two returns": 15, "two tabs": 20, "never returns": 10, "declined first": 5, "hesitates": 10}
HESITATION = (0.5, 2.0)  # seconds on the provider's page, in which the order may be cancelled


def plan(number: int, shelf: dict[str, int], chance: random.Random) -> Plan:
    """`shelf` are article numbers with how often each is bought."""
    (sku,) = chance.choices(list(shelf), list(shelf.values()))
    (twist,) = chance.choices(list(TWISTS), list(TWISTS.values()))
    return Plan(number, sku, chance.choice([1, 1, 1, 2, 3]), chance.choice(METHODS), twist)


@dataclass
class Memory:
    """How far a buyer came: his cookies, the form he filled, the provider's pages he was sent to, and where he landed.

    `keys` are those he was shown, by the page of his order; `problems` what no buyer may ever meet.
    """

    cookies: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    landed: str = ""
    keys: dict[str, list[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    outcome: str = ""
    dies_late: str = ""

    @classmethod
    def read(cls, text: str) -> "Memory":
        """The last whole line of what a fork wrote down."""
        whole = [line for line in text.split("\n")[:-1] if line]
        return cls(**json.loads(whole[-1])) if whole else cls()


class Buyer:
    """Walks through a checkout from wherever he was when his last request was cut off."""

    def __init__(
        self,
        application: Callable[..., Any],
        wants: Plan,
        memory: Memory,
        journal: int,
        doomed: random.Random | None = None,
    ) -> None:
        """`doomed`: the shop's process is meant to be killed, at the latest while it shows the order or says no."""
        self.wants, self.memory, self.journal, self.doomed = wants, memory, journal, doomed
        self.visitor = Visitor(application, cookies=SimpleCookie(memory.cookies), address=wants.address)

    def walk(self) -> None:
        """From the cart to the key. What the shop may not answer is noted as a problem."""
        memory = self.memory
        if not memory.form and not self._fill():
            return self._is_refused("sold out")
        if not memory.pages and not self._submit():
            return None
        if self.wants.twist == "two tabs" and len(memory.pages) == 1 and not memory.landed:
            self._open_second_tab()
        for page in reversed(memory.pages):
            self._pay(page)
        if memory.landed and self.wants.twist != "never returns":
            self._come_back()
        return self._end("went the whole way")

    def _fill(self) -> bool:
        self._ask("/cart/add/", {"edition": self.wants.sku, "quantity": str(self.wants.quantity)})
        page = self._ask("/checkout/")
        if page.status != 200 or 'name="token"' not in page.text:
            return False
        self.memory.form = filled(page.text, self.wants.method)
        self._note()
        return True

    def _submit(self) -> bool:
        answer = self._ask("/checkout/", self.memory.form)
        if answer.status == 422:
            self._is_refused("sold out")
        elif answer.location.startswith("http"):
            self.memory.pages.append(answer.location)
            self._note()
            return True
        else:
            self._is_refused("told to try again")
        return False

    def _open_second_tab(self) -> None:
        """Turns back on the provider's page and chooses the other way to pay; the first tab stays open."""
        turned_back = self._press(self.memory.pages[0], "cancel")
        if not turned_back:
            return
        order_page = self._ask(self._ask(_path(turned_back)).location)
        found = re.search(r'action="(/payments/pay/[^"]+)"', order_page.text)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', order_page.text)
        if found and token:
            other = METHODS[self.wants.method == METHODS[0]]
            answer = self._ask(found[1], {"csrfmiddlewaretoken": token[1], "payment_method": other})
            if answer.location.startswith("http"):
                self.memory.pages.append(answer.location)
                self._note()

    def _pay(self, page: str) -> None:
        if self.wants.twist == "hesitates" and not self.memory.landed:
            time.sleep(random.uniform(*HESITATION))
        if self.wants.twist == "declined first":
            back = self._press(page, "decline")
            if back:
                self._ask(_path(back))
        back = self._press(page, "pay-and-close" if self.wants.twist == "never returns" else "pay")
        if back:
            self.memory.landed = _path(back)
            self._note()
            if self.wants.twist == "two tabs":
                self._come_back()

    def _come_back(self) -> None:
        for _ in range(2 if self.wants.twist == "two returns" else 1):
            answer = self._ask(self.memory.landed)
            self._die_at("while the order's page is made", most=8)
            shown = self._ask(answer.location) if answer.location.startswith("/") else answer
            self.memory.keys[answer.location.partition("?")[0]] = re.findall(r'data-copy="([^"]+)"', shown.text)
            self._note()

    def _die_at(self, words: str, *, most: int) -> None:
        """What is doomed and lives still dies during the next request, before one of its first statements."""
        if self.doomed:
            self.memory.dies_late = words
            self._note()
            failpoints.arm(failpoints.STATEMENT, (), self.doomed, most=most)

    def _ask(self, path: str, typed: dict[str, str] | None = None) -> Answer:
        answer = self.visitor.get(path) if typed is None else self.visitor.post(path, typed)
        if answer.status >= 500 or answer.status in {403, 404}:
            self.memory.problems.append(f"{answer.status} at {re.sub(r'/[-_A-Za-z0-9]{20,}/', '/…/', path)}")
        return answer

    def _press(self, page: str, button: str) -> str:
        """Presses a button of the provider's page; where that leads, or nothing where the page has ended."""
        data = urlencode({"do": button, "country": "DE", "name": "Katrin Vogel"}).encode()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _StayThere)
        try:
            with opener.open(urllib.request.Request(page, data=data), timeout=TIMEOUT):
                return ""
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.headers.get("Location", "")

    def _is_refused(self, outcome: str) -> None:
        """Nobody believes a no at once: who is doomed tries again, and the shop dies at it."""
        if self.doomed:
            self._die_at(f"while {outcome} is said again", most=2)
            self._ask("/checkout/", self.memory.form or None)
        self._end(outcome)

    def _end(self, outcome: str) -> None:
        self.memory.outcome = outcome
        self._note()

    def _note(self) -> None:
        """Writes down how far he is: a killed shop takes nothing from a buyer's browser."""
        self.memory.cookies = {name: each.coded_value for name, each in self.visitor.cookies.items()}
        os.write(self.journal, f"{json.dumps(asdict(self.memory))}\n".encode())


class _StayThere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_options: Any) -> None:
        return None


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
