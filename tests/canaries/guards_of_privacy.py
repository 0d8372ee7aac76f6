"""The guards of what is forgotten on request: deletions, the mails that ask for them, and the journal."""

import re
from datetime import timedelta
from secrets import token_hex

from privacy.erasure.ports import Looked
from privacy.journal.book import BEGINNING
from privacy.journal.writing import Standing
from privacy.mailbox.automatic import Origin
from privacy.mailbox.whose_data import Whose
from privacy.models import JournalPosition
from tests.canaries.guard import Guard, answers, replaced

MAILBOX = "tests/privacy/mailbox"
NOTICES = "tests/privacy/test_notices.py"
ERASURE, JOURNAL = "tests/privacy/erasure", "tests/privacy/journal"


def of_deletions() -> list[Guard]:
    under_way = f"{ERASURE}/test_under_way.py"
    return [
        Guard(
            "a deletion: one at a time for a person",
            answers("privacy.erasure.execution.try_person", True),
            (f"{ERASURE}/test_workers.py::test_the_lock_of_a_person_keeps_others_out_and_tells_nobody_who",),
        ),
        Guard(
            "a deletion: legal holds are looked at again by each step",
            answers("privacy.erasure.judging.held_until", {}),
            (f"{under_way}::test_a_hold_that_is_placed_after_the_approval_is_seen_by_the_step",),
        ),
        Guard(
            "a deletion: money and keys under way",
            answers("shop.unsettled.reasons", {}),
            (
                f"{under_way}::test_a_dispute_that_opens_between_approval_and_the_step_keeps_the_order_whole_until_it_is_decided",
                f"{under_way}::test_keys_that_are_owed_are_delivered_to_where_they_were_to_go",
            ),
        ),
        Guard(
            "a deletion: the journal comes first",
            answers("privacy.erasure.acts._destroyed", []),
            (f"{ERASURE}/test_refusals.py::test_without_a_journal_nothing_is_erased",),
        ),
        Guard(
            "a deletion: nobody is told while something is left",
            answers("privacy.erasure.looking.Residue.look", Looked((), {})),
            (f"{ERASURE}/test_refusals.py::test_a_row_that_came_back_meanwhile_is_found_and_erased",),
        ),
    ]


def of_mails() -> list[Guard]:
    taking, replies = f"{MAILBOX}/test_taking.py", f"{MAILBOX}/test_answers.py"
    return [
        Guard(
            "a mail: machines get no answer",
            replaced("privacy.mailbox.judging.Judged.may_be_answered", property(lambda _judged: True)),
            (f"{taking}::test_a_machine_is_never_answered_and_its_request_never_lost",),
        ),
        Guard(
            "a mail: machines prove nothing",
            answers("privacy.mailbox.automatic.origin", Origin.PERSON),
            (f"{replies}::test_no_machine_proves_anything",),
        ),
        Guard(
            "a mail: what is quoted is nobody's word",
            replaced("privacy.mailbox.own_text.of", lambda text: text),
            (f"{taking}::test_a_subject_alone_asks_and_a_quoted_mail_does_not",),
        ),
        Guard(
            "a mail: the same one in another place",
            replaced("privacy.mailbox.taking._digest", lambda _judged: token_hex(32)),
            (f"{MAILBOX}/test_taken_once.py::test_mails_without_a_message_id_are_told_apart_by_what_they_say",),
        ),
        Guard(
            "a mail: proof is asked from the address that it is about",
            replaced("privacy.mailbox.whose_data.of", lambda message, _text: Whose(message.sender)),
            (f"{taking}::test_the_address_that_a_mail_names_is_asked_and_nobody_else",),
        ),
        Guard(
            "a mail: only our own server says whose it is",
            answers("privacy.mailbox.authentication.server_name", "mx.evil.example"),
            (f"{MAILBOX}/test_authentication.py::test_what_counts",),
        ),
        Guard(
            "a proof: it ends after 14 days",
            replaced("privacy.deletion_requests.proofs.LIFE", timedelta(days=9_999)),
            (
                f"{replies}::test_a_used_or_old_token_proves_no_more",
                "tests/privacy/test_views.py::test_unknown_used_and_old_links_get_the_same_answer",
            ),
        ),
    ]


def of_the_journal() -> list[Guard]:
    return [
        Guard(
            "the journal: a database that is behind destroys nothing",
            answers("privacy.journal.writing._compare", Standing("")),
            (
                f"{JOURNAL}/test_journal.py::test_a_restored_database_is_not_ready_and_destroys_nothing_before_its_replay",
            ),
        ),
        Guard(
            "the journal: the digest of each line",
            answers("privacy.journal.book.hmac.compare_digest", True),
            (f"{JOURNAL}/test_book.py::test_a_line_that_was_altered_is_noticed",),
        ),
        Guard(
            "the journal: writers wait for each other",
            answers("privacy.journal.writing._locked_position", JournalPosition(sequence=0, mac=BEGINNING.mac)),
            (
                f"{JOURNAL}/test_journal.py::test_two_writers_wait_for_each_other_so_that_a_dump_never_knows_a_line_whose_deed_it_lacks",
            ),
        ),
        Guard(
            "the journal: a key is the person's only with the hash",
            answers("privacy.journal.is_any_of", True),
            (f"{ERASURE}/test_remembering.py::test_a_key_that_is_somebody_elses_now_is_left_alone",),
        ),
        Guard(
            "the scan: what should have been cleared isn't let pass with its row",
            answers("privacy.residue.exemptions.is_restricted", True),
            (
                "tests/privacy/residue/test_scan.py::test_restricted_rows_are_let_pass_but_not_what_should_have_been_cleared",
            ),
        ),
        Guard(
            "the notice: a second scan after it",
            answers("privacy.residue.report.Report.is_clean", True),
            (f"{NOTICES}::test_what_came_back_after_the_notice_is_erased_again_and_the_person_isnt_told_twice",),
        ),
    ]


def of_wordings() -> list[Guard]:
    wordings = "tests/privacy/test_mail_wordings.py"
    return [
        Guard(
            "words of managers: nothing but the names of values",
            answers("privacy.mail_wordings.check", None),
            (f"{wordings}::test_code_is_refused_with_a_sentence",),
        ),
        Guard(
            "words of managers: what opens something is no value",
            replaced("privacy.mail_wordings._SECRET", re.compile("(?!)")),
            (f"{wordings}::test_no_value_opens_anything",),
        ),
    ]


def everyone() -> list[Guard]:
    """All of them."""
    return [*of_deletions(), *of_mails(), *of_wordings(), *of_the_journal()]
