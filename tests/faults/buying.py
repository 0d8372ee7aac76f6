"""What buyers do before and after something breaks."""

from typing import Any

from django.test import Client
from django.urls import reverse

from payments import attempts
from payments.models import Attempt, Reference
from shop.models import Edition, Order
from tests.accounts import purchases
from tests.benchmarks.buying import filled
from tests.payments import paying
from tests.payments.paying import Till
from tests.shop import goods


def order(quantity: int = 2) -> Order:
    """One that waits, of `quantity` keys from a pool and one that is made; they are shown as soon as they are paid."""
    pool = purchases.edition(pool=quantity)
    placed = purchases.order((pool, quantity), (purchases.edition(), 1), at_once=True)
    return Order.objects.select_related("party").get(pk=placed.pk)


def form(buyer: Client, method: str) -> tuple[Edition, dict[str, str]]:
    """An edition with one key left, in the buyer's cart, and the form by which it is ordered."""
    goods.terms()
    sold = goods.edition(key_source=Edition.KeySource.POOL)
    purchases.fill(sold, 1)
    buyer.post(reverse("cart_add"), {"edition": sold.sku, "quantity": "1"})
    return sold, filled(buyer.get(reverse("checkout")).content.decode(), method)


def begun(till: Till, placed: Order | None = None) -> tuple[Attempt, str]:
    """An attempt whose buyer is on the provider's page, and the provider's id of it."""
    placed = placed or order()
    attempts.begin(placed, till.name)
    return latest(till)


def latest(till: Till) -> tuple[Attempt, str]:
    """The newest attempt of this provider, and the provider's id of it."""
    attempt = Attempt.objects.select_related("order").filter(provider=till.name).latest("pk")
    return attempt, Reference.objects.get(attempt=attempt, kind=till.kind).value


def pay(till: Till, buyer: Client) -> Attempt:
    """The buyer of the newest attempt pays and comes back."""
    attempt, identifier = latest(till)
    till.agree(identifier)
    paying.come_back(buyer, till, attempt, identifier)
    return attempt


def pages(till: Till) -> list[dict[str, Any]]:
    """The sessions or orders that the provider has."""
    return list(till.sandbox.provider.objects.of({"stripe": "checkout.session", "paypal": "order"}[till.name]))


def free_keys(placed: Order) -> int:
    """Keys left in the pool of the order's first line."""
    return placed.lines.earliest("pk").edition.license_keys.filter(state="available").count()
