"""Orders, editions and pools for the tests of accounts."""

import itertools
import uuid
from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from accounts import license_keys, licenses
from accounts.models import LicenseKey
from privacy import clock
from shop import orders
from shop.models import Category, Edition, Order, OrderLine, OrderParty, OrderUnit, Page, PageVersion, Product

_numbers = itertools.count(1000)


def edition(*, pool: int | None = None, **fields: object) -> Edition:
    """An edition whose keys are made when sold, or that has a pool of `pool` keys."""
    number = next(_numbers)
    category, _ = Category.objects.get_or_create(slug="excel", defaults={"name": "Excel", "code": "EXCEL"})
    product = Product.objects.create(
        slug=f"tool-{number}",
        name=f"Tool {number}",
        tagline="Traces.",
        category=category,
        mark="x" * 25,
        description="It.",
    )
    source = Edition.KeySource.GENERATED if pool is None else Edition.KeySource.POOL
    made = Edition.objects.create(product=product, sku=f"tool-{number}", name="Team", key_source=source, **fields)
    fill(made, pool or 0)
    return made


def fill(pool_of: Edition, count: int) -> list[str]:
    """Adds `count` keys to the pool; returns them."""
    texts = [f"POOL-{next(_numbers)}-{uuid.uuid4()}" for _ in range(count)]
    LicenseKey.objects.bulk_create(LicenseKey(edition=pool_of, **license_keys.sealed(text)) for text in texts)
    return texts


def order(
    *lines: tuple[Edition, int],
    email: str = "ada@example.com",
    delivery_email: str = "",
    at_once: bool = False,
    term_months: int | None = None,
    **fields: object,
) -> Order:
    """An order that waits for payment, by a guest unless `user` is given."""
    user = fields.pop("user", None)
    fields.setdefault("evidence", {"billing": "DE", "ip": "DE"})
    page, _ = Page.objects.get_or_create(slug="terms", defaults={"title": "Terms"})
    terms, _ = PageVersion.objects.get_or_create(page=page, number=1, defaults={"body": "Terms."})
    quantity = sum(count for _, count in lines)
    consent = {"consent_version": "1", "consent_at": clock.now()} if at_once else {}
    link = orders.new_link()
    made = Order.objects.create(
        number=f"AO-{next(_numbers)}",
        currency="EUR",
        country="DE",
        net=100 * quantity,
        tax=19 * quantity,
        total=119 * quantity,
        payment_method="card",
        delivery=Order.Delivery.AT_ONCE if at_once else Order.Delivery.SEALED,
        terms=terms,
        policy_version="1",
        expires_at=clock.now() + timedelta(minutes=35),
        link_hash=link.hash,
        **consent,
        **fields,
    )
    person = {"user": user, "email": email, "delivery_email": delivery_email, "name": "Ada Lovelace"}
    OrderParty.objects.create(order=made, link_nonce=link.nonce, **person)
    for sold, count in lines:
        line = _line(made, sold, count, term_months)
        units = 1 if sold.sold_per == Edition.SoldPer.SEAT else count
        OrderUnit.objects.bulk_create(
            OrderUnit(line=line, position=place + 1, seats=line.seats) for place in range(units)
        )
    return made


def _line(made: Order, sold: Edition, count: int, term_months: int | None) -> OrderLine:
    return OrderLine.objects.create(
        order=made,
        edition=sold,
        sku=sold.sku,
        product_name=sold.product.name,
        edition_name=sold.name,
        mark=sold.product.mark,
        sold_per=sold.sold_per,
        seats=count if sold.sold_per == Edition.SoldPer.SEAT else sold.seats,
        devices=sold.devices,
        term_months=term_months,
        quantity=count,
        unit_price=Decimal(119),
        net=Decimal(100 * count),
        tax=Decimal(19 * count),
        total=Decimal(119 * count),
        tax_rate=Decimal(19),
        tax_rule="destination",
        tax_country="DE",
    )


def pay(placed: Order) -> Order:
    """Does what a settled payment does: lock, paid, keys."""
    with transaction.atomic():
        locked = orders.lock(placed.pk)
        orders.mark_paid(locked, at=clock.now())
        licenses.issue(locked)
    return locked


def paid(*lines: tuple[Edition, int], **fields: object) -> Order:
    """An order that was paid and has its keys."""
    return pay(order(*lines, **fields))  # type: ignore[arg-type]


def keys_of(placed: Order) -> list[LicenseKey]:
    """The keys of the order's units."""
    return list(LicenseKey.objects.filter(unit__line__order=placed).order_by("unit__line_id", "unit__position"))


def units_of(placed: Order) -> list[OrderUnit]:
    """The units of the order, read anew."""
    return list(OrderUnit.objects.filter(line__order=placed))


def states(placed: Order) -> list[str]:
    """The states of the order's keys."""
    return [key.state for key in keys_of(placed)]


def events(placed: Order) -> list[tuple[str, str]]:
    """The order's story: kinds and details."""
    return list(placed.events.values_list("kind", "detail"))
