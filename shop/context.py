"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def shop(request: HttpRequest) -> dict[str, object]:
    """Names of the shop; nothing about the visitor, because pages are kept for everybody."""
    return {"store_name": settings.STORE_NAME, "support_email": settings.SUPPORT_EMAIL, "site_url": settings.SITE_URL}
