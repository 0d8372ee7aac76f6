"""Fills an empty shop with the demo catalog, or with any number of made-up products to measure with."""

import re
from dataclasses import replace
from pathlib import Path
from string import Template

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify

from privacy import clock
from shop import page_drafts, pages
from shop.demo.catalog import CATEGORIES, PRODUCTS
from shop.demo.goods import DemoEdition, DemoProduct
from shop.models import Category, Coupon, Edition, Price, Product, ProductChange


def sku(product_slug: str, edition_name: str) -> str:
    """The article number of a demo edition: `sheetdiff-personal`."""
    return f"{product_slug}-{slugify(edition_name)}"


@transaction.atomic
def load(size: int | None = None) -> int:
    """Loads the demo: products only into a shop that has none, texts only for pages that nobody wrote.

    `size` asks for that many products; those beyond the demo's own are copies under names of their own. Returns how
    many products were made.
    """
    for slug, title in page_drafts.unwritten().items():
        pages.publish(slug, title, _text(slug))
    if Product.objects.exists():
        return 0
    shelves = {category.slug: category for category in _categories()}
    wanted = _copies(len(PRODUCTS) if size is None else size)
    _make(wanted, shelves)
    if not Coupon.objects.exists():
        Coupon.objects.create(code="WELCOME-10", percent=10)
    return len(wanted)


@transaction.atomic
def clear() -> None:
    """Deletes every product and shelf. Raises ProtectedError while keys or licenses name one of them."""
    Product.objects.all().delete()
    Category.objects.all().delete()


def _text(slug: str) -> str:
    """The text of a demo page, which stands in a file beside this one."""
    words = {"store": settings.STORE_NAME, "support": settings.SUPPORT_EMAIL}
    return Template(Path(__file__).with_name(f"{slug}.txt").read_text(encoding="utf-8")).substitute(words)


def _copies(size: int) -> list[DemoProduct]:
    """The first `size` demo products; when they run out, they come again under the next number."""
    rounds = ((place // len(PRODUCTS), PRODUCTS[place % len(PRODUCTS)]) for place in range(size))
    return [
        replace(demo, slug=f"{demo.slug}-{number}", name=f"{demo.name} {number}") if number else demo
        for number, demo in rounds
    ]


def _categories() -> list[Category]:
    return [
        Category.objects.update_or_create(
            slug=demo.slug,
            defaults={
                "name": demo.name,
                "code": demo.code,
                "intro": demo.intro,
                "gathers_edition": demo.gathers_edition,
                "gathers_all": demo.gathers_all,
                "position": place,
            },
        )[0]
        for place, demo in enumerate(CATEGORIES)
    ]


def _make(wanted: list[DemoProduct], shelves: dict[str, Category]) -> None:
    now = clock.now()
    products = Product.objects.bulk_create(
        Product(
            slug=demo.slug,
            name=demo.name,
            tagline=demo.tagline,
            category=shelves[demo.category],
            mark=demo.mark,
            description=demo.description,
            facts=demo.facts,
            requirements=demo.requirements,
            drawing=re.sub(r"-\d+$", "", demo.slug),  # a copy shows the drawing of its original
            position=place,
            updated_at=now,
        )
        for place, demo in enumerate(wanted)
    )
    pairs = list(zip(products, wanted, strict=True))
    ProductChange.objects.bulk_create(
        ProductChange(product=product, version=version, released_on=day, text=text)
        for product, demo in pairs
        for version, day, text in demo.changes
    )
    sold = [(product, place, demo) for product, demo in pairs for place in range(len(demo.editions))]
    editions = Edition.objects.bulk_create(
        _edition(product, place, demo.editions[place], demo) for product, place, demo in sold
    )
    Price.objects.bulk_create(
        Price(edition=edition, currency=currency, amount=amount)
        for edition, (_, place, demo) in zip(editions, sold, strict=True)
        for currency, amount in demo.editions[place].prices.items()
    )


def _edition(product: Product, place: int, edition: DemoEdition, demo: DemoProduct) -> Edition:
    return Edition(
        product=product,
        sku=sku(product.slug, edition.name),
        name=edition.name,
        summary=edition.summary,
        sold_per=edition.sold_per,
        seats=edition.seats,
        quantity_min=edition.quantity_min,
        devices=edition.devices,
        term_months=edition.term_months,
        key_source=edition.key_source,
        features=demo.features_of(place),
        position=place,
    )
