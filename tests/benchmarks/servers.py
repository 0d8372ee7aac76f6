"""Web servers to be measured: the same granian with the same workers for the shop and for the bare Django."""

import os
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.ports import HOST
from local.processes import start

PROJECT = Path(__file__).resolve().parents[2]
WORKERS, THREADS = "2", "4"


@dataclass(frozen=True)
class WebServer:
    url: str
    pid: int


@contextmanager
def serving(application: str, first: str, *, env: Mapping[str, str], folder: Path) -> Iterator[WebServer]:
    """A server of `application` (module:name) that answers at the path `first`, stopped at the end."""
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    command += ["--workers", WORKERS, "--blocking-threads", THREADS, "--no-access-log", application]
    name = application.partition(":")[0]
    child = start(name, command, log=folder / f"{name}.log", env={**os.environ, **env}, cwd=PROJECT)
    try:
        url = f"http://{HOST}:{port}"
        deadline = time.monotonic() + 60
        while not _answers(f"{url}{first}"):
            if child.has_ended or time.monotonic() > deadline:
                raise RuntimeError(f"{application} did not start:\n{child.last_words()}")
            time.sleep(0.1)
        yield WebServer(url, child.process.pid)
    finally:
        child.stop()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            return response.status == 200
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
