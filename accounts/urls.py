"""Addresses of the account, of license keys and of requests; those of signing in are allauth's."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from accounts.views import branding, data, keys, license_claims, people, portal, posts, request_pages, requests


class OrderNumber(StringConverter):
    """What an order's number looks like: 20 characters are kept of it. Anything else is no address here."""

    regex = "AO-[0-9]{1,17}"


class RequestKind(StringConverter):
    """What can be asked about an order."""

    regex = "withdrawal|refund|complaint"


register_converter(OrderNumber, "order_number")
register_converter(RequestKind, "request_kind")

urlpatterns = [
    path("", portal.overview, name="account"),
    path("orders/", portal.order_list, name="account_orders"),
    path("orders/<order_number:number>/", portal.order, name="account_order"),
    path("orders/<order_number:number>/receipts/<str:label>/", portal.receipt, name="account_receipt"),
    path("orders/<order_number:number>/keys/", keys.open_all_of_own_order, name="account_open_keys"),
    path("orders/<order_number:number>/keys/<int:key_id>/", keys.open_of_own_order, name="account_open_key"),
    path("orders/<order_number:number>/requests/<request_kind:kind>/", requests.of_own_order, name="account_request"),
    path("requests/", requests.own_list, name="account_requests"),
    path("licenses/", portal.license_list, name="account_licenses"),
    path("licenses/add/", license_claims.add, name="account_license_add"),
    path("licenses/<int:license_id>/", portal.license_page, name="account_license"),
    path("licenses/<int:license_id>/key/", keys.open_of_license, name="account_open_license"),
    path("keys/<str:token>/", keys.open_all_by_link, name="open_keys"),
    path("keys/<str:token>/<int:key_id>/", keys.open_by_link, name="open_key"),
    path("profile/", people.profile, name="account_profile"),
    path("addresses/", people.address_list, name="account_addresses"),
    path("addresses/new/", people.address_form, name="account_address_add"),
    path("addresses/<int:address_id>/", people.address_form, name="account_address"),
    path("addresses/<int:address_id>/delete/", people.address_delete, name="account_address_delete"),
    path("devices/", people.device_list, name="account_devices"),
    path("data/", data.overview, name="account_data"),
    path("data/looks/", data.look_list, name="account_looks"),
    path("data/exports/", data.ask_for_export, name="account_export_ask"),
    path("data/exports/<str:token>/", data.export, name="account_export"),
    path("data/exports/<str:token>/file/", data.export_file, name="account_export_file"),
    path("data/deletion/", data.ask_for_deletion, name="account_ask_for_deletion"),
    path("consents/", data.consent_list, name="account_consents"),
    path("consents/<slug:slug>/withdraw/", data.withdraw_consent, name="account_consent_withdraw"),
    path("reviews/", posts.own, name="account_posts"),
    path("reviews/invitations/", posts.choose_invitations, name="account_invitations"),
    path("reviews/<int:author_id>/", posts.change, name="account_post"),
    path("reviews/<int:author_id>/remove/", posts.remove, name="account_post_remove"),
    path("logo/", branding.logo_page, name="account_logo"),
    path("logo/picture/", branding.own_picture, name="account_logo_picture"),
    path("logo/withdraw/", branding.withdraw, name="account_logo_withdraw"),
    path("logo/leave/", branding.leave, name="account_logo_leave"),
    path("logo/colleague/", branding.invite, name="account_logo_invite"),
    path("logo/colleagues/<int:user_id>/remove/", branding.remove_colleague, name="account_logo_remove"),
    path("logo/join/<str:token>/", branding.join, name="account_logo_join"),
    path("close/", people.close, name="account_close"),
]

#: Addresses of requests, which need no account.
request_patterns = [
    path("", requests.ask, name="requests"),
    path("withdrawal/", requests.withdraw, name="withdraw"),
    path("order/<str:token>/<request_kind:kind>/", requests.of_order, name="order_request"),
    path("<str:token>/", request_pages.page, name="request"),
    path("<str:token>/files/<int:file_id>/", request_pages.file, name="request_file"),
]
