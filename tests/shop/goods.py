"""A small catalog for the tests of the shop."""

from decimal import Decimal
from itertools import count

from shop.models import Category, Edition, Page, PageVersion, Price, Product

_number = count(1)


def edition(price: str = "149.00", *, sku: str = "", published: bool = True, **fields: object) -> Edition:
    """An edition of a product of its own, at a price in EUR."""
    number = next(_number)
    category, _ = Category.objects.get_or_create(slug="excel", defaults={"name": "Excel", "code": "EXCEL"})
    product = Product.objects.create(
        slug=f"tool-{number}",
        name=f"Tool {number}",
        tagline="Traces figures.",
        category=category,
        mark="x" * 25,
        description="It traces figures.",
        is_published=published,
    )
    made = Edition.objects.create(product=product, sku=sku or f"tool-{number}-pro", name="Professional", **fields)
    Price.objects.create(edition=made, currency="EUR", amount=Decimal(price))
    return made


def terms() -> PageVersion:
    """The terms of sale in force."""
    page, _ = Page.objects.get_or_create(slug="terms", defaults={"title": "Terms of sale"})
    version, _ = PageVersion.objects.get_or_create(page=page, number=1, defaults={"body": "You buy a license."})
    return version
