"""The whole table of what each role may do. A permission that isn't written here fails."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from accounts import roles

pytestmark = pytest.mark.django_db
MANAGER = [
    "accounts.add_cannedanswer",
    "accounts.change_cannedanswer",
    "accounts.decide_logo",
    "accounts.delete_cannedanswer",
    "accounts.handle_case",
    "accounts.import_keypool",
    "accounts.view_cannedanswer",
    "accounts.view_case",
    "accounts.view_keypool",
    "accounts.view_license",
    "accounts.view_licensekey",
    "accounts.view_logo",
    "accounts.view_user",
    "accounts.void_keypool",
    "payments.add_fraudrules",
    "payments.change_fraudrules",
    "payments.delete_fraudrules",
    "payments.record_attempt",
    "payments.record_refund",
    "payments.repeat_refund",
    "payments.request_refund",
    "payments.view_attempt",
    "payments.view_dispute",
    "payments.view_fraudassessment",
    "payments.view_fraudrules",
    "payments.view_refund",
    "payments.view_statement",
    "payments.view_webhookevent",
    "privacy.add_deletionrequest",
    "privacy.approve_deletionrequest",
    "privacy.change_alert",
    "privacy.change_mailwording",
    "privacy.change_outgoingmail",
    "privacy.handle_deletionrequest",
    "privacy.view_alert",
    "privacy.view_deletionrequest",
    "privacy.view_mailwording",
    "privacy.view_outgoingmail",
    "privacy.view_policyversion",
    "shop.add_category",
    "shop.add_coupon",
    "shop.add_couponamount",
    "shop.add_edition",
    "shop.add_page",
    "shop.add_price",
    "shop.add_product",
    "shop.add_productchange",
    "shop.add_taxscheme",
    "shop.ask_vies_order",
    "shop.cancel_order",
    "shop.change_category",
    "shop.change_coupon",
    "shop.change_couponamount",
    "shop.change_edition",
    "shop.change_page",
    "shop.change_price",
    "shop.change_product",
    "shop.change_productchange",
    "shop.change_taxscheme",
    "shop.delete_category",
    "shop.delete_couponamount",
    "shop.delete_price",
    "shop.delete_productchange",
    "shop.delete_taxscheme",
    "shop.hold_order",
    "shop.moderate_post",
    "shop.release_order",
    "shop.resend_order",
    "shop.view_accountingdocument",
    "shop.view_category",
    "shop.view_coupon",
    "shop.view_couponamount",
    "shop.view_edition",
    "shop.view_order",
    "shop.view_orderparty",
    "shop.view_page",
    "shop.view_pageversion",
    "shop.view_post",
    "shop.view_price",
    "shop.view_product",
    "shop.view_productchange",
    "shop.view_taxscheme",
]
TABLE = {
    "Administrator": sorted(
        [
            *MANAGER,
            "accounts.add_user",
            "accounts.change_user",
            "auth.view_group",
            "privacy.view_processing_record",
            "privacy.add_export",
            "privacy.view_export",
            "privacy.view_look",
            "privacy.view_legalhold",
            "privacy.place_legalhold",
            "privacy.lift_legalhold",
        ]
    ),
    "Shop Manager": MANAGER,
    "Support": [
        "accounts.handle_case",
        "accounts.view_cannedanswer",
        "accounts.view_case",
        "privacy.add_deletionrequest",
        "privacy.approve_deletionrequest",
        "privacy.handle_deletionrequest",
        "privacy.view_deletionrequest",
    ],
}
DOCUMENT = Path(__file__).parents[2] / "docs" / "roles.md"


def held() -> dict[str, list[str]]:
    return {
        group.name: sorted(
            f"{app}.{code}" for app, code in group.permissions.values_list("content_type__app_label", "codename")
        )
        for group in Group.objects.all()
    }


@pytest.mark.promise("P9a", "P9b")
def test_each_role_has_exactly_these_permissions() -> None:
    assert held() == TABLE


def test_every_name_of_the_table_is_a_permission() -> None:
    codes = Permission.objects.values_list("content_type__app_label", "codename")
    assert roles.ROLES[roles.ADMINISTRATOR] - {f"{app}.{code}" for app, code in codes} == set()


def test_what_was_ticked_by_hand_is_put_right_after_the_next_migrate() -> None:
    support = Group.objects.get(name="Support")
    support.permissions.add(Permission.objects.get(codename="view_orderparty"))
    Group.objects.get(name="Shop Manager").permissions.clear()
    Group.objects.get(name="Administrator").delete()
    for app in apps.get_app_configs():
        roles.make_roles(app)
    assert held() == TABLE


@pytest.mark.django_db(transaction=True)
def test_roles_survive_a_flush() -> None:
    call_command("flush", interactive=False, verbosity=0)
    assert held() == TABLE


def test_the_page_of_roles_says_the_same() -> None:
    rows = re.findall(r"^\| `([\w.]+)` \|(.*)\|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    columns = ["Administrator", "Shop Manager", "Support"]
    said = {
        role: sorted(name for name, cells in rows if [cell.strip() for cell in cells.split("|")[1:4]][place] == "yes")
        for place, role in enumerate(columns)
    }
    assert said == TABLE
