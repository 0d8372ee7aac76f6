"""People: users, addresses, licenses and their keys."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from accounts import key_cards, key_pools, license_mails, roles, signals  # noqa: F401  (two register themselves)
        from shop import stock

        stock.register(key_pools.left)
        post_migrate.connect(roles.make_roles)
