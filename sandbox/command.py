"""Starting and stopping a sandbox from the command line."""

import argparse
import os
import signal
import sqlite3
import sys
import threading
from pathlib import Path

from sandbox.provider import Provider
from sandbox.real_keys import refusal
from sandbox.server import Server

REFUSED = 2


def parser(name: str) -> argparse.ArgumentParser:
    """The options that both sandboxes have."""
    options = argparse.ArgumentParser(
        prog=f"python -m sandbox.{name}", description=f"A stand-in for {name}; no money moves.", allow_abbrev=False
    )
    options.add_argument("--port", type=int, default=0, help="0 takes a free port (default)")
    options.add_argument("--data", type=Path, default=Path(".local/sandbox"), help="folder of its state")
    options.add_argument("--webhook", help="address to which webhooks are sent")
    return options


def refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return REFUSED


def check_keys(arguments: list[str]) -> str | None:
    """The sentence with which the start is refused beside real keys, or None."""
    return refusal(os.environ, [part for argument in arguments for part in argument.split("=", 1)])


def run(provider: Provider, port: int, webhook: str | None) -> int:
    """Serves until SIGINT or SIGTERM. Returns the exit code."""
    try:
        provider.webhooks.url = webhook
        server = Server(port, provider.handle, now=provider.clock.now)
    except ValueError as error:
        return refuse(str(error))
    except (OSError, OverflowError):
        return refuse(f"Port {port} can't be used; give another one by --port.")
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    provider.start(server.base_url)
    server.start()
    print(f"listening {server.base_url}", flush=True)
    stopped.wait()
    server.stop()
    provider.stop()
    return 0


def unwritable(data: Path, error: OSError | sqlite3.Error) -> int:
    return refuse(f"The folder {data} can't be written ({error}); give another one by --data.")
