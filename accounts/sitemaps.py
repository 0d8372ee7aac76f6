"""The pages “Trusted by” in the sitemap, as far as they show anybody."""

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from accounts.models import Logo
from shop.models import Product
from shop.sitemaps import SITEMAPS, ShopSitemap


class TrustedBy(ShopSitemap):
    """One page for each product that a company named."""

    def items(self) -> QuerySet[Product]:
        shown = Logo.objects.filter(products=OuterRef("pk"), state=Logo.State.PUBLISHED)
        return Product.objects.published().filter(Exists(shown)).only("slug").order_by("pk")

    def location(self, item: Product) -> str:
        return reverse("trusted_by_product", args=[item.slug])


SITEMAPS["trusted-by"] = TrustedBy
