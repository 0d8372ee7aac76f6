"""`make run`: starts the whole shop on this machine, watches it, and stops all of it."""

import argparse
import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from local import leftovers
from local.postgres import stop_leftover_server
from local.processes import Child, StartError, follow_parent
from local.shop import Shop


class Stopped(BaseException):
    """A signal asked the launcher to end."""


def main(arguments: list[str]) -> int:
    """Run until a signal comes or a process ends by itself; returns the exit code."""
    parser = argparse.ArgumentParser(prog="make run")
    parser.add_argument("--port", type=_port, default=8000)
    parser.add_argument("--data", type=Path, default=Path(".local"))
    _listen_to_signals()
    try:
        options = parser.parse_args(arguments)
        data = options.data.resolve()
        with only_run(data):
            return _run(data, options.port)
    except Stopped:
        return 0
    except StartError as error:
        print(error, file=sys.stderr)
        return 1


@contextmanager
def only_run(data: Path) -> Iterator[None]:
    """Hold the folder `data` for this process alone, cleared of what an earlier run left. Raises StartError."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (data / "run.lock").open("a")
    except OSError as error:
        raise StartError(f"DATA_DIR {data} cannot be used ({error.strerror}): choose another.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartError(f"The shop already runs on {data}: stop it, or choose another DATA_DIR.") from None
        _clear(data)
        try:
            yield
        finally:
            _clear(data)


def _clear(data: Path) -> None:
    stop_leftover_server(data / "postgres")
    leftovers.stop(data)


def _run(data: Path, port: int) -> int:
    shop = Shop(data, port, os.environ)
    try:
        shop.start()
        print(shop.welcome(), flush=True)
        ended = _wait_for_one_to_end(shop.children)
        print(f"{ended.name} ended by itself, so the shop stops. Its last words, from {ended.log}:", file=sys.stderr)
        print(ended.last_words(), file=sys.stderr)
        return 1
    finally:
        _ignore_signals()
        for child in reversed(shop.children):
            child.stop()


def _wait_for_one_to_end(children: list[Child]) -> Child:
    while True:
        for child in children:
            if child.has_ended:
                return child
        time.sleep(0.2)


def _port(word: str) -> int:
    if word.isascii() and word.isdigit() and 1 <= int(word) <= 65533:  # the sandboxes take the next two
        return int(word)
    raise StartError(f"PORT must be a number from 1 to 65533, not {word!r}.")


def _listen_to_signals() -> None:
    def stop(signum: int, frame: FrameType | None) -> None:
        _ignore_signals()  # a second Ctrl-C must not leave half of it running
        raise Stopped

    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
        signal.signal(signal.SIGHUP, stop)
    follow_parent(signal.SIGTERM)


def _ignore_signals() -> None:
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
