"""The shop's other processes in the storm: who takes webhooks, and who sweeps. Each life is a fork that is killed."""

import os
import random
import socket
import time
from collections.abc import Callable
from datetime import timedelta
from typing import IO, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.db import OperationalError, transaction

from accounts import key_pools, licenses
from payments import backorders, reconciliation, refund_submission, webhooks
from payments.models import Attempt
from payments.order_money import Money
from privacy import clock
from privacy.transitions import IllegalTransition
from shop import orders
from shop.models import Edition, Order
from tests.chaos import failpoints, healing

PAUSE = 0.2
#: So likely each passage of a worker's failpoint kills it.
ODDS = 0.03
#: One round in so many finds that an hour has passed: some orders end while their buyers pay.
HOURS_PASS, DESK_ACTS = 15, 2


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None:
        """Quiet."""


def take_webhooks(listening: socket.socket, application: Callable[..., Any], chance: random.Random) -> None:
    """Serves the shop at a socket that outlives this process, until it is killed."""
    for place in failpoints.OF_WEBHOOKS:
        failpoints.arm(place.words, failpoints.OF_WEBHOOKS, chance, odds=ODDS)
    server = WSGIServer(listening.getsockname(), _Quiet, bind_and_activate=False)
    server.socket.close()
    server.socket = listening
    server.server_name, server.server_port = listening.getsockname()
    server.setup_environ()
    server.set_app(application)
    server.serve_forever(poll_interval=60)


def sweep(chance: random.Random, healed: IO[bytes]) -> None:
    """Does what the timetable does, without its pauses, and now and then what a manager does; until it is killed."""
    healing.watch(healed)
    for place in failpoints.OF_WORKERS:
        failpoints.arm(place.words, failpoints.OF_WORKERS, chance, odds=ODDS)
    parent = os.getppid()
    while os.getppid() == parent:
        webhooks.handle_due(limit=20)
        reconciliation.look_at_due(limit=20)
        refund_submission.submit_due(limit=20)
        licenses.deliver_backorders(limit=20)
        backorders.refund_overdue()
        if chance.randrange(HOURS_PASS) == 0:
            with clock.at(clock.now() + timedelta(hours=1)):
                reconciliation.expire_due(limit=3)
                key_pools.release_due()
        if chance.randrange(DESK_ACTS) == 0:
            _act_at_the_desk(chance)
        time.sleep(PAUSE)


def _act_at_the_desk(chance: random.Random) -> None:
    """A manager cancels an order that somebody may be paying, decides about a held one, or gives money back."""
    waits, held = Order.State.PENDING_PAYMENT, Order.State.ON_HOLD
    state = chance.choice([waits, waits, held, Order.State.PAID])
    found = Order.objects.filter(state=state)
    if state == waits:  # the newest: somebody pays it. What it frees in a pool is sold again, and then a key is short
        found = found.filter(lines__edition__key_source=Edition.KeySource.POOL).order_by("-pk")
    else:
        found = found.order_by("?")
    order_id = found.values_list("pk", flat=True).first()
    if order_id is None:
        return
    try:
        if state == waits:
            orders.cancel(order_id, by=None, reason="The desk was asked to.")
        elif state == held:
            decide(order_id, is_accepted=chance.random() < 0.5)
        else:
            give_back(order_id)
    except (IllegalTransition, OperationalError):
        return  # a buyer was faster; the page would say so


def decide(order_id: int, *, is_accepted: bool) -> None:
    """Ends a hold: the money is taken for the order, or goes back."""
    if is_accepted:
        orders.release(order_id, by=None)
    else:
        orders.cancel(order_id, by=None, reason="The payment came too late.")


def give_back(order_id: int) -> None:
    """Gives back all that an order's buyer paid."""
    with transaction.atomic():
        order = orders.lock(order_id)
        if Attempt.objects.filter(order=order, state=Attempt.State.CAPTURED).exists():
            Money().give_back(order, by=None, reason="The buyer asked for it.")
