import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template.loader import get_template
from django.test import Client

from shop import location
from shop.demo.catalog import PRODUCTS
from shop.models import Coupon, Edition, Page, PageVersion, Price, Product, ProductChange

pytestmark = pytest.mark.django_db


def test_the_demo_has_12_products_complete() -> None:
    call_command("demo_catalog")
    assert Product.objects.count() == len(PRODUCTS) == 12
    assert Edition.objects.count() == sum(len(product.editions) for product in PRODUCTS)
    assert Price.objects.count() == 3 * Edition.objects.count()
    assert list(Coupon.objects.values_list("code", "percent")) == [("WELCOME-10", 10)]
    assert ProductChange.objects.count() == sum(len(product.changes) for product in PRODUCTS)
    assert set(Edition.objects.values_list("sold_per", flat=True)) == {"license", "seat"}
    assert set(Edition.objects.values_list("key_source", flat=True)) == {"generated", "pool"}
    for product in Product.objects.all():
        product.full_clean()
        get_template(f"shop/drawings/{product.drawing}.html")
    for edition in Edition.objects.all():
        edition.full_clean()


def test_a_second_load_changes_nothing_that_somebody_changed() -> None:
    call_command("demo_catalog")
    Product.objects.filter(slug="gridtrace").update(name="My own")
    call_command("demo_catalog")
    assert (Product.objects.count(), Product.objects.get(slug="gridtrace").name) == (12, "My own")
    assert sorted(PageVersion.objects.filter(number__gt=0).values_list("page__slug", "number")) == [
        ("contact", 1),
        ("imprint", 1),
        ("terms", 1),
    ]


def test_reset_loads_the_demo_anew() -> None:
    call_command("demo_catalog")
    Product.objects.filter(slug="gridtrace").update(name="My own")
    call_command("demo_catalog", reset=True)
    assert (Product.objects.count(), Product.objects.get(slug="gridtrace").name) == (12, "Gridtrace")


def test_any_number_of_products_can_be_made() -> None:
    call_command("demo_catalog", size=30)
    assert (Product.objects.count(), Product.objects.filter(name__endswith=" 2").count()) == (30, 6)
    assert Product.objects.get(slug="gridtrace-1").drawing == "gridtrace"


def test_the_texts_name_this_shop_and_the_imprint_says_that_it_is_a_demo() -> None:
    call_command("demo_catalog")
    texts = dict(PageVersion.objects.order_by("number").values_list("page__slug", "body"))
    assert set(texts) == set(Page.objects.values_list("slug", flat=True)) == {"terms", "imprint", "contact"}
    for text in texts.values():
        assert settings.SUPPORT_EMAIL in text
        assert "$" not in text
    assert settings.STORE_NAME in texts["terms"]
    assert "demonstration shop" in texts["imprint"]
    named = re.findall(r"^(?!#|This|E-mail).+$", texts["imprint"], re.MULTILINE)
    assert [line for line in named if "placeholder" not in line] == []


def test_texts_are_written_plainly() -> None:
    for name in ("terms", "imprint", "contact"):
        assert "!" not in (Path(settings.BASE_DIR) / "shop" / "demo" / f"{name}.txt").read_text()


@pytest.mark.parametrize(
    ("country", "price"), [("DE", "€149.00"), ("US", "$139.00"), ("GB", "£109.00"), ("CH", "€125.21")]
)
def test_each_visitor_sees_a_price_that_a_manager_set(client: Client, country: str, price: str) -> None:
    call_command("demo_catalog")
    client.cookies["place"] = f"{country}.{location.currency_of(country)}"
    assert price in client.get("/p/gridtrace/").content.decode()
