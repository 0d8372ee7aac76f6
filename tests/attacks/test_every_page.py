"""Who is let in where: every role at every address and every action, as one table. What is new fails until it is here.

Let in means: neither sent away to sign in, nor answered 403. Whose row it is, is another question (`test_ownership`).
The five pages that each list of the desk has stand in `tests/accounts/test_admin_access.py`; here is everything else.
"""

from collections.abc import Iterator
from http.cookies import SimpleCookie

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client, RequestFactory

from accounts import roles
from tests import desk
from tests.attacks import addresses
from tests.attacks.addresses import Address
from tests.attacks.test_forged_forms import OTHER_VALUES, VALUES
from tests.attacks.test_ownership import READERS, ROWS, VISITOR, Belongings, browser, of

pytestmark = pytest.mark.django_db
EVERYBODY = frozenset(READERS)
SIGNED_IN = EVERYBODY - {VISITOR}
STAFF = frozenset(desk.ROLES)
MANAGERS = frozenset({roles.ADMINISTRATOR, roles.SHOP_MANAGER})
ADMINISTRATORS = frozenset({roles.ADMINISTRATOR})
NOBODY: frozenset[str] = frozenset()
DESK, SHOP = "admin:", ""
#: Whose these addresses are: of the desk, and of the shop.
NAMES = {
    (DESK, EVERYBODY): """
        logout
    """,
    (SHOP, EVERYBODY): """
        account_confirm_login_code account_email_verification_sent account_inactive account_login account_logout
        account_request_login_code account_reset_password account_reset_password_done
        account_reset_password_from_key account_reset_password_from_key_done account_signup
        account_signup_by_passkey cart cart_add cart_change cart_drawer cart_empty cart_redeem cart_remove
        cart_without_code category checkout consent cookies deletion_proof find_order header_fragment healthz home
        logo_picture mfa_authenticate
        mfa_login_webauthn mfa_signup_webauthn no_invitations open_key open_keys order order_back_to_cart
        order_correct_email order_receipt order_renew_link order_request order_review order_reviews page pay_again
        payment_cancel payment_return paypal_webhook place place_choose policy policy_json policy_version
        policy_versions post_comment post_report product product_questions product_reviews question_ask readyz
        recently_viewed_clear request request_file requests review_write robots search sitemap stripe_webhook
        styleguide trusted_by trusted_by_product withdraw
    """,
    (SHOP, SIGNED_IN): """
        account account_address account_address_add account_address_delete account_addresses
        account_ask_for_deletion account_change_password account_close account_consent_withdraw account_consents
        account_data account_devices account_email account_export account_export_ask account_export_file
        account_invitations account_license account_license_add account_licenses account_logo account_logo_invite
        account_logo_join account_logo_leave account_logo_picture account_logo_remove account_logo_withdraw
        account_looks account_open_key account_open_keys account_open_license account_order account_orders
        account_post account_post_remove account_posts account_profile account_reauthenticate account_receipt
        account_request account_requests account_set_password mfa_activate_totp mfa_add_webauthn mfa_deactivate_totp
        mfa_download_recovery_codes mfa_edit_webauthn mfa_generate_recovery_codes mfa_index mfa_list_webauthn
        mfa_reauthenticate mfa_reauthenticate_webauthn mfa_remove_webauthn mfa_view_recovery_codes
    """,
    (DESK, STAFF): """
        accounts_case_answer accounts_case_assign accounts_case_close accounts_case_file accounts_case_note
        accounts_case_reopen accounts_case_search accounts_case_take app_list index jsi18n login
        password_change_done privacy_deletionrequest_add-address privacy_deletionrequest_approve
        privacy_deletionrequest_ask-for-proof privacy_deletionrequest_duplicate privacy_deletionrequest_extend
        privacy_deletionrequest_find privacy_deletionrequest_mentions privacy_deletionrequest_note
        privacy_deletionrequest_offer privacy_deletionrequest_plan privacy_deletionrequest_refuse
        privacy_deletionrequest_search privacy_deletionrequest_step privacy_deletionrequest_take-back
        privacy_deletionrequest_take-up privacy_deletionrequest_withdraw search view_on_site
    """,
    (DESK, MANAGERS): """
        accounts_case_refund accounts_keypool_import accounts_license_search accounts_logo_decide
        accounts_logo_picture accounts_user_search payments_attempt_arrival payments_fraudassessment_cancel
        payments_fraudassessment_let-in
        payments_fraudassessment_release payments_refund_again payments_refund_request payments_refund_sent
        shop_coupon_uses shop_order_search shop_order_verb shop_post_decide shop_post_next shop_tax_report
        shop_tax_report_csv privacy_mailwording_kind privacy_mailwording_html
    """,
    (DESK, ADMINISTRATORS): """
        accounts_user_export privacy_export_file privacy_processing_record
    """,
    (DESK, NOBODY): """
        accounts_cannedanswer_search accounts_keypool_search accounts_licensekey_search accounts_logo_search
        auth_group_search autocomplete payments_attempt_search payments_dispute_search
        payments_fraudassessment_search payments_fraudrules_search payments_refund_search payments_statement_search
        payments_webhookevent_search privacy_alert_search privacy_export_search privacy_legalhold_search
        privacy_look_search privacy_outgoingmail_search privacy_policyversion_search shop_accountingdocument_search
        shop_category_search shop_coupon_search shop_edition_search shop_page_search shop_post_search
        shop_product_search shop_taxscheme_search privacy_mailwording_search
    """,
}
TABLE = {f"{where}{name}": readers for (where, readers), names in NAMES.items() for name in names.split()}
#: The deeds on rows that a list offers to a role. Support has none.
ACTIONS_OF_MANAGERS = {
    "accounts.cannedanswer": ["delete_selected"],
    "accounts.licensekey": ["void"],
    "payments.fraudrules": ["delete_selected"],
    "privacy.alert": ["close"],
    "privacy.outgoingmail": ["close_returned", "send_again", "try_again"],
    "shop.category": ["delete_selected"],
    "shop.order": ["ask_vies", "cancel", "hold", "release", "resend"],
    "shop.taxscheme": ["delete_selected"],
}
ACTIONS = {
    roles.ADMINISTRATOR: ACTIONS_OF_MANAGERS | {"privacy.legalhold": ["lift"]},
    roles.SHOP_MANAGER: ACTIONS_OF_MANAGERS,
    roles.SUPPORT: {},
}
PAGES_OF_A_LIST = ("_changelist", "_add", "_delete", "_change")


def asked() -> Iterator[Address]:
    """Every address but those that `test_admin_access` asks."""
    for address in addresses.everywhere():
        if not (address.name.startswith(DESK) and address.name.endswith((*PAGES_OF_A_LIST, "_history"))):
            yield address


def path(address: Address, own: Belongings) -> str:
    """The address of a thing that is there, and the reader's own where it has an owner."""
    values = VALUES | own.values | {"token": own.link} | OTHER_VALUES.get(address.name, {})
    if "export" in address.name:
        values["token"] = own.export_token
    if address.name == "admin:shop_order_verb":
        values["name"] = "hold"
    if address.name.startswith(DESK) and address.arguments & ROWS and address.name.count("_") > 1:
        app, model = address.name.removeprefix(DESK).split("_")[:2]
        if (app, model) != ("view", "on"):
            row = apps.get_model(app, model)._default_manager.order_by("pk").first()
            values |= dict.fromkeys(ROWS, row.pk if row else 1)
    return address.path(**values)


class Door:
    """A browser that is as it was before, whatever was asked: nothing that an address does stays."""

    def __init__(self, client: Client) -> None:
        self._cookies = {name: morsel.value for name, morsel in client.cookies.items()}

    def opens(self, path: str) -> bool:
        """By a look, or, where only deeds are answered, by an empty form."""
        client, said = Client(headers={"sec-fetch-site": "same-origin"}), {"SERVER_NAME": "localhost"}
        client.cookies = SimpleCookie(self._cookies)
        with transaction.atomic():
            try:
                answer = client.get(path, **said)  # type: ignore[arg-type]
                if answer.status_code == 405:
                    answer = client.post(path, **said)  # type: ignore[arg-type]
            except ValidationError:
                return True  # allauth judges what was sent, so it let the sender in
            finally:
                transaction.set_rollback(True)
        return answer.status_code != 403 and "/login/?" not in answer.headers.get("Location", "")


def test_every_address_has_its_row_and_every_row_its_address() -> None:
    names = {address.name for address in asked()}
    assert (names - TABLE.keys(), TABLE.keys() - names) == (set(), set())


@pytest.mark.promise("P9a", "P9b")
@pytest.mark.parametrize("reader", READERS)
def test_each_role_at_each_address(reader: str) -> None:
    desk.fill(1)
    own = of(reader)
    door = Door(browser(reader, own))
    opened = {address.name for address in asked() if door.opens(path(address, own))}
    may = {name for name, readers in TABLE.items() if reader in readers}
    assert (opened - may, may - opened) == (set(), set())


@pytest.mark.promise("P9a")
@pytest.mark.parametrize("reader", [roles.SUPPORT, roles.SHOP_MANAGER])
def test_the_story_of_a_row_is_seen_by_whoever_sees_the_row(reader: str) -> None:
    desk.fill(1)
    own = of(reader)
    door = Door(browser(reader, own))
    pages = {address.name: address for address in addresses.everywhere() if address.name.startswith(DESK)}
    for name, address in pages.items():
        if name.endswith("_history"):
            row = pages[name.removesuffix("_history") + "_change"]
            assert door.opens(path(address, own)) == door.opens(path(row, own)), name


@pytest.mark.promise("P9a", "P9c")
@pytest.mark.parametrize("role", desk.ROLES)
def test_each_role_and_its_deeds_on_the_rows_of_a_list(role: str) -> None:
    request = RequestFactory().get("/admin/")
    request.user = desk.person(role)
    deeds = {
        model._meta.label_lower: sorted(of_it.get_actions(request)) for model, of_it in admin.site._registry.items()
    }
    assert {model: names for model, names in deeds.items() if names} == ACTIONS[role]
