"""Addresses of the shop."""

from django.urls import path

from shop.styleguide import styleguide
from shop.views import cart, catalog, checkout, consent, fragments, orders, pages, place, policy

urlpatterns = [
    path("", catalog.home, name="home"),
    path("c/<slug:slug>/", catalog.category, name="category"),
    path("p/<slug:slug>/", catalog.product, name="product"),
    path("place/", place.page, name="place"),
    path("place/choose/", place.choose, name="place_choose"),
    path("search/", catalog.search, name="search"),
    path("cart/", cart.show, name="cart"),
    path("cart/drawer/", cart.drawer, name="cart_drawer"),
    path("cart/add/", cart.add, name="cart_add"),
    path("cart/change/", cart.change, name="cart_change"),
    path("cart/remove/", cart.remove, name="cart_remove"),
    path("cart/empty/", cart.empty, name="cart_empty"),
    path("checkout/", checkout.page, name="checkout"),
    path("find-order/", orders.find, name="find_order"),
    path("order/<str:token>/", orders.show, name="order"),
    path("order/<str:token>/e-mail/", orders.correct_email, name="order_correct_email"),
    path("order/<str:token>/link/", orders.renew_link, name="order_renew_link"),
    path("order/<str:token>/receipts/<str:label>/", orders.receipt, name="order_receipt"),
    path("order/<str:token>/back-to-cart/", orders.back_to_cart, name="order_back_to_cart"),
    path("pages/<slug:slug>/", pages.page, name="page"),
    path("privacy/", policy.in_force, name="policy"),
    path("privacy/policy.json", policy.as_json, name="policy_json"),
    path("privacy/versions/", policy.versions, name="policy_versions"),
    path("privacy/versions/<int:number>/", policy.version, name="policy_version"),
    path("cookies/", consent.cookies_page, name="cookies"),
    path("consent/", consent.answer, name="consent"),
    path("recently-viewed/clear/", consent.clear_viewed, name="recently_viewed_clear"),
    path("fragments/header/", fragments.header, name="header_fragment"),
    path("sitemap.xml", pages.sitemap, name="sitemap"),
    path("robots.txt", pages.robots, name="robots"),
    path("healthz", pages.healthz, name="healthz"),
    path("readyz", pages.readyz, name="readyz"),
    path("styleguide/", styleguide, name="styleguide"),
]
