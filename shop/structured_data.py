"""What search engines read of a page: schema.org's Product, Offer and BreadcrumbList, for the tag of the same name.

The tag writes a data block: a browser never runs it, so `script-src` has no say about it (HTML standard, "prepare the
script element": the type isn't JavaScript).
"""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse

from shop.catalog import Offer
from shop.models import Category, Post, Product
from shop.posts.listing import Figures
from shop.prices import Prices


def absolute(path: str) -> str:
    """An address of this shop in full, as canonical links and search engines need it."""
    return f"{settings.SITE_URL}{path}"


def of_product(
    product: Product,
    offers: Sequence[Offer],
    prices: Prices,
    figures: Figures | None = None,
    reviews: Sequence[Post] = (),
) -> dict[str, object]:
    """A product with its offers at the shown prices, the reviews that its page shows, and where it stands.

    Questions have no markup: schema.org's QAPage is for a page about one question, and ours show many.
    """
    trail = [("All tools", reverse("home")), _step(product.category), (product.name, product.get_absolute_url())]
    thing: dict[str, object] = {
        "@type": "Product",
        "@id": absolute(product.get_absolute_url()),
        "url": absolute(product.get_absolute_url()),
        "name": product.name,
        "description": product.tagline,
        "category": product.category.name,
        "brand": {"@type": "Brand", "name": settings.STORE_NAME},
        "offers": [_offer(product, offer, prices) for offer in offers],
    }
    if figures is not None and figures.count:
        thing["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": str(figures.average),
            "reviewCount": figures.count,
        }
        # Google wants the name of a person at each: a review whose author left without one is counted, and not named.
        thing["review"] = [_review(post) for post in reviews if hasattr(post, "author")]
    return _graph([thing, _breadcrumbs(trail)])


def _step(category: Category) -> tuple[str, str]:
    return category.name, category.get_absolute_url()


def _offer(product: Product, offer: Offer, prices: Prices) -> dict[str, object]:
    return {
        "@type": "Offer",
        "url": absolute(product.get_absolute_url()),
        "name": offer.edition.name,
        "sku": offer.edition.sku,
        "price": str(prices.of(offer.amount, offer.currency)),
        "priceCurrency": offer.currency,
        "availability": f"https://schema.org/{'InStock' if offer.is_available else 'OutOfStock'}",
        "seller": {"@type": "Organization", "name": settings.STORE_NAME},
    }


def _review(post: Post) -> dict[str, object]:
    found: dict[str, object] = {
        "@type": "Review",
        "name": post.title,
        "reviewBody": post.text,
        "reviewRating": {"@type": "Rating", "ratingValue": post.stars},
        "author": {"@type": "Person", "name": post.name},
    }
    if post.published_at is not None:
        found["datePublished"] = post.published_at.date().isoformat()
    return found


def _breadcrumbs(trail: Sequence[tuple[str, str]]) -> dict[str, object]:
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
            for place, (name, path) in enumerate(trail, start=1)
        ],
    }


def _graph(things: Sequence[dict[str, object]]) -> dict[str, object]:
    return {"@context": "https://schema.org", "@graph": list(things)}
