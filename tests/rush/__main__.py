"""`python -m tests.rush BUYERS KEYS`: a crowd at a real web server, and whether each key was sold once."""

import argparse
import json
import logging
import os
import sys
import tempfile
import warnings
from contextlib import ExitStack
from pathlib import Path

import django

from local import environments
from local.servers import throwaway_servers
from tests.benchmarks.servers import serving
from tests.chaos import sandboxes

EXIT_CODES = """\
The last line of standard output is JSON; times are seconds, the slowest answer of each step.

exit codes:
  0  exactly the keys were sold, the rest told so politely, no error page
  1  anything else; standard error says what
  2  wrong use
"""


def main(arguments: list[str]) -> int:
    """Opens the doors and judges; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="make rush",
        description="Lets a crowd of buyers in at once, through HTTP, for the last keys of an edition.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("buyers", metavar="BUYERS", type=int, nargs="?", default=500, help="default 500")
    parser.add_argument("keys", metavar="KEYS", type=int, nargs="?", default=100, help="default 100")
    options = parser.parse_args(arguments)
    if not 0 < options.keys < options.buyers:
        parser.error("KEYS must be at least 1 and fewer than BUYERS.")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shop-rush-")))
        environments.replace(os.environ, environments.TEST)
        os.environ.update(stack.enter_context(throwaway_servers()))
        running = stack.enter_context(sandboxes.running(folder))
        os.environ.update(running.settings() | {"TRUSTED_PROXIES": "127.0.0.1"})
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.shop_settings"
        return _judge(options.buyers, options.keys, folder)


def _judge(buyers: int, keys: int, folder: Path) -> int:
    warnings.filterwarnings("ignore", "No directory at")  # of static files, which nothing here is about
    django.setup()
    logging.getLogger().setLevel(logging.ERROR)
    from django.core.management import call_command

    from accounts.models import LicenseKey
    from shop.demo.load import load
    from shop.models import Edition
    from tests.chaos import shelf
    from tests.rush import crowd

    call_command("migrate", verbosity=0)
    load()
    wanted = Edition.objects.filter(key_source=Edition.KeySource.POOL).earliest("pk")
    shelf.fill(wanted, keys)
    shelf.let_everybody_pass()
    with serving("config.wsgi:application", "/", env={}, folder=folder) as server:
        outcome = crowd.arrive(server.url, wanted.sku, buyers)
    sold = LicenseKey.objects.filter(edition=wanted, state=LicenseKey.State.ASSIGNED).count()
    complaints = [f"{count} buyers: {what}." for what, count in outcome.errors.items()]
    if outcome.buyers != {crowd.BOUGHT: keys, crowd.TOLD: buyers - keys}:
        complaints.append(f"Not everybody has a key or was told so: {dict(outcome.buyers)}.")
    if sorted(outcome.keys) != sorted(set(outcome.keys)) or len(outcome.keys) != keys or sold != keys:
        complaints.append(f"{len(outcome.keys)} keys were shown, {len(set(outcome.keys))} of them once, {sold} sold.")
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    figures = {"buyers": buyers, "keys": keys, "sold": sold, "told": outcome.buyers[crowd.TOLD]}
    print(json.dumps({**figures, "errors": outcome.errors.total(), "slowest_seconds": outcome.slowest()}), flush=True)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
