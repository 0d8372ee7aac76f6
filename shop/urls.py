"""Addresses of the shop."""

from django.urls import path

from shop.views import cart, checkout, orders

urlpatterns = [
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
    path("order/<str:token>/back-to-cart/", orders.back_to_cart, name="order_back_to_cart"),
]
