"""`python -m tests.chaos N`: N checkouts, four in five killed, and the books once the reconciler is through."""

import argparse
import json
import logging
import os
import random
import sys
import tempfile
import time
import warnings
from contextlib import ExitStack
from pathlib import Path

import django

from local import environments
from local.servers import throwaway_servers
from tests.chaos import sandboxes

DESCRIPTION = """\
Buys through both providers while processes of the shop are killed, lets the reconciler run on a clock that is moved
forward, and compares the providers' ledgers with the shop's. Progress goes to standard error; the last line of standard
output is the verdict as JSON.
"""
EXIT_CODES = """\
exit codes:
  0  the books are equal, and the reconciler had something to heal
  1  a figure that must be zero isn't, or something unexpected happened; standard error says what
  2  wrong use
"""


def main(arguments: list[str]) -> int:
    """Storms and judges; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="make chaos",
        description=DESCRIPTION,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("checkouts", metavar="N", type=int, nargs="?", default=300, help="checkouts (default 300)")
    parser.add_argument(
        "--seed", type=int, default=None, help="of everything that is drawn (default: another each time)"
    )
    options = parser.parse_args(arguments)
    if options.checkouts < 1:
        parser.error("N must be 1 or more.")
    seed = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shop-chaos-")))
        environments.replace(os.environ, environments.TEST)
        os.environ.update(stack.enter_context(throwaway_servers()))
        running = stack.enter_context(sandboxes.running(folder))
        os.environ.update(running.settings())
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.shop_settings"
        return _judge(running, options.checkouts, seed)


def _judge(running: sandboxes.Sandboxes, checkouts: int, seed: int) -> int:
    warnings.filterwarnings("ignore", "No directory at")  # of static files, which nothing here is about
    django.setup()
    logging.getLogger().setLevel(logging.ERROR)
    from django.core.management import call_command

    from config.wsgi import application
    from tests.chaos import books, calm, healing, report, shelf
    from tests.chaos.storm import Storm

    call_command("migrate", verbosity=0)
    began = time.monotonic()
    storm = Storm(application, running, count=checkouts, shelf=shelf.stock(checkouts), seed=seed)
    storm.warm_up()
    toll = storm.rage()
    raged = time.monotonic() - began
    healing.watch(storm.healed)
    steps = calm.settle(running, random.Random(seed))
    found = books.ledgers(running)
    left = books.unwritten(found)
    double, seconds = books.double_charges(found)
    verdict = books.Verdict(
        checkouts=checkouts,
        killed=toll.killed.total(),
        reconciled=healing.healed(storm.healed),
        captured_without_key=books.captured_without_key(found) + len(left),
        key_given_twice=books.key_given_twice(toll.keys),
        double_charges=double,
        ledger_difference_cents=books.difference_cents(found),
    )
    wrong = {**toll.problems, **books.unfinished()}
    settled = time.monotonic() - began - raged
    report.tell(toll, steps, seed=seed, raged=raged, settled=settled, second_captures=seconds)
    complaints = report.complaints(verdict, wrong)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    print(json.dumps(verdict.line()), flush=True)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
