"""What is sold in the storm: keys made when sold, keys from a full pool, and from one that is soon empty."""

import sys

from accounts import license_keys
from accounts.models import LicenseKey
from payments.models import FraudRules
from privacy import clock
from shop.demo.load import load
from shop.models import Edition

GENERATED = "gridtrace-professional"


def stock(checkouts: int) -> dict[str, int]:
    """Fills an empty shop; returns the article numbers with how often each is bought, in hundredths."""
    load()
    let_everybody_pass()
    full, scarce = Edition.objects.filter(key_source=Edition.KeySource.POOL).order_by("pk")
    fill(full, checkouts * 3)
    fill(scarce, max(checkouts // 25, 3))
    return {GENERATED: 65, full.sku: 24, scarce.sku: 11}


def let_everybody_pass() -> None:
    """Fraud rules for a crowd that shares one address, one card and few networks, which the usual rules call many."""
    FraudRules.objects.create(valid_from=clock.today(), many_of_address=0, many_of_card=0, many_of_network=0)
    print(
        "The fraud review does not count orders by address, card and network here; every other sign counts.",
        file=sys.stderr,
    )


def fill(edition: Edition, count: int) -> None:
    """Puts so many keys into the pool of an edition."""
    texts = (f"{edition.sku.upper()}-{number:06}" for number in range(count))
    LicenseKey.objects.bulk_create(LicenseKey(edition=edition, **license_keys.sealed(text)) for text in texts)
