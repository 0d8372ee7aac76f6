"""What must be true after any fault, once time has passed and everything is reconciled. Says what isn't, in sentences.

`python -m tests.faults.aftermath MAILS STRIPE PAYPAL` judges a whole shop that runs, by its environment, the folder of
the mails that were delivered, and the addresses of the two sandboxes. It waits for what the worker and the timetable
still have to do, and prints what is wrong then as a JSON list.
"""

import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import django
from django.db.models import Count, Q

if __name__ == "__main__":
    django.setup()

from accounts import license_keys
from accounts.models import LicenseKey
from payments import money, reckoning
from payments.models import Attempt, Dispute, Reference, Refund
from privacy import clock, mails
from privacy.models import OutgoingMail
from sandbox.client import Client
from shop.models import Order, OrderUnit
from tests.chaos import books

Sandboxes = Mapping[str, Client]
#: The first looks at an attempt, the end of every order's time, the first day's balance, the end of the wait for a key.
MOMENTS = tuple(timedelta(minutes=minutes) for minutes in (3, 95, 26 * 60, 9 * 1440))
PATIENCE = 90.0  # seconds for a shop that runs: two turns of the slowest sweep over mails and payments
HAS_KEY = ("assigned", "suspended")


def let_time_pass(sandboxes: Sandboxes) -> None:
    """Everything that is due happens: for a day, and for as long as something waits. All clocks move."""
    began, ahead = clock.now(), timedelta()
    for sandbox in sandboxes.values():
        sandbox.faults()
    for moment in MOMENTS:
        if moment == MOMENTS[-1] and not books.unfinished() and not OrderUnit.objects.filter(state="backordered"):
            return
        for sandbox in sandboxes.values():
            sandbox.advance(int((moment - ahead).total_seconds()))
        ahead = moment
        with clock.at(began + moment):
            report = reckoning.run()
            mails.send_due()
        if report.unreachable:
            raise RuntimeError("A sandbox could not be asked, though nothing is wrong with it any more.")


def problems(sandboxes: Sandboxes, delivered: Path) -> list[str]:
    """What is wrong; nothing should be. `delivered`: the folder of the mails that arrived."""
    return [
        *_of_ledgers(sandboxes),
        *(problem for order in Order.objects.order_by("pk") for problem in _of_order(order)),
        *_of_keys(),
        *_of_mails([message_from_bytes(file.read_bytes(), policy=policy.default) for file in delivered.glob("*.eml")]),
        *(f"{count} {what}" for what, count in books.unfinished().items()),
    ]


def _of_ledgers(sandboxes: Sandboxes) -> Iterator[str]:
    """Each capture, refund and dispute by the provider's id, in its books and in ours: totals can hide two wrongs."""
    theirs: Counter[tuple[str, str, str]] = Counter()
    for sandbox in sandboxes.values():
        for entry in sandbox.ledger()["entries"]:
            kind, _, is_reversal = entry["kind"].partition("_")
            theirs[kind, entry["id"], entry["currency"]] += -entry["amount"] if is_reversal else entry["amount"]
    ours = Counter(dict(_our_books()))
    for key in sorted({*theirs, *ours}):
        if theirs[key] != ours[key]:
            yield f"{' '.join(key)}: {theirs[key]} at the provider, {ours[key]} in our books"


def _our_books() -> Iterator[tuple[tuple[str, str, str], int]]:
    kinds = ["stripe_charge", "paypal_capture"]
    captured = Attempt.objects.filter(provider__in=["stripe", "paypal"], state=Attempt.State.CAPTURED)
    for attempt in captured:
        names = Reference.objects.filter(attempt=attempt, kind__in=kinds).values_list("value", flat=True)
        yield _entry("capture", next(iter(names), "without an id"), attempt, attempt.amount)
    for refund in Refund.objects.filter(state=Refund.State.SUCCEEDED).select_related("attempt"):
        yield _entry("refund", refund.provider_refund, refund.attempt, refund.amount)
    for dispute in Dispute.objects.exclude(withdrawn=0).select_related("attempt"):
        yield _entry("dispute", dispute.provider_dispute, dispute.attempt, dispute.withdrawn)


def _entry(kind: str, identifier: str, attempt: Attempt, amount: Any) -> tuple[tuple[str, str, str], int]:
    return (kind, identifier, attempt.currency), money.to_minor(amount, attempt.currency)


def _of_order(order: Order) -> Iterator[str]:
    """A capture has all its keys, or is backordered, held or refunded; without one nobody holds a key."""
    kept = _kept(order)
    if kept > 0 and order.state not in {Order.State.PAID, Order.State.ON_HOLD}:
        yield f"{order.number} is {order.state} and {kept} of it were kept"
    if sum(_left_of(attempt) > 0 for attempt in _captured(order)) > 1:
        yield f"{order.number} was paid more than once and not given back"
    for unit in _units(order):
        words = f"unit {unit.position} of {order.number} ({order.state}) is {unit.state} with {unit.keys} keys"
        if unit.state == OrderUnit.State.FULFILLED:
            is_right = unit.keys == 1 and order.state in {Order.State.PAID, Order.State.ON_HOLD}
        elif unit.state == OrderUnit.State.ORDERED:
            is_right = unit.keys == 0 and (kept <= 0 or order.state == Order.State.ON_HOLD)
        else:
            is_right = unit.keys == 0
        if not is_right or (kept <= 0 and unit.keys and order.total):
            yield f"{words}, and {kept} were kept"


def _units(order: Order) -> Any:
    keys = Count("license_keys", filter=Q(license_keys__state__in=HAS_KEY))
    return OrderUnit.objects.filter(line__order=order).annotate(keys=keys).order_by("line_id", "position")


def _captured(order: Order) -> list[Attempt]:
    return list(Attempt.objects.filter(order=order, state=Attempt.State.CAPTURED))


def _left_of(attempt: Attempt) -> Any:
    given = sum(refund.amount for refund in Refund.objects.filter(attempt=attempt, state=Refund.State.SUCCEEDED))
    return attempt.amount - given


def _kept(order: Order) -> Any:
    return sum(_left_of(attempt) for attempt in _captured(order))


def _of_keys() -> Iterator[str]:
    """No text was given to two buyers, whatever the rows' digests say."""
    given = Counter(license_keys.text_of(key) for key in LicenseKey.objects.exclude(unit=None))
    yield from (f"a key was given {count} times" for count in given.values() if count > 1)


def _of_mails(delivered: list[Any]) -> Iterator[str]:
    """Each mail arrived, and what arrived again bore the same Message-ID."""
    arrived = Counter(str(mail["Message-ID"]) for mail in delivered)
    for row in OutgoingMail.objects.exclude(state=OutgoingMail.State.DROPPED):
        if not arrived[mails.message_id(row)]:
            yield f"mail {row.kind} ({row.state}) never arrived"
    same = defaultdict(set)
    for mail in delivered:
        same[mail["To"], mail["Subject"], mail.get_body(("plain",)).get_content()].add(mail["Message-ID"])
    yield from (f"“{key[1]}” came under {len(names)} Message-IDs" for key, names in same.items() if len(names) > 1)
    told = set(OutgoingMail.objects.filter(kind="order_confirmation").values_list("object_id", flat=True))
    today = Order.objects.filter(placed_at__gt=clock.now() - timedelta(days=1))  # sales of the demo are older
    for order in today.filter(state=Order.State.PAID).exclude(pk__in=told):
        yield f"the buyer of {order.number} was never told of the payment"


if __name__ == "__main__":
    folder, stripe, paypal = sys.argv[1:]
    of = {"stripe": Client(stripe), "paypal": Client(paypal)}
    deadline = time.monotonic() + PATIENCE
    while (found := problems(of, Path(folder))) and time.monotonic() < deadline:
        time.sleep(0.2)
    print(json.dumps(found))
