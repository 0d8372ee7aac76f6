"""A fresh shop has terms, imprint and contact, which say that they are still to be written."""

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection
from django.test import Client

from shop import page_drafts, pages
from shop.checks import pages_are_written
from shop.demo.load import load
from shop.models import Order, Page, PageVersion
from tests.shop import goods

pytestmark = pytest.mark.django_db
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
DRAFT_WORDS = "the owner of this shop has still to write it"


def warnings() -> list[str]:
    return [found.msg for found in run_checks(databases=["default"]) if found.id == "shop.W001"]


@pytest.mark.parametrize("slug", ["terms", "imprint", "contact"])
def test_a_fresh_shop_has_the_page_and_says_that_it_is_not_written(client: Client, slug: str) -> None:
    response = client.get(f"/pages/{slug}/")
    assert (response.status_code, DRAFT_WORDS in response.content.decode()) == (200, True)


def test_a_fresh_shop_names_the_pages_in_its_checks_until_they_are_written() -> None:
    rest = "isn't written yet: visitors read that the shop's owner has still to write it."
    assert warnings() == [f"The page “{title}” {rest}" for title in ("Terms of sale", "Imprint", "Contact")]
    pages.publish("imprint", "Who we are", "We.")
    assert warnings() == [f"The page “{title}” {rest}" for title in ("Terms of sale", "Contact")]
    load()
    assert warnings() == []


def test_the_first_text_of_the_owner_is_version_1_and_stays() -> None:
    assert pages.publish("terms", "Terms", "Ours.").number == 1
    call_command("migrate", verbosity=0)
    assert (pages.current("terms").body, Page.objects.get(slug="terms").title) == ("Ours.", "Terms")
    assert PageVersion.objects.filter(page__slug="terms").count() == 2


def test_a_migrate_brings_back_what_is_missing() -> None:
    Page.objects.get(slug="contact").versions.all().delete()
    PageVersion.objects.filter(page__slug="terms").delete()
    Page.objects.get(slug="terms").delete()
    call_command("migrate", verbosity=0)
    assert list(page_drafts.unwritten()) == ["terms", "imprint", "contact"]
    assert [pages.current(slug).number for slug in page_drafts.TITLES] == [0, 0, 0]


def test_before_the_first_migrate_the_check_says_nothing() -> None:
    with connection.schema_editor() as editor:
        for model in (Order, PageVersion):
            editor.alter_db_table(model, model._meta.db_table, f"{model._meta.db_table}_away")
    assert pages_are_written(databases=["default"]) == []


@pytest.mark.django_db(transaction=True)
def test_a_flush_leaves_the_pages_in_place() -> None:
    call_command("flush", interactive=False, verbosity=0)
    assert [pages.current(slug).number for slug in page_drafts.TITLES] == [0, 0, 0]


def test_the_checkout_of_a_fresh_shop_opens(client: Client) -> None:
    client.post("/cart/add/", {"edition": goods.edition().sku, "quantity": 1}, headers=OWN_PAGE)
    response = client.get("/checkout/")
    assert (response.status_code, response.context["terms"].number) == (200, 0)


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_terms_the_checkout_says_so_and_keeps_the_cart(client: Client, method: str) -> None:
    client.post("/cart/add/", {"edition": goods.edition().sku, "quantity": 1}, headers=OWN_PAGE)
    PageVersion.objects.all().delete()
    said = {"token": "0b0c3f0c-2f0e-4a36-8e1a-0a4d8d1f3a11", "country": "DE"} if method == "post" else {}
    response = getattr(client, method)("/checkout/", said, follow=True)
    assert response.redirect_chain == [("/cart/", 302)]
    assert "You can&#x27;t order yet: the terms of sale aren&#x27;t there." in response.content.decode()
    assert (len(response.context["cart"].lines), Order.objects.count()) == (1, 0)
