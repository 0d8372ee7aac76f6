"""`python -m tests.benchmarks [PART ...]`: measures, prints a JSON line a figure, and fails where a target is missed.

The parts are those of `PARTS`; without one, all of them. `make bench ONLY=tax` passes it on.
"""

import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import django

from local import environments
from local.servers import throwaway_servers
from sandbox.running import PayPalSandbox, StripeSandbox
from tests.benchmarks.figures import Figure

PARTS = ("pages", "buying", "erasure", "retention", "residue", "tax", "tax_report", "cases", "orders", "posts")


def main(parts: Sequence[str] = PARTS) -> int:
    """Measures the parts; returns the exit code: 1 where a figure is missed, 2 where there is no such part."""
    if unknown := [part for part in parts if part not in PARTS]:
        print(f"There is no {unknown[0]} to measure: name {', '.join(PARTS)}, or nothing for all.", file=sys.stderr)
        return 2
    with ExitStack() as stack:
        environments.replace(os.environ, environments.TEST)
        os.environ.update(stack.enter_context(throwaway_servers()))
        stripe, paypal = stack.enter_context(StripeSandbox()), stack.enter_context(PayPalSandbox())
        os.environ.update(_providers(stripe, paypal))
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.shop_settings"
        warnings.filterwarnings("ignore", "No directory at")  # of static files, which nothing here is about
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shop-bench-")))
        missed = []
        for figure in _figures(parts, stripe, paypal, folder):
            print(figure.line(), flush=True)
            if not figure.is_met:
                missed.append(figure.name)
    for name in missed:
        print(f"Missed: {name}.", file=sys.stderr)
    return 1 if missed else 0


def _providers(stripe: StripeSandbox, paypal: PayPalSandbox) -> dict[str, str]:
    return {
        "ALLOW_SANDBOX": "true",
        "STRIPE_API_BASE": stripe.base_url,
        "STRIPE_SECRET_KEY": stripe.secret_key,
        "STRIPE_WEBHOOK_SECRET": stripe.webhook_secret,
        "PAYPAL_API_BASE": paypal.base_url,
        "PAYPAL_CLIENT_ID": paypal.client_id,
        "PAYPAL_CLIENT_SECRET": paypal.client_secret,
        "PAYPAL_WEBHOOK_ID": paypal.webhook_id,
    }


def _figures(parts: Sequence[str], stripe: StripeSandbox, paypal: PayPalSandbox, folder: Path) -> Iterator[Figure]:
    django.setup()
    from django.core.management import call_command

    from tests.benchmarks import buying, cases, erasure, orders, pages, posts, residue, retention, tax, tax_report

    logging.getLogger().setLevel(logging.ERROR)
    call_command("migrate", verbosity=0)
    measures: dict[str, Callable[[], Iterator[Figure]]] = {
        "pages": lambda: pages.figures(folder),
        "buying": lambda: buying.figures({"stripe": stripe, "paypal": paypal}),
        "erasure": erasure.figures,
        "retention": retention.figures,
        "residue": residue.figures,
        "tax": tax.figures,
        "tax_report": tax_report.figures,
        "cases": cases.figures,
        "orders": orders.figures,
        "posts": posts.figures,
    }
    for part in PARTS:
        if part in parts:
            yield from measures[part]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or PARTS))
