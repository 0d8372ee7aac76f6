"""Every guard of the money with how it is taken away and which tests must notice.

The database's own are read from its catalog: `test_illegal_rows` holds that none is missing. The others are locks,
second looks and comparisons in the code; each is replaced from outside by what would stand there without it.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.db.models import QuerySet

from accounts import key_pools
from accounts.licenses import statements as license_statements
from payments import attempt_statements, settlement
from privacy.prepared_queries import PreparedQuery
from shop import orders
from shop.models import Order
from tests.canaries import catalog, guards_of_branding, guards_of_privacy
from tests.canaries.guard import Guard, Patch, answers, replaced
from tests.canaries.test_illegal_rows import ILLEGAL
from tests.canaries.test_locks import VERBS
from tests.canaries.test_locks_of_posts import DEEDS

PAYMENTS, CANARIES = "tests/payments", "tests/canaries"
SETTLEMENT, REFUNDS = f"{PAYMENTS}/test_settlement.py", f"{PAYMENTS}/test_refunds.py"
LOCKS, ROWS = f"{CANARIES}/test_locks.py", f"{CANARIES}/test_illegal_rows.py"
POSTS = "tests/shop/posts/test_writing.py"


def _unlocked(patch: Patch) -> None:
    """Orders are read without their lock, everywhere."""
    lock = QuerySet.select_for_update
    patch.setattr(
        QuerySet,
        "select_for_update",
        lambda rows, **options: rows if rows.model is Order else lock(rows, **options),
    )
    for module, name in ((settlement, "_LOCKED_ORDER"), (orders, "_LOCKED")):
        patch.setattr(module, name, PreparedQuery(getattr(module, name)._build))
    insert = attempt_statements._INSERT.replace("FOR UPDATE", "")
    patch.setattr(attempt_statements, "_INSERT", insert)


def _without_row_locks(patch: Patch) -> None:
    """Rows are read without a lock, also those that another worker has locked."""
    patch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows)


def _alone_without_locks(deed: str) -> Callable[[Patch], None]:
    """The same, and of the deeds about posts and logos there is only this one."""

    def remove(patch: Patch) -> None:
        patch.setattr("tests.canaries.test_locks_of_posts.DEEDS", {deed: DEEDS[deed]})
        _without_row_locks(patch)

    return remove


def _without_objection(name: str) -> Callable[[Patch], None]:
    """One of the comparisons of a payment with what was asked for is left out."""
    objection = settlement.objection

    def remove(patch: Patch) -> None:
        def fewer(*args: Any) -> str:
            found = objection(*args)
            return "" if found == name else found

        patch.setattr(settlement, "objection", fewer)

    return remove


def _of_the_database() -> list[Guard]:
    refuses = f"{ROWS}::test_the_database_refuses"
    return [
        Guard(f"database: {name}", lambda _patch, name=name: catalog.drop(name), (refuses,), {"name": name})  # type: ignore[misc]
        for name in sorted(ILLEGAL)
    ] + [
        Guard(
            "database: payments_attempt_captures",
            lambda _patch: catalog.drop("payments_attempt_captures"),
            (f"{ROWS}::test_an_order_knows_when_its_money_came",),
        ),
        Guard(
            "database: shop_couponuse_counts, for each person",
            lambda _patch: catalog.drop("shop_couponuse_counts"),
            ("tests/shop/test_coupon_uses.py::TestUses::test_an_account_is_one_person_whatever_its_address",),
        ),
        Guard(
            "database: shop_postauthor_leaves",
            lambda _patch: catalog.drop("shop_postauthor_leaves"),
            (f"{POSTS}::TestWithoutAnAuthor::test_the_wish_decides_whoever_deletes_the_author",),
            {"wish": "erase"},
        ),
        Guard(
            "database: privacy_mailrecipient_expires_at",
            lambda _patch: catalog.drop("privacy_mailrecipient_expires_at"),
            ("tests/privacy/test_mail_log.py::test_whoever_writes_an_address_gets_its_last_day_with_it",),
        ),
    ]


def _of_the_locks() -> list[Guard]:
    asks = f"{LOCKS}::test_it_asks_for_the_order_s_lock_first"
    without_units = license_statements._UNITS.replace("FOR UPDATE OF unit", "")
    each = f"{CANARIES}/test_locks_of_posts.py::test_each_asks_for_the_row_s_lock_first"
    return [
        *(Guard(f"the order's lock: {verb}", _unlocked, (asks,), {"verb": verb}) for verb in VERBS),
        *(Guard(f"the row's lock: {deed}", _alone_without_locks(deed), (each,)) for deed in DEEDS),
        Guard(
            "the units' lock",
            replaced("accounts.licenses.statements._UNITS", without_units),
            (f"{LOCKS}::test_units_are_locked_before_they_get_keys",),
        ),
        Guard(
            "the keys' lock when they are suspended",
            _without_row_locks,
            (f"{LOCKS}::test_keys_are_locked_before_they_are_suspended",),
        ),
        Guard(
            "the release of reservations",
            _without_row_locks,
            (f"{LOCKS}::test_a_reservation_that_somebody_is_moving_is_passed_over",),
        ),
        Guard(
            "the keys' lock",
            replaced("accounts.key_pools.LOCK", ""),
            (f"{LOCKS}::test_a_key_that_somebody_is_taking_is_passed_over",),
        ),
        Guard(
            "passing locked keys over",
            replaced("accounts.key_pools.LOCK", key_pools.LOCK.removesuffix(" SKIP LOCKED")),
            (f"{LOCKS}::test_a_key_that_somebody_is_taking_is_passed_over",),
        ),
        Guard(
            "asking again for keys that are let go",
            replaced("accounts.key_pools.RETRIES", 0),
            ("tests/accounts/test_key_pools.py::test_a_key_that_another_buyer_lets_go_is_taken",),
        ),
        Guard(
            "the webhooks' claim",
            _without_row_locks,
            (f"{LOCKS}::test_an_event_that_somebody_handles_is_passed_over",),
        ),
        Guard("the mails' claim", _without_row_locks, (f"{LOCKS}::test_a_mail_that_somebody_sends_is_passed_over",)),
        Guard(
            "the reconciler's claim",
            answers("payments.reconciliation._claim", True),
            (f"{LOCKS}::test_of_two_workers_that_saw_the_same_attempt_one_looks_at_it",),
        ),
        Guard(
            "the claim of a pass",
            answers("payments.fraud.passes._claim", True),
            (f"{LOCKS}::test_of_two_orders_that_saw_the_same_pass_one_uses_it",),
        ),
        Guard(
            "the refunds' claim",
            answers("payments.refund_submission._claim", True),
            (f"{LOCKS}::test_of_two_workers_that_saw_the_same_refund_one_sends_it",),
        ),
    ]


def _of_second_looks() -> list[Guard]:
    mismatch = f"{SETTLEMENT}::test_money_that_is_not_what_was_asked_for_gives_no_key"
    return [
        *(
            Guard(f"compared with what was asked for: {name}", _without_objection(name), (mismatch,), {"problem": name})
            for name in settlement.OBJECTIONS
            if name not in {"order_cancelled", "coupon_used_up"}
        ),
        Guard(
            "late money of a used-up coupon waits for a person",
            answers("shop.coupons.count_again", True),
            (
                f"{PAYMENTS}/test_coupons.py::TestMoneyThatComesLate::test_it_waits_for_a_person_where_others_were_faster",
            ),
        ),
        Guard(
            "the table of moves",
            answers("privacy.transitions.StateModel.can_move_to", True),
            (f"{SETTLEMENT}::test_an_answer_that_comes_too_late_changes_nothing",),
        ),
        Guard(
            "a captured payment is not applied twice",
            lambda patch: patch.setattr(settlement.Attempt, "state", property(lambda _row: "created", lambda *_: None)),
            (f"{SETTLEMENT}::test_the_same_answer_again_changes_nothing",),
        ),
        Guard(
            "a hold keeps the order as it is",
            answers("shop.orders.is_held", False),
            ("tests/shop/test_orders.py::test_while_held_nothing_is_marked_as_paid",),
        ),
        Guard(
            "a second payment goes back",
            answers("payments.settlement.return_second", None),
            (f"{SETTLEMENT}::test_a_second_payment_is_recorded_and_goes_back",),
        ),
        Guard(
            "money under way is not asked for twice",
            answers("payments.attempts._is_settled", False),
            (f"{PAYMENTS}/test_attempts.py::test_money_under_way_is_not_asked_for_twice",),
        ),
        Guard(
            "the older page is closed first",
            answers("payments.attempts.close", None),
            (f"{PAYMENTS}/test_attempts.py::test_the_older_attempt_is_closed_before_a_new_one",),
        ),
        Guard(
            "the last look before an order ends",
            answers("payments.reconciliation._close", True),
            (f"{PAYMENTS}/test_reconciliation.py",),
        ),
        Guard(
            "the payment on the return page is of this order",
            answers("payments.returns.constant_time_compare", True),
            (f"{PAYMENTS}/test_returns.py::test_somebody_else_s_payment_pays_nothing_here",),
        ),
        Guard(
            "what went back is counted",
            lambda patch: patch.setattr("payments.refunds.left_of", lambda attempt: attempt.amount),
            (f"{REFUNDS}::test_what_went_back_before_is_not_given_twice",),
        ),
        Guard(
            "a refund is asked for again once",
            replaced("payments.models.Refund.can_be_repeated", True),
            (f"{REFUNDS}::test_a_failed_refund_is_asked_for_again_once_though_more_is_left",),
        ),
        Guard(
            "a refund is of the same payment",
            answers("payments.refund_submission._is_of_same_payment", True),
            (f"{PAYMENTS}/test_refund_settlement.py::test_a_refund_of_another_payment_that_bears_our_id_is_not_ours",),
        ),
        Guard(
            "keys that can't be used stay closed",
            answers("accounts.licenses.opening._refuse_unusable", None),
            (
                "tests/accounts/test_opening.py::test_the_keys_of_a_held_order_stay_closed",
                "tests/accounts/test_opening.py::test_a_suspended_or_revoked_key_says_why_it_stays_closed",
            ),
        ),
        Guard(
            "open disputes keep the keys",
            answers("payments.disputes.keep", None),
            (f"{PAYMENTS}/test_disputes.py",),
        ),
        Guard(
            "a dispute won late brings back nothing that a refund gave back",
            replaced("payments.disputes.refund_seats", SimpleNamespace(ended=lambda _units: [])),
            (
                f"{PAYMENTS}/test_disputes.py::test_what_a_refund_gave_back_stays_so_when_a_lost_dispute_of_the_rest_is_won",
            ),
        ),
        Guard(
            "refunds that no webhook told, where the list is hidden",
            answers("payments.statements._look_for_refunds", None),
            (f"{PAYMENTS}/test_statements.py::test_a_refund_that_no_webhook_told_is_found_within_a_day",),
        ),
    ]


def _of_the_edge() -> list[Guard]:
    return [
        Guard(
            "Stripe's signatures",
            lambda patch: patch.setattr("stripe.WebhookSignature.verify_header", lambda *_args, **_options: True),
            (f"{PAYMENTS}/test_webhooks.py::test_what_the_provider_did_not_sign_leaves_no_row",),
        ),
        Guard(
            "PayPal's signatures",
            answers("payments.providers.paypal_signatures.verify", None),
            (f"{PAYMENTS}/test_webhooks.py::test_what_the_provider_did_not_sign_leaves_no_row",),
        ),
        Guard(
            "play money in production",
            answers("payments.providers.sandbox_marker.check", None),
            (f"{PAYMENTS}/providers/test_sandbox_marker.py::test_production_refuses_the_sandboxes",),
        ),
        Guard(
            "cards for the European Union, when the session is made",
            answers("payments.providers.stripe.Stripe.serves", True),
            (
                f"{PAYMENTS}/test_attempts.py::test_a_card_from_outside_the_union_is_refused_when_the_session_would_be_made",
            ),
        ),
        Guard(
            "another shop on the same account",
            answers("payments.traces.is_ours", True),
            (f"{PAYMENTS}/test_webhooks.py", f"{PAYMENTS}/test_statements.py"),
        ),
    ]


def everyone() -> list[Guard]:
    """All guards, by what they stand in."""
    return [
        *_of_the_database(),
        *_of_the_locks(),
        *_of_second_looks(),
        *guards_of_privacy.everyone(),
        *guards_of_branding.everyone(),
        *_of_the_edge(),
    ]
