"""Roles: what Administrators, Shop Managers and Support may do (P9). docs/roles.md says the same in words.

They are made after every migrate, not by a migration: what a migration makes vanishes at the first flush of a test
database. Whatever was ticked by hand is put right again: this table is the truth.
"""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.models import Group, Permission
from django.db import DEFAULT_DB_ALIAS, router

ADMINISTRATOR, SHOP_MANAGER, SUPPORT = "Administrator", "Shop Manager", "Support"

# Permissions by app, each an action and its model.
_SHOP_MANAGER = {
    "shop": (
        "view_category add_category change_category delete_category "
        "view_product add_product change_product "
        "view_productchange add_productchange change_productchange delete_productchange "
        "view_edition add_edition change_edition "
        "view_price add_price change_price delete_price "
        "view_coupon add_coupon change_coupon "
        "view_couponamount add_couponamount change_couponamount delete_couponamount "
        "view_page add_page change_page view_pageversion "
        "view_taxscheme add_taxscheme change_taxscheme delete_taxscheme "
        "view_order view_orderparty hold_order release_order cancel_order resend_order ask_vies_order "
        "view_accountingdocument view_post moderate_post"
    ),
    "accounts": (
        "view_case handle_case view_cannedanswer add_cannedanswer change_cannedanswer delete_cannedanswer "
        "view_user view_license view_licensekey view_keypool import_keypool void_keypool view_logo decide_logo"
    ),
    "payments": (
        "view_attempt record_attempt view_refund request_refund repeat_refund record_refund "
        "view_dispute view_statement view_webhookevent "
        "view_fraudassessment view_fraudrules add_fraudrules change_fraudrules delete_fraudrules"
    ),
    "privacy": (
        "view_alert change_alert view_outgoingmail change_outgoingmail view_mailwording change_mailwording "
        "view_policyversion "
        "view_deletionrequest add_deletionrequest handle_deletionrequest approve_deletionrequest"
    ),
}
#: Support sees a customer through a case, which it answers, or a request for deletion, which it carries out (P9a).
_SUPPORT = {
    "accounts": "view_case handle_case view_cannedanswer",
    "privacy": "view_deletionrequest add_deletionrequest handle_deletionrequest approve_deletionrequest",
}
_ADMINISTRATOR_TOO = {
    "accounts": "add_user change_user",
    "auth": "view_group",
    "privacy": "view_processing_record add_export view_export view_look view_legalhold place_legalhold lift_legalhold",
}


def _names(*tables: dict[str, str]) -> frozenset[str]:
    return frozenset(f"{app}.{name}" for table in tables for app, names in table.items() for name in names.split())


#: Permissions (`app.codename`) by the name of the role.
ROLES = {
    ADMINISTRATOR: _names(_SHOP_MANAGER, _ADMINISTRATOR_TOO),
    SHOP_MANAGER: _names(_SHOP_MANAGER),
    # Sees the start page; orders and customers only through a case or a deletion request.
    SUPPORT: _names(_SUPPORT),
}


def make_roles(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **_options: Any) -> None:
    """After an app was migrated: makes the roles, and gives each exactly its permissions of this app."""
    if not router.allow_migrate_model(using, Group):
        return
    groups = Group.objects.using(using)
    of_app = Permission.objects.using(using).filter(content_type__app_label=sender.label)
    by_name = {permission.codename: permission for permission in of_app}
    for role, names in ROLES.items():
        group, _ = groups.get_or_create(name=role)
        wanted = {by_name[name] for app, name in (full.split(".") for full in names) if app == sender.label}
        held = set(group.permissions.filter(content_type__app_label=sender.label))
        group.permissions.remove(*(held - wanted))
        group.permissions.add(*(wanted - held))
