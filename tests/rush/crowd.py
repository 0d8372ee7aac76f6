"""The crowd: everybody arrives at the same moment and wants one key of the same edition."""

import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from shop.views.checkout import SOLD_MEANWHILE
from tests.benchmarks.buying import filled
from tests.rush.browser import Browser

#: One of these is what a buyer reads who came too late: at the last click, or before.
POLITE = (SOLD_MEANWHILE, "is sold out for the moment. Please take it out of the cart to go on.")
BOUGHT, TOLD = "has a key", "was told politely"


@dataclass
class Outcome:
    """What became of the crowd: buyers by what happened to them, the keys, and every answer's time by its step."""

    buyers: Counter[str] = field(default_factory=Counter)
    keys: list[str] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def slowest(self) -> dict[str, float]:
        """The slowest answer of each step, in seconds."""
        return {what: round(max(seconds), 2) for what, seconds in self.seconds.items()}


def arrive(shop: str, sku: str, buyers: int) -> Outcome:
    """Lets them all in at once and waits for the last one."""
    start, outcome = threading.Barrier(buyers), Outcome()

    def buy(number: int) -> tuple[Browser, str, list[str]]:
        browser = Browser(shop, f"5.9.{number // 250}.{number % 250 + 1}")
        start.wait()
        try:
            return browser, *_buy(browser, sku, "card" if number % 2 else "paypal")
        except OSError as error:
            return browser, f"met a {type(error).__name__}", []

    with ThreadPoolExecutor(buyers) as crowd:
        for browser, what, keys in crowd.map(buy, range(buyers)):
            outcome.buyers[what] += 1
            outcome.keys += keys
            for answer in browser.answers:
                outcome.seconds.setdefault(answer.what, []).append(answer.seconds)
                if answer.status not in {200, 302, 422}:
                    outcome.errors[f"{answer.status} at {answer.what}"] += 1
    return outcome


def _buy(browser: Browser, sku: str, method: str) -> tuple[str, list[str]]:
    added = browser.ask("add to the cart", "/cart/add/", {"edition": sku, "quantity": "1"})
    if _is_polite(added.text):
        return TOLD, []
    form = browser.ask("checkout form", "/checkout/")
    if _is_polite(form.text):
        return TOLD, []
    placed = browser.ask("place the order", "/checkout/", filled(form.text, method))
    if placed.status == 422 and _is_polite(placed.text):
        return TOLD, []
    if not placed.location.startswith("http"):
        return f"was left with a {placed.status} after placing the order", []
    paid = browser.elsewhere(placed.location, {"do": "pay", "country": "DE", "name": "Katrin Vogel"})
    way_back = urlsplit(paid.location)
    back = browser.ask("come back from paying", f"{way_back.path}?{way_back.query}")
    order = browser.ask("order with its key", back.location)
    keys = re.findall(r'data-copy="([^"]+)"', order.text)
    return (BOUGHT if keys else "paid and saw no key"), keys


def _is_polite(text: str) -> bool:
    return any(sentence in text for sentence in POLITE)
