"""What every template may use."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest

from privacy import policy
from shop import catalog, prices


def shop(request: HttpRequest) -> dict[str, object]:
    """Names of the shop and its shelves; of the visitor nothing but the country, because pages are kept for everybody.

    Templates call what can be called: the shelves are read from the database when a page shows them, and not before.
    """
    shelves = cache(catalog.categories)
    shown = cache(lambda: prices.shown_to(request))
    return {
        "store_name": settings.STORE_NAME,
        "support_email": settings.SUPPORT_EMAIL,
        "site_url": settings.SITE_URL,
        "currency": lambda: shown().currency,
        "categories": shelves,
        "product_count": lambda: catalog.count_of(shelves()),
        "place": lambda: shown().place,
        "country_name": lambda: shown().country_name,
        "tax_note": lambda: shown().note,
        "policy_changed_on": lambda: policy.in_force().published_at,
    }
