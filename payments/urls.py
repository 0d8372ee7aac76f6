"""Addresses of payments: webhooks, the way back from a provider's page, and paying again."""

from django.urls import path, re_path

from payments import views

PROVIDER = r"(?P<provider>stripe|paypal)"
LINK = r"(?P<token>[\w-]{1,64})"

urlpatterns = [
    path("webhooks/stripe/", views.webhook, {"provider": "stripe"}, name="stripe_webhook"),
    path("webhooks/paypal/", views.webhook, {"provider": "paypal"}, name="paypal_webhook"),
    re_path(rf"^return/{PROVIDER}/{LINK}/$", views.back, name="payment_return"),
    re_path(rf"^cancel/{PROVIDER}/{LINK}/$", views.turned_back, name="payment_cancel"),
    path("pay/<str:token>/", views.pay_again, name="pay_again"),
]
