"""Where a process can be killed. Everything is set from outside, in a fork: the shop's code knows nothing of it."""

import os
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from typing import Any, NoReturn

from django.db import connection


def die() -> NoReturn:
    """Ends this very process as a power cut would: nothing is cleaned up, no transaction is ended."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("A killed process goes on.")


@dataclass(frozen=True)
class Place:
    """Before or after a function of the shop, or one of several; each is `module:name.of.function`."""

    words: str
    functions: str | tuple[str, ...]
    is_after: bool = False


#: On the way of a buyer, in its order. PayPal's money is taken by our own call, Stripe's by the buyer's.
OF_BUYERS = (
    Place("before the order commits", "shop.checkout:_place", is_after=True),
    Place("after the order, before its attempt", "payments.attempts:_create"),
    Place(
        "after the attempt, before the call",
        ("payments.providers.stripe:Stripe.begin", "payments.providers.paypal:PayPal.begin"),
    ),
    Place("after the page exists, before its id is saved", "payments.attempt_statements:answered"),
    Place("after the id is saved, before the buyer is sent there", "payments.attempt_statements:answered", True),
    Place("before the provider is asked", "payments.settlement:look"),
    Place("after the money is taken, before it is written", "payments.settlement:apply_snapshot"),
    Place("after the order is paid, before the commit", "shop.orders:mark_paid", is_after=True),
    Place("in the middle of fulfilment", "accounts.licenses.issuing:_give_keys", is_after=True),
    Place("after fulfilment, before the commit", "payments.settlement:_move", is_after=True),
    Place("after the commit, before the answer", "payments.settlement:apply_snapshot", is_after=True),
)
#: The first of those that only who comes back from the provider's page walks through.
BACK_AGAIN = "before the provider is asked"
OF_WEBHOOKS = (
    Place("webhook verified, not kept", "django.db.models.query:QuerySet.bulk_create"),
    Place("webhook kept, not answered", "payments.webhooks:receive", is_after=True),
)
OF_WORKERS = (
    Place("event claimed, not handled", "payments.webhooks:handle"),
    Place("event handled, not marked", "payments.webhooks:_act", is_after=True),
    Place("money taken, not written", "payments.settlement:apply_snapshot"),
    Place("in the middle of fulfilment", "accounts.licenses.issuing:_give_keys", is_after=True),
    Place("refund claimed, not sent", "payments.refund_submission:submit"),
    Place("refund made, not written", "payments.refund_settlement:apply_snapshot"),
    Place("refund written, before the commit", "payments.refund_settlement:_succeeded", is_after=True),
    Place("order ending, before the commit", "shop.stock:release", is_after=True),
)
STATEMENT, CALL_BEFORE, CALL_AFTER, COMMIT_BEFORE, COMMIT_AFTER, MOMENT = ANYWHERE = (
    "before a statement",
    "before a request to the provider",
    "after the provider acted, before its answer is read",
    "before a commit",
    "after a commit",
    "at a random moment",
)


def of_buyers(*, comes_back: bool) -> tuple[Place, ...]:
    """The places on the way of a buyer, who may not come back from the provider's page."""
    words = [place.words for place in OF_BUYERS]
    return OF_BUYERS if comes_back else OF_BUYERS[: words.index(BACK_AGAIN)]


def arm(words: str, places: tuple[Place, ...], chance: random.Random, *, odds: float = 1.0, most: int = 60) -> None:
    """Kills this process at what `words` names: a place of `places`, or one of `ANYWHERE` but the random moment.

    `odds`: how likely each passage there kills. `most`: the last statement before which a process may die.
    """

    def perhaps() -> None:
        if chance.random() < odds:
            die()

    place = next((one for one in places if one.words == words), None)
    if place is not None:
        for function in [place.functions] if isinstance(place.functions, str) else place.functions:
            _wrap(function, perhaps, is_after=place.is_after)
    elif words == STATEMENT:
        connection.execute_wrappers.append(_before_statement(_countdown(chance.randint(1, most), perhaps)))
    elif words in {CALL_BEFORE, CALL_AFTER}:
        count = _countdown(chance.randint(1, 4), perhaps)
        _wrap("payments.providers.sessions:Session.ask", count, is_after=words == CALL_AFTER)
    elif words in {COMMIT_BEFORE, COMMIT_AFTER}:
        name = "django.db.backends.base.base:BaseDatabaseWrapper._commit"
        _wrap(name, _countdown(chance.randint(1, 3), perhaps), is_after=words == COMMIT_AFTER)
    elif words != MOMENT:
        raise KeyError(words)


def _countdown(left: int, act: Callable[[], None]) -> Callable[[], None]:
    def count() -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            act()

    return count


def _before_statement(act: Callable[[], None]) -> Callable[..., Any]:
    def execute(run: Callable[..., Any], *statement: Any) -> Any:
        act()
        return run(*statement)

    return execute


def _wrap(function: str, act: Callable[[], None], *, is_after: bool) -> None:
    """Puts `act` before or after a function, wherever its owner (a module or a class) is asked for it."""
    module, _, path = function.partition(":")
    owner: Any = import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    real = getattr(owner, name)

    @wraps(real)
    def wrapped(*args: Any, **options: Any) -> Any:
        if is_after:
            answer = real(*args, **options)
            act()
            return answer
        act()
        return real(*args, **options)

    setattr(owner, name, wrapped)
