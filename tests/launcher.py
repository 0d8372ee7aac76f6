"""The launcher of `make run` as a process of its own, for tests that need the whole shop."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from local import environments
from local.ports import HOST

PROJECT = Path(__file__).resolve().parents[1]
#: What belongs to the test run: a shop that is started like a stranger's has servers and settings of its own.
OF_THE_TEST_RUN = {*environments.TEST, *environments.UNSET, "DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}


class Run:
    """One launcher process with what it printed. `data` is its DATA_DIR, which it makes; `given` are settings of its
    own, such as servers that are there already."""

    def __init__(self, data: Path, port: int, given: Mapping[str, str] | None = None) -> None:
        self.data = data
        self.port = port
        self.url = f"http://{HOST}:{port}"
        self.output = data.parent / "output"
        env = {name: value for name, value in os.environ.items() if name not in OF_THE_TEST_RUN} | dict(given or {})
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "local.run", "--port", str(port), "--data", str(data)],
                cwd=PROJECT,
                env=env,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def words(self, *, seconds: float = 180.0) -> str:
        """What was printed once the shop is ready; fails the test when it ended instead."""
        deadline = time.monotonic() + seconds
        while "Stop with" not in self.output.read_text():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.05)
        return self.output.read_text()

    def stop(self) -> int:
        """Ask it to end, as a service manager does; returns the exit code."""
        self.process.terminate()
        return self.process.wait(120)


def free_ports() -> int:
    """The first of four free ports in a row: the shop's and those of its sandboxes."""
    while True:
        with socket.socket() as first:
            first.bind((HOST, 0))
            port: int = first.getsockname()[1]
            try:
                for offset in (1, 2, 3):
                    with socket.socket() as neighbor:
                        neighbor.bind((HOST, port + offset))
            except (OSError, OverflowError):
                continue
        return port
