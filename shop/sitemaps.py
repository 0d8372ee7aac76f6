"""The sitemap: what search engines may list, with the address under which the shop is known."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from shop.models import Category, Page, Product
from shop.page_drafts import DRAFT


class ShopSitemap(Sitemap):
    """Writes addresses under SITE_URL, whatever host the request named."""

    @property
    def protocol(self) -> str:  # type: ignore[override]
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class FixedPages(ShopSitemap):
    """Home and the privacy policy."""

    def items(self) -> list[str]:
        return ["home", "policy"]

    def location(self, item: str) -> str:
        return reverse(item)


class Categories(ShopSitemap):
    def items(self) -> QuerySet[Category]:
        return Category.objects.all()


class Products(ShopSitemap):
    def items(self) -> QuerySet[Product]:
        return Product.objects.published().only("slug", "updated_at").order_by("pk")

    def lastmod(self, item: Product) -> datetime:
        return item.updated_at


class ManagedPages(ShopSitemap):
    """Pages that somebody wrote: a draft says nothing that is worth finding."""

    def items(self) -> QuerySet[Page]:
        return Page.objects.filter(versions__number__gt=DRAFT).distinct().order_by("slug")


SITEMAPS: "dict[str, type[Sitemap[Any]] | Sitemap[Any]]" = {
    "fixed": FixedPages,
    "categories": Categories,
    "products": Products,
    "pages": ManagedPages,
}
