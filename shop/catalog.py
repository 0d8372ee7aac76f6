"""The catalog as its pages show it: shelves, lists with their lowest price, and one product with all that is known.

Every function runs the same number of queries for one product and for a thousand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Min, OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber

from privacy.prepared_queries import PreparedQuery
from shop import stock_words
from shop.models import Category, Edition, Price, Product, ProductChange
from shop.models.catalog import from_price

ON_HOME_SHELF = 6
ON_PAGE = 24


@dataclass(frozen=True)
class Shelf:
    """A category on the home page: its first products, and how many it holds in all."""

    category: Category
    products: list[Product]
    count: int

    @property
    def has_more(self) -> bool:
        return self.count > len(self.products)


@dataclass(frozen=True)
class ShelfFigures:
    """How many tools a shelf holds, gathered ones included, and the lowest price of them (None: nothing is sold)."""

    count: int
    from_price: Decimal | None
    currency: str


@dataclass(frozen=True)
class Offer:
    """An edition that is sold: its price as stored, and the word on its stock (empty where there is nothing to say)."""

    edition: Edition
    amount: Decimal
    currency: str
    stock: str

    @property
    def is_available(self) -> bool:
        return self.stock != stock_words.SOLD_OUT


_CATEGORIES = PreparedQuery(
    lambda: Category.objects.annotate(product_count=Count("products", filter=Q(products__is_published=True))).order_by(
        "position", "name"
    )
)


def categories() -> list[Category]:
    """All shelves in their order, each with `product_count`: the published products of its own."""
    return list[Category](_CATEGORIES.rows())


def count_of(shelves: Sequence[Category]) -> int:
    """How many products are published on the shelves of `categories()`."""
    return sum(shelf.product_count for shelf in shelves)  # type: ignore[attr-defined]


def figures(shelves: Sequence[Category], currency: str) -> dict[int, ShelfFigures]:
    """What the key navigation says of each shelf of `categories()`, by the category's id."""
    rows = (
        Price.objects.filter(
            currency__in={currency, settings.STORE_CURRENCY},
            edition__is_offered=True,
            edition__product__is_published=True,
        )
        .values("currency", shelf=F("edition__product__category"), edition_name=F("edition__name"))
        .annotate(tools=Count("edition__product", distinct=True), lowest=Min("amount"))
    )
    in_currency: dict[str, list[tuple[Any, ...]]] = {currency: [], settings.STORE_CURRENCY: []}
    for row in rows:
        in_currency[row["currency"]].append((row["shelf"], row["edition_name"], row["tools"], row["lowest"]))
    everything = count_of(shelves)
    found = {}
    for shelf in shelves:
        there = {each: _of_shelf(shelf, prices) for each, prices in in_currency.items()}
        shown = currency if there[currency][1] is not None else settings.STORE_CURRENCY
        gathered = max(count for count, _ in there.values())
        found[shelf.pk] = ShelfFigures(
            count=everything if shelf.gathers_all else shelf.product_count + gathered,  # type: ignore[attr-defined]
            from_price=there[shown][1],
            currency=shown,
        )
    return found


def _of_shelf(shelf: Category, prices: Sequence[tuple[Any, ...]]) -> tuple[int, Decimal | None]:
    """How many tools a shelf gathers from others, and the lowest price of all that stands on it, of one currency."""
    own = [row for row in prices if shelf.gathers_all or row[0] == shelf.pk]
    named = [row for row in prices if row[1] == shelf.gathers_edition and row[0] != shelf.pk]
    return sum(row[2] for row in named), min((row[3] for row in own + named), default=None)


def home(shelves: Sequence[Category], currency: str) -> list[Shelf]:
    """The shelves that have products of their own, each with the first few."""
    place = Window(RowNumber(), partition_by="category", order_by=["position", "name"])
    first = Product.objects.published().annotate(place=place).filter(place__lte=ON_HOME_SHELF).with_from_price(currency)
    by_category: dict[int, list[Product]] = {}
    for product in first.defer("description", "facts", "requirements", "search"):
        by_category.setdefault(product.category_id, []).append(product)
    return [
        Shelf(category, by_category[category.pk], category.product_count)  # type: ignore[attr-defined]
        for category in shelves
        if category.pk in by_category
    ]


def news(currency: str) -> ProductChange | None:
    """The newest change of a product that has a drawing, with that product and its lowest price; None without one."""
    shown = ProductChange.objects.filter(product__is_published=True).exclude(product__drawing="")
    return shown.annotate(**from_price("product", currency)).select_related("product").first()


def page_of(category: Category, number: int, currency: str) -> Page[Product]:
    """One page of a shelf. Raises EmptyPage when the number is too high."""
    products = Product.objects.published().on_shelf(category).with_from_price(currency, category.gathers_edition)
    return Paginator(products.defer("description", "facts", "requirements", "search"), ON_PAGE).page(number)


def product(slug: str) -> Product:
    """A product, withdrawn ones included, with its category and its changes. Raises Product.DoesNotExist."""
    return Product.objects.select_related("category").prefetch_related("changes").defer("search").get(slug=slug)


def offers(product: Product, currency: str) -> list[Offer]:
    """What can be bought of a product, in the order of its editions; nothing of a withdrawn one.

    Each in `currency`, or in the shop's own where it has no price in that one. Nothing is converted.
    """
    if not product.is_published:
        return []
    own = settings.STORE_CURRENCY
    priced = product.editions.filter(is_offered=True).annotate(asked=_amount(currency), own=_amount(own))
    editions = list(priced.exclude(asked=None, own=None))
    words = stock_words.of(editions)
    return [
        Offer(edition, edition.own, own, words[edition.pk])
        if edition.asked is None
        else Offer(edition, edition.asked, currency, words[edition.pk])
        for edition in editions
    ]


def _amount(currency: str) -> Subquery:
    return Subquery(Price.objects.filter(edition=OuterRef("pk"), currency=currency).values("amount"))


def currencies() -> list[str]:
    """The currencies in which a visitor can see prices: those of the settings that have any, the shop's own first."""
    priced = set(Price.objects.filter(edition__is_offered=True).values_list("currency", flat=True).distinct())
    own = settings.STORE_CURRENCY
    return [own, *(each for each in settings.STORE_CURRENCIES if each in priced and each != own)]


def comparison(offers: Sequence[Offer]) -> list[tuple[str, list[str]]]:
    """Every feature that an edition names, with each edition's figure in their order; empty where it says nothing."""
    tables = [dict(offer.edition.features) for offer in offers]
    statements = dict.fromkeys(statement for table in tables for statement in table)
    return [(statement, [table.get(statement, "") for table in tables]) for statement in statements]
