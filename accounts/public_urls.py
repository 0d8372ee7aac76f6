"""Addresses of accounts that stand outside of `/account/`: pages and pictures that everybody sees."""

from django.urls import path

from accounts.views import branding

urlpatterns = [
    path("trusted-by/", branding.trusted_by, name="trusted_by"),
    path("trusted-by/<slug:slug>/", branding.trusted_by, name="trusted_by_product"),
    path("logos/<slug:name>", branding.picture, name="logo_picture"),
]
