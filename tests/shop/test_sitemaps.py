import re
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.test import Client

from shop import page_drafts, pages
from shop.demo.load import load
from shop.models import Product

pytestmark = pytest.mark.django_db


def addresses(client: Client) -> list[str]:
    root = ElementTree.fromstring(client.get("/sitemap.xml", HTTP_HOST="localhost").content)
    return [element.text or "" for element in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


def test_the_sitemap_names_every_page_under_the_shops_own_address(client: Client) -> None:
    load()
    Product.objects.filter(slug="jobwatch").update(is_published=False)
    products = sorted(Product.objects.published().values_list("slug", flat=True))
    found = addresses(client)
    assert [address for address in found if "/p/" not in address] == [
        "http://testserver/",
        "http://testserver/privacy/",
        *(f"http://testserver/c/{slug}/" for slug in ("excel", "sql-server", "azure", "suites", "trials")),
        *(f"http://testserver/pages/{slug}/" for slug in ("contact", "imprint", "terms")),
    ]
    assert sorted(address for address in found if "/p/" in address) == [
        f"http://testserver/p/{slug}/" for slug in products
    ]


def test_every_address_of_the_sitemap_answers(client: Client) -> None:
    load()
    paths = [address.removeprefix("http://testserver") for address in addresses(client)]
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


def test_pages_that_nobody_wrote_yet_are_not_listed(client: Client) -> None:
    page_drafts.make_drafts(apps.get_app_config("shop"))
    assert client.get("/pages/terms/").status_code == 200
    assert [address for address in addresses(client) if "/pages/" in address] == []
    for text in ("Of sale.", "Of sale, and more."):
        pages.publish("terms", "Terms of sale", text)
        assert [address for address in addresses(client) if "/pages/" in address] == ["http://testserver/pages/terms/"]


def test_products_say_when_they_changed(client: Client) -> None:
    load()
    body = client.get("/sitemap.xml").content.decode()
    assert len(re.findall(r"<lastmod>\d{4}-\d\d-\d\d</lastmod>", body)) == 12
