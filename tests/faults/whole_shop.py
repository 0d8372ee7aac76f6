"""A whole shop, as `make run` starts it, on servers of its own that a test may stop and start again."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
import requests

from local import environments, leftovers
from local.postgres import start_postgres
from local.processes import Child
from local.valkey import start_valkey
from tests.benchmarks.buying import filled
from tests.journeys.running_shop import RunningShop
from tests.launcher import PROJECT, Run, free_ports

SKU = "gridtrace-professional"
#: Without the developer's pages of errors.
AS_VISITORS_SEE_IT = {
    "DEBUG": "false",
    "DJANGO_SETTINGS_MODULE": "tests.benchmarks.shop_settings",
    **{name: environments.TEST[name] for name in ("SECRET_KEY", "LICENSE_KEYS_SECRET", "ALLOW_SANDBOX")},
}
LONGEST = 20.0  # seconds that any answer may take


class Servers:
    """PostgreSQL, which keeps what it confirmed, and Valkey, which keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres, database_url = start_postgres(folder, env=os.environ)
        self.valkey, self.redis_url = start_valkey(folder, env=os.environ)
        self.urls = {"DATABASE_URL": database_url, "REDIS_URL": self.redis_url}

    def stop_postgres(self, *, at_once: bool) -> None:
        """`at_once`: as if its machine lost power. Else open connections are ended."""
        _end(self.postgres, signal.SIGQUIT if at_once else signal.SIGINT)

    def start_postgres(self) -> None:
        self.postgres, _ = start_postgres(self.folder, env=os.environ)

    def stop_valkey(self) -> None:
        _end(self.valkey, signal.SIGKILL)

    def start_valkey(self) -> None:
        self.valkey, _ = start_valkey(self.folder, env=os.environ)

    def empty_valkey(self) -> None:
        with redis.Redis.from_url(self.redis_url) as client:
            client.flushall()

    def stop(self) -> None:
        for child in (self.postgres, self.valkey):
            child.stop()


def _end(child: Child, by: signal.Signals) -> None:
    child.process.send_signal(by)
    child.process.wait(30)


class Shop(RunningShop):
    """The running shop with its servers."""

    def __init__(self, run: Run, servers: Servers) -> None:
        super().__init__(run)
        self.run, self.servers = run, servers

    def problems(self) -> list[str]:
        """What is wrong once worker and timetable had time to do everything: see `aftermath`."""
        judged = subprocess.run(
            [
                *(sys.executable, "-m", "tests.faults.aftermath"),
                *(str(self.data / "mail"), self.stripe.base_url, self.paypal.base_url),
            ],
            cwd=PROJECT,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert judged.returncode == 0, judged.stderr
        assert self.run.process.poll() is None, self.run.output.read_text()
        found: list[str] = json.loads(judged.stdout.splitlines()[-1])
        return found


@contextmanager
def running() -> Iterator[Shop]:
    """Starts all of it in a temporary folder, and leaves nothing."""
    folder = Path(tempfile.mkdtemp(prefix="shop-faults-"))
    servers = Servers(folder / "servers")
    run = Run(folder / "data", free_ports(), AS_VISITORS_SEE_IT | servers.urls)
    try:
        yield Shop(run, servers)
    finally:
        run.stop()
        leftovers.stop(run.data)
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Buyer:
    """Buys over HTTP, a step at a time. An answer that takes too long is an error."""

    def __init__(self, shop: Shop, method: str) -> None:
        self.shop, self.method = shop, method
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers["Sec-Fetch-Site"] = "same-origin"
        self.form: dict[str, str] = {}
        self.page = self.back = ""

    def ask(self, path: str, typed: dict[str, str] | None = None) -> requests.Response:
        """A page of the shop, or a form that is sent there."""
        url = f"{self.shop.url}{path.removeprefix(self.shop.url)}"
        return self.http.request("POST" if typed else "GET", url, data=typed, timeout=LONGEST, allow_redirects=False)

    def fill(self) -> None:
        """Puts one unit in the cart and fills the form."""
        self.ask("/cart/add/", {"edition": SKU, "quantity": "1"})
        self.form = filled(self.ask("/checkout/").text, self.method)

    def submit(self) -> requests.Response:
        """Places the order; remembers the provider's page."""
        answer = self.ask("/checkout/", self.form)
        self.page = answer.headers.get("Location", "")
        return answer

    def pay(self) -> None:
        """Pays on the provider's page; remembers the way back."""
        typed = {"do": "pay", "country": "DE", "name": "Katrin Vogel"}
        answer = self.http.post(self.page, typed, timeout=LONGEST, allow_redirects=False)
        self.back = answer.headers["Location"]

    def come_back(self) -> requests.Response:
        """The way back from the provider, and the order's page after it."""
        answer = self.ask(self.back)
        return self.ask(answer.headers["Location"]) if answer.is_redirect else answer

    def keys(self) -> list[str]:
        """The keys on the order's page."""
        return re.findall(r'data-copy="([^"]+)"', self.come_back().text)
