"""Addresses of payments: webhooks, the way back from a provider's page, and paying again."""

from django.urls import path, re_path

from payments import providers, views

PROVIDER = f"(?P<provider>{'|'.join(one.name for one in providers.everyone() if one.return_query)})"
LINK = r"(?P<token>[\w-]{1,64})"

urlpatterns = [
    *(
        path(f"webhooks/{one.name}/", views.webhook, {"provider": one.name}, name=f"{one.name}_webhook")
        for one in providers.everyone()
        if one.sends_webhooks
    ),
    re_path(rf"^return/{PROVIDER}/{LINK}/$", views.back, name="payment_return"),
    re_path(rf"^cancel/{PROVIDER}/{LINK}/$", views.turned_back, name="payment_cancel"),
    path("pay/<str:token>/", views.pay_again, name="pay_again"),
]
