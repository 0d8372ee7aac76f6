"""The whole shop, started once by its launcher: web server, worker, timetable, mail sink and the sandboxes."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local import leftovers
from local.ports import HOST
from local.postgres import stop_leftover_server
from local.shop import SUPPORT_EMAIL
from sandbox.client import Client
from tests import support_server
from tests.journeys.mailbox import Mailbox
from tests.launcher import PROJECT, Run, free_ports
from tests.support_server import SupportServer


class RunningShop:
    """Where it answers, how its demo people sign in, where its mails are, and how its sandboxes are steered."""

    def __init__(self, run: Run, support: SupportServer | None = None) -> None:
        words = run.words()
        printed = re.search(r"password (\S+)", words)
        assert printed is not None, words
        self.data = run.data
        self.url = run.url
        self.password = printed[1]
        self.mails = Mailbox(run.data / "mail")
        self.support = support
        self.stripe = Client(f"http://{HOST}:{run.port + 1}")
        self.paypal = Client(f"http://{HOST}:{run.port + 2}")
        self.vies = Client(f"http://{HOST}:{run.port + 3}")

    def shell(self, code: str) -> str:
        """Runs Python code as an operator would in `manage.py shell` of this shop; returns what it printed."""
        ended = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
            cwd=PROJECT,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def _environment(self) -> dict[str, str]:
        """The environment of the shop's own processes: the launcher tells it to nobody else."""
        for pid in leftovers.find(self.data):
            pairs = (pair.partition("=") for pair in os.fsdecode(Path(f"/proc/{pid}/environ").read_bytes()).split("\0"))
            found = {name: value for name, equals, value in pairs if equals}
            if {"EMAIL_URL", "DATABASE_URL", "REDIS_URL", "STRIPE_API_BASE", "VIES_URL"} <= found.keys():
                return found
        raise AssertionError("no process of the shop runs")


@contextmanager
def start() -> Iterator[RunningShop]:
    """Start the shop in a temporary folder; at the end stop it and see that no process is left."""
    folder = Path(tempfile.mkdtemp(prefix="shop-journeys-"))
    with support_server.running(SUPPORT_EMAIL, folder / "data" / "support-mail") as support:
        yield from _run(folder, support)


def _run(folder: Path, support: SupportServer) -> Iterator[RunningShop]:
    given = {"TRUSTED_PROXIES": "127.0.0.1", "ERASURE_SETTLE_SECONDS": "1"}  # nothing is in flight so long here
    run = Run(folder / "data", free_ports(), given | support.settings)
    try:
        yield RunningShop(run, support)
        assert run.stop() == 0, run.output.read_text()
        assert leftovers.find(run.data) == []
    finally:
        if run.process.poll() is None:
            run.process.kill()
            run.process.wait()
        stop_leftover_server(run.data / "postgres")
        leftovers.stop(run.data)
        shutil.rmtree(folder, ignore_errors=True)
