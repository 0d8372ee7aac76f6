"""The catalog on the desk: what is typed, what is refused beside its field, and that nothing is deleted."""

from decimal import Decimal

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from privacy import page_version
from shop.admin.pairs import PairsField
from shop.models import Category, Edition, Price, Product
from tests import desk
from tests.shop import goods

pytestmark = pytest.mark.django_db
MARK = "x.o.a" * 5


@pytest.fixture
def manager() -> Client:
    return desk.at_desk("Shop Manager")


@pytest.fixture
def edition() -> Edition:
    return goods.edition("149.00", sku="tool-pro")


def page(row: Product | Edition | Category) -> str:
    return reverse(f"admin:shop_{row._meta.model_name}_change", args=[row.pk])


def rows(prefix: str, *typed: dict[str, object], initial: int = 0) -> dict[str, object]:
    """The form data of an inline."""
    said: dict[str, object] = {f"{prefix}-TOTAL_FORMS": len(typed), f"{prefix}-INITIAL_FORMS": initial}
    for place, values in enumerate(typed):
        said |= {f"{prefix}-{place}-{name}": value for name, value in values.items()}
    return said


def product_data(**changes: object) -> dict[str, object]:
    shelf, _ = Category.objects.get_or_create(slug="excel", defaults={"name": "Excel", "code": "EXCEL"})
    said = {
        "name": "Gridtrace",
        "slug": "gridtrace",
        "tagline": "Traces figures.",
        "category": shelf.pk,
        "is_published": "on",
        "position": 1,
        "description": "It traces.",
        "facts": "Formulas traced | 120,000 in 6.2 s\n\n Languages|16 ",
        "requirements": "",
        "mark": MARK,
        "drawing": "",
    }
    return said | rows("editions") | rows("changes") | changes


def edition_data(edition: Edition, **changes: object) -> dict[str, object]:
    said = {
        "product": edition.product_id,
        "name": edition.name,
        "summary": "",
        "is_offered": "on",
        "position": 0,
        "sold_per": "license",
        "seats": 1,
        "quantity_min": 1,
        "devices": 1,
        "term_months": "",
        "key_source": "generated",
        "low_pool_at": 10,
        "features": "Updates | yes",
    }
    price = {"id": edition.prices.get().pk, "edition": edition.pk, "currency": "EUR", "amount": "149.00"}
    return said | rows("prices", price, initial=1) | changes


def errors(response: HttpResponse) -> list[str]:
    """What the forms of the page object to."""
    forms = [response.context["adminform"].form]
    forms += [form for inline in response.context["inline_admin_formsets"] for form in inline.formset.forms]
    return [str(error) for form in forms for found in form.errors.values() for error in found]


def test_a_product_is_made_with_its_editions_and_changelog(manager: Client) -> None:
    said = product_data()
    said |= rows(
        "editions", {"name": "Team", "sku": "gridtrace-team", "sold_per": "seat", "is_offered": "on", "position": 0}
    )
    said |= rows("changes", {"version": "1.0", "released_on": "2026-11-01", "text": "First."})
    assert manager.post("/admin/shop/product/add/", said).status_code == 302
    product = Product.objects.get(slug="gridtrace")
    assert (product.facts, product.requirements) == (
        [["Formulas traced", "120,000 in 6.2 s"], ["Languages", "16"]],
        [],
    )
    assert list(product.editions.values_list("sku", "sold_per", "seats")) == [("gridtrace-team", "seat", 1)]
    assert list(product.changes.values_list("version", "text")) == [("1.0", "First.")]


def test_a_line_that_is_no_pair_is_named(manager: Client) -> None:
    response = manager.post("/admin/shop/product/add/", product_data(facts="One | 1\nTwo\n| 3", mark="y" * 25))
    assert errors(response) == [
        "Line 2: write a statement, the sign | and its figure.",
        "Line 3: write a statement, the sign | and its figure.",
        "25 cells of . x o a.",
    ]
    assert "One | 1\nTwo\n| 3" in response.content.decode()


def test_pairs_are_shown_as_they_are_typed(manager: Client) -> None:
    edition = goods.edition(features=[["Updates", "yes"], ["Report", "no"]])
    assert "Updates | yes\nReport | no" in manager.get(page(edition)).content.decode()
    field = PairsField()
    assert field.has_changed([["Updates", "yes"]], " Updates|yes \n\n") is False
    assert field.has_changed([["Updates", "yes"]], "Updates | no") is True
    assert field.has_changed([], "nonsense") is True


def test_addresses_and_numbers_stay_as_they_were_first_given(manager: Client, edition: Edition) -> None:
    product = edition.product
    manager.post(page(product), product_data(name="Renamed", slug="other", category=product.category_id))
    manager.post(page(edition), edition_data(edition, sku="other", name="Renamed"))
    assert (Product.objects.get().name, Product.objects.get().slug) == ("Renamed", product.slug)
    assert Edition.objects.values_list("name", "sku").get() == ("Renamed", "tool-pro")
    inline = {
        "id": edition.pk,
        "product": product.pk,
        "name": "Again",
        "sku": "other",
        "sold_per": "license",
        "position": 0,
    }
    manager.post(page(product), product_data() | rows("editions", inline, initial=1))
    assert Edition.objects.values_list("name", "sku").get() == ("Again", "tool-pro")


@pytest.mark.parametrize(
    ("amount", "currency", "sentence"),
    [
        ("-1", "EUR", "A price can't be less than zero."),
        ("149.999", "EUR", "EUR has no amounts that small: 150.00 is the nearest."),
        ("100.5", "JPY", "JPY has no amounts that small: 101 is the nearest."),
        ("1e10", "EUR", "Ensure that there are no more than 9 digits before the decimal point."),
        ("abc", "EUR", "Enter a number."),
        ("1", "eur", "Three capital letters."),
    ],
)
def test_a_price_that_cant_be_paid_is_refused(
    manager: Client, edition: Edition, amount: str, currency: str, sentence: str
) -> None:
    changes = {"prices-0-amount": amount, "prices-0-currency": currency}
    assert errors(manager.post(page(edition), edition_data(edition, **changes))) == [sentence]
    assert Price.objects.get().amount == Decimal("149.00")


def test_a_price_is_shown_in_its_currencys_own_digits(manager: Client, edition: Edition) -> None:
    assert 'value="149.00"' in manager.get(page(edition)).content.decode()


def test_sold_per_seat_an_edition_has_one_seat(manager: Client, edition: Edition) -> None:
    response = manager.post(page(edition), edition_data(edition, sold_per="seat", seats=5, term_months=0))
    assert errors(response) == [
        "An edition that is sold per seat has 1 seat; the buyer chooses how many.",
        "Leave this empty for a license without an end.",
    ]


def test_products_and_editions_are_withdrawn_and_never_deleted(manager: Client, edition: Edition) -> None:
    for row in (edition.product, edition):
        assert manager.post(reverse(f"admin:shop_{row._meta.model_name}_delete", args=[row.pk])).status_code == 403
        chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        manager.post(reverse(f"admin:shop_{row._meta.model_name}_changelist"), chosen)
    assert Edition.objects.count() == 1
    manager.post(page(edition), edition_data(edition, is_offered=""))
    assert Edition.objects.get().is_offered is False


def test_a_shelf_with_products_cant_be_deleted(manager: Client, edition: Edition) -> None:
    shelf = edition.product.category
    empty = Category.objects.create(slug="empty", name="Empty", code="EMPTY")
    for row in (shelf, empty):
        manager.post(reverse("admin:shop_category_delete", args=[row.pk]), {"post": "yes"})
    assert list(Category.objects.all()) == [shelf]


def test_a_changed_price_shows_on_the_next_response(
    manager: Client, edition: Edition, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before = page_version.current()
    with django_capture_on_commit_callbacks(execute=True):
        manager.post(page(edition), edition_data(edition, **{"prices-0-amount": "99.00"}))
    assert Price.objects.get().amount == Decimal("99.00")
    assert page_version.current() != before


def test_a_products_page_runs_the_same_queries_for_1_edition_and_for_30(manager: Client, edition: Edition) -> None:
    manager.get(page(edition.product))
    for count in (0, 29):
        for number in range(count):
            Edition.objects.create(product=edition.product, sku=f"more-{number}", name="More")
        with CaptureQueriesContext(connection) as captured:
            manager.get(page(edition.product))
        assert len(captured) == 9
