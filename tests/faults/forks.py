"""A process of the shop that is killed: a fork of this one, so that it starts at once."""

import gc
import os
import random
import signal
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

from celery import current_app
from django.core.cache import caches
from django.db import connections

from payments.providers import paypal_transport, stripe_transport
from privacy import rate_limits
from tests.chaos import failpoints
from tests.chaos.failpoints import Place

#: Where nothing but these tests dies, beside the places of the storm.
PLACES = (
    *(*failpoints.OF_BUYERS, *failpoints.OF_WEBHOOKS, *failpoints.OF_WORKERS),
    Place("mail sent, not marked", "django.core.mail.message:EmailMessage.send", is_after=True),
)


def kill(act: Callable[[], Any], at: str) -> None:
    """Does `act` in a process that is killed at one of `PLACES`.

    Fails where it wasn't: then the test would show nothing.
    """
    let_go()
    pid = os.fork()
    if pid == 0:
        _live(act, at)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status), f"nobody came by “{at}”"
    assert os.WTERMSIG(status) == signal.SIGKILL


def let_go() -> None:
    """Closes what a fork must not share with its parent: connections to the servers and to the providers."""
    connections.close_all()
    caches.close_all()
    stripe_transport._client.cache_clear()
    paypal_transport._transport.cache_clear()
    rate_limits._redis.cache_clear()
    gc.collect()  # so that no forgotten connection is closed by the fork


def _live(act: Callable[[], Any], at: str) -> NoReturn:
    """The life of the fork, which never returns into the tests."""
    try:
        current_app._after_fork()
        failpoints.arm(at, PLACES, random.Random(0))
        act()
    except BaseException:  # noqa: BLE001  (it is shown; that it wasn't killed is what the parent judges)
        traceback.print_exc()
    finally:
        os._exit(1)
