"""The catalog: categories, products, their editions and prices, and what changed in each version."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Upper
from django.db.models.lookups import GreaterThanOrEqual
from django.urls import reverse

from shop.models.shown import ShownQuerySet

MARK = r"^[.xoa]{25}$"


class Category(models.Model):
    """A shelf of the shop. `code` is the five letters that it has in the key navigation of the home page.

    Its products stand on it; so do those that have an edition of the name in `gathers_edition` (a shelf of suites), and
    every product where `gathers_all` says so (a shelf of trials).
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    code = models.CharField(max_length=5, validators=[RegexValidator(r"^[A-Z]{5}$", "Five capital letters.")])
    intro = models.CharField(max_length=200, blank=True)
    gathers_edition = models.CharField(
        max_length=60, blank=True, help_text="Tools with an edition of this name stand here too."
    )
    gathers_all = models.BooleanField(default=False, help_text="Every tool stands here too.")
    position = models.PositiveSmallIntegerField(default=0)

    objects = ShownQuerySet["Category"].as_manager()

    class Meta:
        ordering: ClassVar = ["position", "name"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("category", args=[self.slug])


class ProductQuerySet(ShownQuerySet["Product"]):
    """Products, and what is said about them in a list."""

    def published(self) -> Self:
        """Those that are sold; withdrawn ones stay in the table for the orders that name them."""
        return self.filter(is_published=True)

    def on_shelf(self, category: "Category") -> Self:
        """Those of a category, and those that it gathers from the others."""
        if category.gathers_all:
            return self
        if not category.gathers_edition:
            return self.filter(category=category)
        named = Edition.objects.filter(product=OuterRef("pk"), is_offered=True, name=category.gathers_edition)
        return self.filter(Q(category=category) | Exists(named))

    def with_from_price(self, currency: str, edition_name: str = "") -> Self:
        """Each with `from_price`: its lowest price in `currency`, as stored, or None where nothing is offered.

        Where it has none in that currency, it is the one in the shop's own; `from_currency` says which. With
        `edition_name`, the editions of that name decide where a product has one.
        """
        return self.annotate(**from_price("pk", currency, edition_name))


def from_price(product: str, currency: str, edition_name: str = "") -> dict[str, Any]:
    """The two annotations of `with_from_price`; `product` is the path to its id."""
    own = lowest_price(product, settings.STORE_CURRENCY, edition_name)
    if currency == settings.STORE_CURRENCY:
        return {"from_price": own, "from_currency": Value(currency)}
    asked = lowest_price(product, currency, edition_name)
    which = Case(
        When(GreaterThanOrEqual(asked, Value(0)), then=Value(currency)), default=Value(settings.STORE_CURRENCY)
    )
    return {"from_price": Coalesce(asked, own), "from_currency": which}


def lowest_price(product: str, currency: str, edition_name: str = "") -> Subquery:
    """The lowest price of what is offered of a product, as stored; `product` is the path to its id."""
    offered = Price.objects.filter(edition__product=OuterRef(product), edition__is_offered=True, currency=currency)
    named_first = Case(When(edition__name=edition_name, then=0), default=1)
    return Subquery(offered.order_by(named_first, "amount").values("amount")[:1])


class Product(models.Model):
    """A piece of software that is sold. Withdrawn ones stay, for the orders that name them.

    `mark` is the drawn sign: 25 cells, row by row, `.` empty, `x` dark, `o` light, `a` accent. `facts` and
    `requirements` are lists of pairs, a statement and its figure.
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    tagline = models.CharField(max_length=160)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    mark = models.CharField(max_length=25, validators=[RegexValidator(MARK, "25 cells of . x o a.")])
    description = models.TextField()
    facts = models.JSONField(default=list, blank=True)
    requirements = models.JSONField(default=list, blank=True)
    drawing = models.SlugField(blank=True, help_text="Name of the drawn screenshot in templates/shop/drawings.")
    is_published = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)
    search = models.GeneratedField(
        expression=SearchVector("name", weight="A", config="english")
        + SearchVector("tagline", weight="B", config="english")
        + SearchVector("description", weight="C", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "name"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(mark__regex=MARK), name="product_mark_has_25_cells"),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["search"], name="product_search"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="product_name_trigrams"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("product", args=[self.slug])


class ProductChange(models.Model):
    """A line of the changelog."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="changes")
    version = models.CharField(max_length=20)
    released_on = models.DateField()
    text = models.CharField(max_length=300)

    objects = ShownQuerySet["ProductChange"].as_manager()

    class Meta:
        ordering: ClassVar = ["-released_on", "-id"]

    def __str__(self) -> str:
        return self.version


class Edition(models.Model):
    """What a customer chooses: a product with a term, seats and a price.

    Sold *per license*, each is a unit with a key of its own; sold *per seat*, one key is good for the number of seats
    bought, between `seats_min` and `seats_max`. `term_months` is empty where the license has no end.
    """

    class SoldPer(models.TextChoices):
        LICENSE = "license", "license"
        SEAT = "seat", "seat"

    class KeySource(models.TextChoices):
        GENERATED = "generated", "made when sold"
        POOL = "pool", "imported pool"

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="editions")
    sku = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    summary = models.CharField(max_length=160, blank=True)
    sold_per = models.CharField(max_length=10, choices=SoldPer, default=SoldPer.LICENSE)
    seats = models.PositiveIntegerField(default=1, help_text="Seats of one license; for 'per seat' 1.")
    quantity_min = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    devices = models.PositiveIntegerField(default=1, help_text="Devices a seat may be used on.")
    term_months = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: no end.")
    key_source = models.CharField(max_length=10, choices=KeySource, default=KeySource.GENERATED)
    low_pool_at = models.PositiveIntegerField(default=10, help_text="Warn when fewer keys are left (pools only).")
    features = models.JSONField(default=list, blank=True, help_text="Pairs of a statement and yes, no or a figure.")
    is_offered = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = ShownQuerySet["Edition"].as_manager()

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(seats__gte=1) & Q(quantity_min__gte=1) & Q(devices__gte=1), name="edition_counts_from_one"
            ),
            models.CheckConstraint(
                condition=~Q(sold_per="seat") | Q(seats=1), name="edition_per_seat_counts_seats_by_quantity"
            ),
            models.CheckConstraint(
                condition=Q(term_months__isnull=True) | Q(term_months__gte=1), name="edition_term_from_one_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.name}"


class Price(models.Model):
    """The price of one license or one seat in one currency, with the tax or without it as the tax scheme says."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="prices")
    currency = models.CharField(
        max_length=3, default="EUR", validators=[RegexValidator(r"^[A-Z]{3}$", "Three capital letters.")]
    )
    amount = models.DecimalField(max_digits=12, decimal_places=3)

    objects = ShownQuerySet["Price"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "currency"], name="price_one_per_currency"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
