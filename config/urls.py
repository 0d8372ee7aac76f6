"""Addresses of the shop. Each app names its own; what stands here is wiring."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from accounts.urls import request_patterns

handler404 = "config.errors.not_found"
handler403 = "config.errors.forbidden"
handler400 = "config.errors.bad_request"
handler500 = "config.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("account/", include("accounts.urls")),
    path("account/", include("allauth.urls")),
    path("", include("accounts.public_urls")),
    path("requests/", include(request_patterns)),
    path("payments/", include("payments.urls")),
    path("", include("privacy.urls")),
    path("", include("shop.urls")),
]
if settings.DEBUG and settings.DEV_MAIL_DIR:
    from config import dev_mail

    urlpatterns += dev_mail.urlpatterns
if settings.DEBUG and settings.MAILBOX_URL.startswith("maildir:"):
    from config import dev_support_mail

    urlpatterns += dev_support_mail.urlpatterns
