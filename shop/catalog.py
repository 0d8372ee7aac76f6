"""The catalog as its pages show it: shelves, lists with their lowest price, and one product with all that is known.

Every function runs the same number of queries for one product and for a thousand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Min, OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber

from privacy.prepared_queries import PreparedQuery
from shop import stock_words
from shop.models import Category, Edition, Price, Product, ProductChange
from shop.models.catalog import lowest_price

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


@dataclass(frozen=True)
class Offer:
    """An edition that is sold: its price as stored, and the word on its stock (empty where there is nothing to say)."""

    edition: Edition
    amount: Decimal
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
        Price.objects.filter(currency=currency, edition__is_offered=True, edition__product__is_published=True)
        .values(shelf=F("edition__product__category"), edition_name=F("edition__name"))
        .annotate(tools=Count("edition__product", distinct=True), lowest=Min("amount"))
    )
    prices = [(row["shelf"], row["edition_name"], row["tools"], row["lowest"]) for row in rows]
    everything = count_of(shelves)
    found = {}
    for shelf in shelves:
        own = [row for row in prices if shelf.gathers_all or row[0] == shelf.pk]
        named = [row for row in prices if row[1] == shelf.gathers_edition and row[0] != shelf.pk]
        gathered = sum(tools for _, _, tools, _ in named)
        found[shelf.pk] = ShelfFigures(
            count=everything if shelf.gathers_all else shelf.product_count + gathered,  # type: ignore[attr-defined]
            from_price=min((lowest for *_, lowest in own + named), default=None),
        )
    return found


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
    return shown.annotate(from_price=lowest_price("product", currency)).select_related("product").first()


def page_of(category: Category, number: int, currency: str) -> Page[Product]:
    """One page of a shelf. Raises EmptyPage when the number is too high."""
    products = Product.objects.published().on_shelf(category).with_from_price(currency, category.gathers_edition)
    return Paginator(products.defer("description", "facts", "requirements", "search"), ON_PAGE).page(number)


def product(slug: str) -> Product:
    """A product, withdrawn ones included, with its category and its changes. Raises Product.DoesNotExist."""
    return Product.objects.select_related("category").prefetch_related("changes").defer("search").get(slug=slug)


def offers(product: Product, currency: str) -> list[Offer]:
    """What can be bought of a product in `currency`, in the order of its editions; nothing of a withdrawn one."""
    if not product.is_published:
        return []
    price = Price.objects.filter(edition=OuterRef("pk"), currency=currency).values("amount")
    editions = list(product.editions.filter(is_offered=True).annotate(amount=Subquery(price)).exclude(amount=None))
    words = stock_words.of(editions)
    return [Offer(edition, edition.amount, words[edition.pk]) for edition in editions]


def comparison(offers: Sequence[Offer]) -> list[tuple[str, list[str]]]:
    """Every feature that an edition names, with each edition's figure in their order; empty where it says nothing."""
    tables = [dict(offer.edition.features) for offer in offers]
    statements = dict.fromkeys(statement for table in tables for statement in table)
    return [(statement, [table.get(statement, "") for table in tables]) for statement in statements]
