"""Addresses of the account and of license keys; those of signing in are allauth's."""

from django.urls import path

from accounts.views import keys

urlpatterns = [
    path("keys/<str:token>/", keys.open_all_by_link, name="open_keys"),
    path("keys/<str:token>/<int:key_id>/", keys.open_by_link, name="open_key"),
    path("orders/<str:number>/keys/", keys.open_all_of_own_order, name="account_open_keys"),
    path("orders/<str:number>/keys/<int:key_id>/", keys.open_of_own_order, name="account_open_key"),
    path("licenses/<int:license_id>/key/", keys.open_of_license, name="account_open_license"),
]
