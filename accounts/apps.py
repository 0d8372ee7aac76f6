"""People: users, addresses, licenses and their keys."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from accounts import (  # noqa: F401  (most register themselves)
            alert_mails,
            branding,
            branding_panels,
            deletion_letters,
            export_mails,
            key_cards,
            key_pools,
            license_mails,
            openers,
            roles,
            signals,
            sitemaps,
            unused_mails,
        )
        from accounts.branding import mails as branding_mails  # noqa: F401
        from accounts.cases import mailbox, mails, order_panel  # noqa: F401
        from shop import stock

        stock.register(key_pools)
        post_migrate.connect(roles.make_roles)
