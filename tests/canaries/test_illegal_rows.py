"""Every guard that PostgreSQL has over orders, payments and licenses refuses what it is there to refuse.

`make canaries` runs this again without each of them, and then the test has to fail.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from payments.fraud.signals import SIGNALS
from payments.models import Attempt
from privacy import clock
from shop import receipts
from shop.models import OrderParty
from tests.accounts import purchases
from tests.accounts.conftest import person
from tests.canaries import catalog, coupons, logos, posts, seats, world
from tests.canaries.world import KEEP, change, copy, copy_untriggered

pytestmark = pytest.mark.django_db
Act = Callable[[], None]


def _copies(table: str, **changes: dict[str, Any]) -> dict[str, Act]:
    return {name: partial(copy, table, changed) for name, changed in changes.items()}


def _moves(**changes: dict[str, Any]) -> dict[str, Act]:
    """By table, a move of its newest row that its trigger doesn't have."""
    return {f"{table}_state_moves": partial(change, table, changed) for table, changed in changes.items()}


def _more_than_a_unit_cost() -> None:
    with transaction.atomic():
        unit_price_and_more = Decimal("119.02")
        Attempt.objects.update(amount=1000)
        for table, column in (("payments_refund", "kind = 'units'"), ("payments_refundunit", "true")):
            with transaction.get_connection().cursor() as cursor:
                cursor.execute(f"UPDATE {table} SET amount = %s WHERE {column}", [unit_price_and_more])
        transaction.get_connection().check_constraints()


def _two_orders_of_one_form() -> None:
    token = OrderParty.objects.get().checkout_token
    purchases.order((purchases.edition(), 1))
    change("shop_orderparty", {"checkout_token": token})


def _restricted_in_an_account() -> None:
    change("shop_orderparty", {"restricted_at": clock.now(), "user_id": person("kim@example.com").pk})


def _authors_of_both_kinds() -> None:
    change("shop_postauthor", {"user_id": person("kim@example.com").pk})


def _two_authors() -> None:
    copy("shop_postauthor", {"post_id": KEEP})


def _two_reviews_of_an_account() -> None:
    change("shop_postauthor", {"user_id": person("kim@example.com").pk, "email": ""})
    copy("shop_postauthor", {"email": ""})


def _another_buyer_on_an_invoice() -> None:
    receipts.issue(purchases.paid((purchases.edition(), 1), is_business=True))
    change("shop_orderparty", {"name": "Somebody Else"})


def _unnumbered(**changes: dict[str, Any]) -> dict[str, Act]:
    table, trigger = "shop_accountingdocument", "shop_accountingdocument_number"
    return {name: partial(copy_untriggered, table, trigger, changed) for name, changed in changes.items()}


def _uncounted(**changes: dict[str, Any]) -> dict[str, Act]:
    table, trigger = "shop_documentseries", "shop_documentseries_by_one"
    return {name: partial(copy_untriggered, table, trigger, changed) for name, changed in changes.items()}


ILLEGAL: dict[str, Act] = {
    **coupons.illegal(copy, change, KEEP),
    **_copies(
        "shop_accountingdocument",
        accountingdocument_of_each_once={"about": KEEP},
        shop_accountingdocument_number={"number": 5000},
        accountingdocument_series_of_kind={"series": "C"},
        accountingdocument_adds_up={"total": 1},
        accountingdocument_corrects_another={"kind": "credit_note", "series": "C", "net": 0, "tax": 0, "total": 0},
        accountingdocument_sign_of_kind={"net": -1, "tax": 0, "total": -1},
    ),
    **_unnumbered(
        accountingdocument_number_once={"number": KEEP},
        shop_accountingdocument_number_check={"number": -1},
        shop_accountingdocument_year_check={"year": -1},
    ),
    "shop_orderparty_invoiced": _another_buyer_on_an_invoice,
    "shop_accountingdocument_stays": partial(change, "shop_accountingdocument", {"about": "other"}),
    "shop_documentline_stays": partial(change, "shop_documentline", {"words": "other"}),
    **_copies(
        "shop_documentline", documentline_adds_up={"total": 1}, shop_documentline_quantity_check={"quantity": -1}
    ),
    **_copies(
        "shop_vatcheck",
        shop_vatcheck_order_id_key={"order_id": KEEP},
        shop_vatcheck_tries_check={"tries": -1},
        vatcheck_asked_while_pending={"next_try_at": "2026-11-23T12:00:00Z"},
        vatcheck_returns_tax_if_valid={"state": "invalid", "returns_tax": True},
        vatcheck_state_known={"state": "lost"},
        vatcheck_valid_is_proven={"consultation": ""},
    ),
    **_copies(
        "shop_taxscheme",
        taxscheme_country_is_a_code={"country": "de"},
        taxscheme_days_do_not_overlap={"valid_from": KEEP, "valid_until": KEEP},
        taxscheme_has_days={"valid_until": "1999-01-01"},
        taxscheme_known={"scheme": "cheap"},
        taxscheme_prices_known={"prices": "both"},
        taxscheme_uk_needs_a_number={"charges_uk": True},
    ),
    **_copies("shop_documentseries", shop_documentseries_by_one={"last": 7}),
    **_uncounted(
        documentseries_once_a_year={"year": KEEP},
        shop_documentseries_last_check={"last": -1},
        shop_documentseries_year_check={"year": -1},
    ),
    **_copies(
        "shop_order",
        order_state_known={"state": "lost"},
        order_total_is_net_and_tax={"total": 1},
        order_discount_not_negative={"discount": -1},
        order_money_not_negative={"net": -1, "tax": 0, "total": -1},
        order_paid_has_time={"paid_at": None},
        order_at_once_needs_consent={"delivery": "at_once", "consent_version": "", "consent_at": None},
        shop_order_number_key={"number": KEEP},
        shop_order_link_hash_key={"link_hash": KEEP},
    ),
    **_copies("shop_orderparty", shop_orderparty_order_id_key={"order_id": KEEP}),
    "shop_orderparty_checkout_token_key": _two_orders_of_one_form,
    "orderparty_restricted_is_nobodys_account": _restricted_in_an_account,
    **_copies(
        "shop_orderline",
        orderline_edition_once={"sku": KEEP},
        orderline_discount_adds_up={"discount_net": 1},
        orderline_money_not_negative={"net": -1, "tax": 0, "total": -1},
        orderline_quantity_1_to_999={"quantity": 1000},
        orderline_total_is_net_and_tax={"total": 1},
        shop_orderline_devices_check={"devices": -1},
        shop_orderline_seats_check={"seats": -1},
        shop_orderline_term_months_check={"term_months": -1},
    ),
    **_copies(
        "shop_orderunit",
        orderunit_position_once={"position": KEEP},
        orderunit_state_known={"state": "lost"},
        orderunit_has_seats={"seats": 0},
        shop_orderunit_position_check={"position": -1},
    ),
    **_copies("shop_orderhold", orderhold_one_open={"released_at": KEEP}),
    **_copies(
        "payments_attempt",
        attempt_amount_not_negative={"amount": -1},
        attempt_captured_has_time={"captured_at": None},
        attempt_number_once={"number": KEEP},
        attempt_state_known={"state": "lost"},
        payments_attempt_looks_check={"looks": -1},
        payments_attempt_number_check={"number": -1},
    ),
    **_copies("payments_reference", reference_once={"value": KEEP}),
    **_copies("payments_providercall", payments_providercall_key_key={"key": KEEP}),
    **_copies(
        "payments_webhookevent", webhookevent_once={"event_id": KEEP}, payments_webhookevent_tries_check={"tries": -1}
    ),
    **_copies("payments_statement", payments_statement_provider_key={"provider": KEEP}),
    **_copies(
        "payments_refund",
        refund_amount_positive={"amount": 0, "tax": 0},
        refund_tax_within_amount={"tax": 6},
        refund_of_tax_is_all_tax={"kind": "tax"},
        refund_state_known={"state": "lost"},
        refund_provider_id_once={"provider_refund": KEEP},
        payments_refund_repeats_id_key={"repeats_id": KEEP},
        payments_refund_tries_check={"tries": -1},
        payments_refund_limits={"amount": 1000},
    ),
    **_copies(
        "payments_refundunit",
        refundunit_once={"amount": 0},
        refundunit_amount_not_negative={"amount": -1},
        refundunit_has_seats={"seats": 0},
    ),
    "payments_refundunit_seats": seats.that_stay_with_the_unit,
    "payments_refundunit_price": seats.that_cost_more,
    "payments_orderunit_seats": seats.that_nobody_gave_back,
    "payments_refund_seats": seats.that_a_failure_kept,
    "accounts_orderunit_seats": seats.that_the_license_keeps,
    "accounts_license_seats": seats.of_the_license_alone,
    "payments_refundunit_sum": partial(change, "payments_refundunit", {"amount": 99}),
    "payments_refundunit_limits": _more_than_a_unit_cost,
    **_copies(
        "payments_dispute",
        dispute_amount_positive={"amount": 0, "withdrawn": 0},
        dispute_decided_iff_not_open={"state": "open"},
        dispute_provider_id_once={"provider_dispute": KEEP},
        dispute_state_known={"state": "gone"},
        dispute_withdraws_all_or_nothing={"withdrawn": 1},
    ),
    **_copies(
        "payments_fraudrules",
        fraudrules_hold_before_they_refuse={"refuse_from": 60},
        fraudrules_limits_positive={"card_limit": 0},
        payments_fraudrules_valid_from_key={"valid_from": KEEP},
        **{f"payments_fraudrules_{name}_check": {name: -1} for name in SIGNALS},
    ),
    **_copies(
        "payments_fraudsighting",
        fraudsighting_is_a_hash={"hash": "93.184.216.0/24"},
        fraudsighting_kind_known={"kind": "phone"},
        fraudsighting_once={"hash": KEEP},
    ),
    **_copies(
        "payments_fraudassessment",
        fraudassessment_known={"verdict": "perhaps"},
        fraudassessment_only_holds_wait={"settled_at": None},
        fraudassessment_let_in_with_a_reason={"let_in_reason": "A person without a moment."},
        payments_fraudassessment_order_id_key={"order_id": KEEP},
        payments_fraudassessment_score_check={"score": -1},
    ),
    **_copies(
        "accounts_license",
        accounts_license_unit_id_key={"unit_id": KEEP},
        license_counts_from_one={"seats": 0},
        license_ends_after_start={"ends_at": "2000-01-01T00:00:00Z"},
    ),
    **_copies(
        "accounts_licensekey",
        accounts_licensekey_digest_key={"digest": KEEP},
        licensekey_one_per_unit={"unit_id": KEEP},
        licensekey_one_per_license={"license_id": KEEP},
        licensekey_state_known={"state": "lost"},
        licensekey_shown_is_never_available={"state": "available", "opened_at": "2026-11-23T12:00:00Z"},
        licensekey_available_belongs_to_nobody={"state": "available", "license_id": KEEP},
        licensekey_generated_is_never_stock={"state": "available", "is_generated": True},
        licensekey_assigned_has_time={"assigned_at": None},
    ),
    **_copies(
        "accounts_case",
        accounts_case_link_hash_key={"link_hash": KEEP},
        accounts_case_mail_hash_key={"mail_hash": KEEP},
        case_closed_iff_over={"state": "closed"},
        case_closed_with_outcome={"outcome": "answered"},
        case_due_after_receipt={"due_at": "2000-01-01T00:00:00Z"},
        case_kind_known={"kind": "wish"},
        case_one_withdrawal_of_all={"order_id": KEEP},
    ),
    **_copies(
        "accounts_caserefund",
        accounts_caserefund_about_key={"about": KEEP},
        caserefund_ended_either_way={"succeeded": True},
    ),
    **_copies("accounts_suspension", suspension_open_once={"about": KEEP}),
    **{name: partial(copy, table, changed) for name, (table, changed) in (posts.COPIES | logos.COPIES).items()},
    "shop_reviewinvitation_order_id_key": partial(copy, "shop_reviewinvitation", {"order_id": KEEP}),
    "accounts_logomanager_user_id_key": partial(copy, "accounts_logomanager", {"user_id": KEEP}),
    "accounts_logoinvitation_logo_id_key": partial(copy, "accounts_logoinvitation", {"logo_id": KEEP}),
    "postauthor_account_or_address": _authors_of_both_kinds,
    "postauthor_one_review_an_account": _two_reviews_of_an_account,
    "shop_postauthor_post_id_key": _two_authors,
    **_copies("privacy_alert", alert_open_once={"key": KEEP}),
    **_copies(
        "privacy_look",
        look_has_purpose={"purpose": ""},
        look_names_row_or_searches={"object_id": ""},
        look_kind_known={"kind": "gossip"},
    ),
    **_copies(
        "privacy_outgoingmail",
        outgoingmail_closed_only_if_back={"bounce_closed_at": "2026-11-23T12:00:00Z"},
        outgoingmail_sent_at_iff_sent={"state": "sent"},
        privacy_outgoingmail_dedup_key_key={"dedup_key": KEEP},
        privacy_outgoingmail_tries_check={"tries": -1},
    ),
    **_copies(
        "privacy_mailrecipient",
        privacy_mailrecipient_mail_id_key={"mail_id": KEEP},
        privacy_mailrecipient_message_id_key={"message_id": KEEP},
    ),
    **_copies("privacy_mailwording", mailwording_of_each_once={"kind": KEEP}),
    **_copies(
        "privacy_receivedmail",
        privacy_receivedmail_tries_check={"tries": -1},
        receivedmail_same_mail_once={"digest": KEEP},
        receivedmail_taken_once={"uid": KEEP},
    ),
    **_moves(
        shop_order={"state": "pending_payment"},
        shop_orderunit={"state": "ordered"},
        shop_vatcheck={"state": "pending"},
        payments_attempt={"state": "failed"},
        payments_refund={"state": "requested"},
        payments_dispute={"state": "open", "decided_at": None},
        accounts_licensekey={"state": "reserved"},
        accounts_case={"state": "unproven"},
        shop_post=posts.MOVE,
        accounts_logo=logos.MOVE,
    ),
}
#: Triggers that raise under the name of the rule that is broken.
RULES = {
    "shop_couponuse_counts": "couponuse_stays",
    "payments_refund_limits": "refund_within_attempt",
    "payments_refundunit_sum": "refund_is_sum_of_units",
    "payments_refundunit_limits": "refund_within_unit",
    "payments_refundunit_seats": "orderunit_has_seats_left",
    "payments_refundunit_price": "refund_within_price_of_seats",
    "payments_orderunit_seats": "orderunit_has_seats_left",
    "payments_refund_seats": "orderunit_has_seats_left",
    "accounts_orderunit_seats": "license_has_seats_of_its_unit",
    "accounts_license_seats": "license_has_seats_of_its_unit",
}


def _copy_of_an_open_one() -> None:
    copy("payments_attempt", {"state": "created"})
    copy("payments_attempt", {"state": "requires_action", "number": 98, "id": 10**9 + 1})


ILLEGAL["attempt_one_open_per_order"] = _copy_of_an_open_one


def _break(name: str) -> None:
    ILLEGAL[name]()
    connection.check_constraints()


@pytest.mark.parametrize("name", ILLEGAL)
def test_the_database_refuses(name: str) -> None:
    world.make()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        _break(name)
    assert caught.value.__cause__.diag.constraint_name == RULES.get(name, name)  # type: ignore[union-attr]


@pytest.mark.parametrize("table", world.OWN)
def test_what_is_refused_is_refused_for_its_change_alone(table: str) -> None:
    """A copy without any change is a legal row: so it is the change that a guard refuses."""
    order = world.make()
    another_unit = {"unit_id": purchases.units_of(order)[1].pk, "amount": 0}
    copy(table, another_unit if table == "payments_refundunit" else {})


def test_an_order_knows_when_its_money_came() -> None:
    order = purchases.order((purchases.edition(), 1))
    moment = clock.now()
    Attempt.objects.create(
        order=order, number=1, provider="stripe", amount=119, currency="EUR", state="captured", captured_at=moment
    )
    order.refresh_from_db()
    assert order.captured_at == moment


#: Guards that a stricter one repeats: Django's own checks that a positive number isn't negative.
SAID_TWICE = {
    "accounts_license_devices_check",
    "accounts_license_seats_check",
    *(
        f"payments_fraudrules_{name}_check"
        for name in ("address_limit", "card_limit", "network_limit", "amount_limit", "hold_from", "refuse_from")
    ),
    "payments_refundunit_seats_check",
    "shop_orderline_quantity_check",
    "shop_orderunit_seats_check",
    *posts.SAID_TWICE,
    *coupons.SAID_TWICE,
}
#: Triggers that write dates of retention and guard no money: tests/privacy/retention is about them.
DATES = {
    "accounts_case_expires_at",
    "accounts_license_leaves_order",
    "accounts_licensekey_leaves_order",
    "payments_dispute_aftermath_insert",
    "payments_dispute_aftermath_update",
    "payments_fraudassessment_expires_at",
    "payments_fraudsighting_expires_at",
    "payments_providercall_expires_at",
    "payments_reference_aftermath_insert",
    "payments_reference_aftermath_update",
    "payments_refund_aftermath_insert",
    "payments_refund_aftermath_update",
    "payments_webhookevent_expires_at",
    "privacy_alert_expires_at",
    "privacy_look_expires_at",
    "privacy_mailrecipient_expires_at",
    "privacy_outgoingmail_expires_at",
    "privacy_receivedmail_expires_at",
    "shop_order_deleted",
    "shop_order_ended",
    "shop_order_moves_periods",
    "shop_orderhold_aftermath_insert",
    "shop_orderhold_aftermath_update",
    "shop_orderparty_periods",
    "shop_orderparty_removed",
    *posts.WRITES,
    *logos.WRITES,
}


def test_every_guard_of_the_database_has_its_canary() -> None:
    """A constraint, unique index or trigger that is added to these tables needs a line above."""
    found = {guard.name for guard in catalog.guards()}
    assert found == {*ILLEGAL, "payments_attempt_captures", *SAID_TWICE, *DATES}
