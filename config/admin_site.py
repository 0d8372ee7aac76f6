"""The admin of the shop, as an app that Django finds in place of its own."""

from django.contrib.admin.apps import AdminConfig


class ShopAdminConfig(AdminConfig):
    """The admin with unfold's look and the shop's own rules for who may enter."""

    default_site = "accounts.staff_site.StaffSite"
