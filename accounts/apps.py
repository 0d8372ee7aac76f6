"""People: users, addresses, licenses and their keys."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from accounts import key_pools, signals  # noqa: F401  (connects itself)
        from shop import stock

        stock.register(key_pools.left)
