"""Every guard of the money with how it is taken away and which tests must notice.

The database's own are read from its catalog: `test_illegal_rows` holds that none is missing. The others are locks,
second looks and comparisons in the code; each is replaced from outside by what would stand there without it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from secrets import token_hex
from typing import Any

import pytest
from django.db.models import QuerySet

from accounts import key_pools
from accounts.licenses import statements as license_statements
from payments import attempt_statements, settlement
from privacy.erasure.ports import Looked
from privacy.journal.book import BEGINNING
from privacy.journal.writing import Standing
from privacy.mailbox.automatic import Origin
from privacy.mailbox.whose_data import Whose
from privacy.models import JournalPosition
from privacy.prepared_queries import PreparedQuery
from shop import orders
from shop.models import Order
from tests.canaries import catalog
from tests.canaries.test_illegal_rows import ILLEGAL
from tests.canaries.test_locks import VERBS

Patch = pytest.MonkeyPatch
PAYMENTS, CANARIES = "tests/payments", "tests/canaries"
SETTLEMENT, REFUNDS = f"{PAYMENTS}/test_settlement.py", f"{PAYMENTS}/test_refunds.py"
MAILBOX = "tests/privacy/mailbox"
NOTICES = "tests/privacy/test_notices.py"
ERASURE, JOURNAL = "tests/privacy/erasure", "tests/privacy/journal"
LOCKS, ROWS = f"{CANARIES}/test_locks.py", f"{CANARIES}/test_illegal_rows.py"


@dataclass(frozen=True)
class Guard:
    """`tests` are the names of functions, with their file; `only` names the parameters of the cases that count."""

    name: str
    remove: Callable[[Patch], None]
    tests: tuple[str, ...]
    only: Mapping[str, Any] = field(default_factory=dict)


def _replaced(target: str, value: Any) -> Callable[[Patch], None]:
    return lambda patch: patch.setattr(target, value)


def _answers(target: str, value: Any) -> Callable[[Patch], None]:
    """Whatever is asked, the function answers this."""
    return lambda patch: patch.setattr(target, lambda *_args, **_options: value)


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
        )
    ]


def _of_the_locks() -> list[Guard]:
    asks = f"{LOCKS}::test_it_asks_for_the_order_s_lock_first"
    without_units = license_statements._UNITS.replace("FOR UPDATE OF unit", "")
    return [
        *(Guard(f"the order's lock: {verb}", _unlocked, (asks,), {"verb": verb}) for verb in VERBS),
        Guard(
            "the units' lock",
            _replaced("accounts.licenses.statements._UNITS", without_units),
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
            _replaced("accounts.key_pools.LOCK", ""),
            (f"{LOCKS}::test_a_key_that_somebody_is_taking_is_passed_over",),
        ),
        Guard(
            "passing locked keys over",
            _replaced("accounts.key_pools.LOCK", key_pools.LOCK.removesuffix(" SKIP LOCKED")),
            (f"{LOCKS}::test_a_key_that_somebody_is_taking_is_passed_over",),
        ),
        Guard(
            "asking again for keys that are let go",
            _replaced("accounts.key_pools.RETRIES", 0),
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
            _answers("payments.reconciliation._claim", True),
            (f"{LOCKS}::test_of_two_workers_that_saw_the_same_attempt_one_looks_at_it",),
        ),
        Guard(
            "the refunds' claim",
            _answers("payments.refund_submission._claim", True),
            (f"{LOCKS}::test_of_two_workers_that_saw_the_same_refund_one_sends_it",),
        ),
    ]


def _of_second_looks() -> list[Guard]:
    mismatch = f"{SETTLEMENT}::test_money_that_is_not_what_was_asked_for_gives_no_key"
    return [
        *(
            Guard(f"compared with what was asked for: {name}", _without_objection(name), (mismatch,), {"problem": name})
            for name in settlement.OBJECTIONS
            if name != "order_cancelled"
        ),
        Guard(
            "the table of moves",
            _answers("privacy.transitions.StateModel.can_move_to", True),
            (f"{SETTLEMENT}::test_an_answer_that_comes_too_late_changes_nothing",),
        ),
        Guard(
            "a captured payment is not applied twice",
            lambda patch: patch.setattr(settlement.Attempt, "state", property(lambda _row: "created", lambda *_: None)),
            (f"{SETTLEMENT}::test_the_same_answer_again_changes_nothing",),
        ),
        Guard(
            "a hold keeps the order as it is",
            _answers("shop.orders.is_held", False),
            ("tests/shop/test_orders.py::test_while_held_nothing_is_marked_as_paid",),
        ),
        Guard(
            "a second payment goes back",
            _answers("payments.settlement.return_second", None),
            (f"{SETTLEMENT}::test_a_second_payment_is_recorded_and_goes_back",),
        ),
        Guard(
            "money under way is not asked for twice",
            _answers("payments.attempts._is_settled", False),
            (f"{PAYMENTS}/test_attempts.py::test_money_under_way_is_not_asked_for_twice",),
        ),
        Guard(
            "the older page is closed first",
            _answers("payments.attempts.close", None),
            (f"{PAYMENTS}/test_attempts.py::test_the_older_attempt_is_closed_before_a_new_one",),
        ),
        Guard(
            "the last look before an order ends",
            _answers("payments.reconciliation._close", True),
            (f"{PAYMENTS}/test_reconciliation.py",),
        ),
        Guard(
            "the payment on the return page is of this order",
            _answers("payments.returns.constant_time_compare", True),
            (f"{PAYMENTS}/test_returns.py::test_somebody_else_s_payment_pays_nothing_here",),
        ),
        Guard(
            "what went back is counted",
            lambda patch: patch.setattr("payments.refunds.left_of", lambda attempt: attempt.amount),
            (f"{REFUNDS}::test_what_went_back_before_is_not_given_twice",),
        ),
        Guard(
            "a refund is asked for again once",
            _replaced("payments.models.Refund.can_be_repeated", True),
            (f"{REFUNDS}::test_a_failed_refund_is_asked_for_again_once_though_more_is_left",),
        ),
        Guard(
            "a refund is of the same payment",
            _answers("payments.refund_submission._is_of_same_payment", True),
            (f"{PAYMENTS}/test_refund_settlement.py::test_a_refund_of_another_payment_that_bears_our_id_is_not_ours",),
        ),
        Guard(
            "keys that can't be used stay closed",
            _answers("accounts.licenses.opening._refuse_unusable", None),
            (
                "tests/accounts/test_opening.py::test_the_keys_of_a_held_order_stay_closed",
                "tests/accounts/test_opening.py::test_a_suspended_or_revoked_key_says_why_it_stays_closed",
            ),
        ),
        Guard(
            "open disputes keep the keys",
            _answers("payments.disputes.keep", None),
            (f"{PAYMENTS}/test_disputes.py",),
        ),
    ]


def _of_deletions() -> list[Guard]:
    under_way = f"{ERASURE}/test_under_way.py"
    return [
        Guard(
            "a deletion: one at a time for a person",
            _answers("privacy.erasure.execution.try_person", True),
            (f"{ERASURE}/test_workers.py::test_the_lock_of_a_person_keeps_others_out_and_tells_nobody_who",),
        ),
        Guard(
            "a deletion: legal holds are looked at again by each step",
            _answers("privacy.erasure.judging.held_until", {}),
            (f"{under_way}::test_a_hold_that_is_placed_after_the_approval_is_seen_by_the_step",),
        ),
        Guard(
            "a deletion: money and keys under way",
            _answers("shop.unsettled.reasons", {}),
            (
                f"{under_way}::test_a_dispute_that_opens_between_approval_and_the_step_keeps_the_order_whole_until_it_is_decided",
                f"{under_way}::test_keys_that_are_owed_are_delivered_to_where_they_were_to_go",
            ),
        ),
        Guard(
            "a deletion: the journal comes first",
            _answers("privacy.erasure.acts._destroyed", []),
            (f"{ERASURE}/test_refusals.py::test_without_a_journal_nothing_is_erased",),
        ),
        Guard(
            "a deletion: nobody is told while something is left",
            _answers("privacy.erasure.looking.Residue.look", Looked((), {})),
            (f"{ERASURE}/test_refusals.py::test_a_row_that_came_back_meanwhile_is_found_and_erased",),
        ),
    ]


def _of_mails() -> list[Guard]:
    taking, answers = f"{MAILBOX}/test_taking.py", f"{MAILBOX}/test_answers.py"
    return [
        Guard(
            "a mail: machines get no answer",
            _replaced("privacy.mailbox.judging.Judged.may_be_answered", property(lambda _judged: True)),
            (f"{taking}::test_a_machine_is_never_answered_and_its_request_never_lost",),
        ),
        Guard(
            "a mail: machines prove nothing",
            _answers("privacy.mailbox.automatic.origin", Origin.PERSON),
            (f"{answers}::test_no_machine_proves_anything",),
        ),
        Guard(
            "a mail: what is quoted is nobody's word",
            _replaced("privacy.mailbox.own_text.of", lambda text: text),
            (f"{taking}::test_a_subject_alone_asks_and_a_quoted_mail_does_not",),
        ),
        Guard(
            "a mail: the same one in another place",
            _replaced("privacy.mailbox.taking._digest", lambda _judged: token_hex(32)),
            (f"{taking}::test_mails_without_a_message_id_are_told_apart_by_what_they_say",),
        ),
        Guard(
            "a mail: proof is asked from the address that it is about",
            _replaced("privacy.mailbox.whose_data.of", lambda message, _text: Whose(message.sender)),
            (f"{taking}::test_the_address_that_a_mail_names_is_asked_and_nobody_else",),
        ),
        Guard(
            "a mail: only our own server says whose it is",
            _answers("privacy.mailbox.authentication.server_name", "mx.evil.example"),
            (f"{MAILBOX}/test_authentication.py::test_what_counts",),
        ),
        Guard(
            "a proof: it ends after 14 days",
            _replaced("privacy.deletion_requests.proofs.LIFE", timedelta(days=9_999)),
            (
                f"{answers}::test_a_used_or_old_token_proves_no_more",
                "tests/privacy/test_views.py::test_unknown_used_and_old_links_get_the_same_answer",
            ),
        ),
    ]


def _of_the_journal() -> list[Guard]:
    return [
        Guard(
            "the journal: a database that is behind destroys nothing",
            _answers("privacy.journal.writing._compare", Standing("")),
            (
                f"{JOURNAL}/test_journal.py::test_a_restored_database_is_not_ready_and_destroys_nothing_before_its_replay",
            ),
        ),
        Guard(
            "the journal: the digest of each line",
            _answers("privacy.journal.book.hmac.compare_digest", True),
            (f"{JOURNAL}/test_book.py::test_a_line_that_was_altered_is_noticed",),
        ),
        Guard(
            "the journal: writers wait for each other",
            _answers("privacy.journal.writing._locked_position", JournalPosition(sequence=0, mac=BEGINNING.mac)),
            (
                f"{JOURNAL}/test_journal.py::test_two_writers_wait_for_each_other_so_that_a_dump_never_knows_a_line_whose_deed_it_lacks",
            ),
        ),
        Guard(
            "the journal: a key is the person's only with the hash",
            _answers("privacy.journal.is_any_of", True),
            (f"{ERASURE}/test_remembering.py::test_a_key_that_is_somebody_elses_now_is_left_alone",),
        ),
        Guard(
            "the scan: what should have been cleared isn't let pass with its row",
            _answers("privacy.residue.exemptions.is_restricted", True),
            (
                "tests/privacy/residue/test_scan.py::test_restricted_rows_are_let_pass_but_not_what_should_have_been_cleared",
            ),
        ),
        Guard(
            "the notice: a second scan after it",
            _answers("privacy.residue.report.Report.is_clean", True),
            (f"{NOTICES}::test_what_came_back_after_the_notice_is_erased_again_and_the_person_isnt_told_twice",),
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
            _answers("payments.providers.paypal_signatures.verify", None),
            (f"{PAYMENTS}/test_webhooks.py::test_what_the_provider_did_not_sign_leaves_no_row",),
        ),
        Guard(
            "play money in production",
            _answers("payments.providers.sandbox_marker.check", None),
            (f"{PAYMENTS}/providers/test_sandbox_marker.py::test_production_refuses_the_sandboxes",),
        ),
        Guard(
            "cards for the European Union, when the session is made",
            _answers("payments.providers.stripe.Stripe.serves", True),
            (
                f"{PAYMENTS}/test_attempts.py::test_a_card_from_outside_the_union_is_refused_when_the_session_would_be_made",
            ),
        ),
        Guard(
            "another shop on the same account",
            _answers("payments.traces.is_ours", True),
            (f"{PAYMENTS}/test_webhooks.py", f"{PAYMENTS}/test_statements.py"),
        ),
    ]


def everyone() -> list[Guard]:
    """All guards, by what they stand in."""
    return [
        *_of_the_database(),
        *_of_the_locks(),
        *_of_second_looks(),
        *_of_deletions(),
        *_of_mails(),
        *_of_the_journal(),
        *_of_the_edge(),
    ]
