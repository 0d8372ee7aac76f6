"""Load on a page of a running server: requests a second at 16 connections, and the server's CPU time for each."""

import os
import re
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

CONNECTIONS = 16
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Speed:
    """Requests a second, and milliseconds of the server's CPU time a request."""

    per_second: float
    cpu: float


def measure(url: str, *, seconds: float, server: int) -> Speed:
    """Asks for `url` for some seconds; `server` is the process id of the server's parent. Raises on a wrong answer."""
    before = _cpu_seconds(server)
    answered = _by_wrk(url, seconds) if shutil.which("wrk") else _by_threads(url, seconds)
    return Speed(answered / seconds, (_cpu_seconds(server) - before) * 1000 / answered)


def _by_wrk(url: str, seconds: float) -> float:
    """wrk, where it is installed, takes little of the machine itself."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", url]
    words = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in words or "Socket errors" in words:
        raise RuntimeError(f"{url} didn't answer as it should:\n{words}")
    found = re.search(r"(\d+) requests in", words)
    assert found, words
    return float(found[1])


def _by_threads(url: str, seconds: float) -> float:
    """The same by plain threads, which are slower than some servers: then both sides of a ratio are held back."""
    address = urlsplit(url)
    until = time.monotonic() + seconds
    counts = [0] * CONNECTIONS

    def ask(place: int) -> None:
        connection = HTTPConnection(address.hostname or "", address.port or 80, timeout=10)
        while time.monotonic() < until:
            connection.request("GET", address.path)
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                return
            counts[place] += 1

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not all(counts):
        raise RuntimeError(f"{url} didn't answer as it should.")
    return float(sum(counts))


def _cpu_seconds(parent: int) -> float:
    """CPU time of a process and its children so far (Linux: /proc/PID/stat, user and system)."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if int(stat.parent.name) == parent or int(fields[1]) == parent:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS
