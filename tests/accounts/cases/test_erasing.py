"""A deletion and a case: an open claim is answered first, then everything that was written goes, with its files."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import cases
from accounts.cases import attachments
from accounts.models import Case, CaseAttachment, CaseMessage, CaseParty
from privacy import clock, residue, retention
from privacy.erasure import acts, erasers, outbox
from privacy.erasure.cases import Case as Deletion
from privacy.erasure.remainders import take_up
from privacy.exports import presenters
from privacy.models import OutgoingMail
from privacy.people import Person
from shop.models import Order, OrderParty
from tests.accounts.cases import asking
from tests.accounts.cases.asking import EMAIL

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P6b", "P12a")]
ADA = Person(frozenset(), frozenset({EMAIL}))
MARK = "My number is 0170 5550190."


def full(kind: str = "complaint") -> Case:
    """A case with messages both ways, a note and two files."""
    files = attachments.check([SimpleUploadedFile("a.txt", f"I am {EMAIL}".encode())])
    case = asking.ask(asking.sold(), kind, MARK, files=files)
    cases.answer(case.pk, "Thank you, Ada.", by=None)
    cases.note(case.pk, f"Wrote from {EMAIL}.", by=None)
    return case


def erase(model: Any = CaseParty) -> int:
    return acts.act(erasers.for_model(model), Deletion(ADA), plan="test")


def left() -> list[int]:
    return [rows.objects.count() for rows in (CaseParty, CaseMessage, CaseAttachment)]


def test_a_closed_case_loses_its_person_and_every_word() -> None:
    case = full()
    cases.close(case.pk, by=None, outcome="answered")
    assert left() == [1, 3, 1]
    assert erase() == 1
    assert left() == [0, 0, 0]
    case.refresh_from_db()
    assert (case.state, case.order) == ("closed", Order.objects.get())


@pytest.mark.parametrize("kind", ["complaint", "refund"])
def test_an_open_claim_is_kept_until_it_is_answered(kind: str) -> None:
    case = full(kind)
    erase()
    party = CaseParty.objects.get()
    assert (party.restricted_at is not None, left()) == (True, [1, 3, 1])
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        assert take_up() == 0
        cases.answer(case.pk, "Done.", by=None, outcome="answered")
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        take_up()
    assert left() == [0, 0, 0]


def test_a_question_claims_nothing_and_goes_at_once() -> None:
    full("question")
    erase()
    assert left() == [0, 0, 0]


def test_the_order_of_an_open_claim_stays_whole_and_is_narrowed_afterwards() -> None:
    case = full()
    erase(OrderParty)
    assert OrderParty.objects.get().city == ""
    OrderParty.objects.update(city="Hamburg", restricted_at=None)
    erase(OrderParty)
    assert OrderParty.objects.get().city == "Hamburg"
    cases.close(case.pk, by=None, outcome="refused")
    erase(OrderParty)
    assert OrderParty.objects.get().city == ""


def test_the_scan_reads_what_is_in_a_file() -> None:
    full()
    CaseParty.objects.update(email="")
    CaseMessage.objects.update(text="-")
    places = {finding.where for finding in residue.scan(ADA).findings}
    assert "accounts_caseattachment.content" in places


def test_mails_that_wait_are_dropped_but_for_those_of_an_open_claim() -> None:
    claim, closed = full(), full("question")
    cases.close(closed.pk, by=None, outcome="answered")
    outbox.drop(Deletion(ADA))
    waiting = OutgoingMail.objects.filter(state="pending", kind__startswith="case_")
    assert set(waiting.filter(kind__in=["case_received", "case_closed"]).values_list("object_id", flat=True)) == {
        claim.pk
    }
    assert waiting.filter(kind="case_answer").count() == 1


def test_a_year_after_it_was_closed_its_person_goes_and_after_three_the_fact() -> None:
    case = full()
    cases.close(case.pk, by=None, outcome="answered")
    party = CaseParty.objects.get()
    case.refresh_from_db()
    assert party.expires_at == case.closed_at + timedelta(days=365)
    for days, rows, facts in ((364, [1, 3, 1], 1), (365, [0, 0, 0], 1), (1097, [0, 0, 0], 0)):
        with time_machine.travel(case.closed_at + timedelta(days=days, seconds=1), tick=False):
            list(retention.run())
        assert (left(), Case.objects.count()) == (rows, facts)


def test_with_its_order_s_person_the_case_forgets_its_order() -> None:
    case = full()
    OrderParty.objects.update(expires_at=None)
    party = OrderParty.objects.get()
    with time_machine.travel(party.order.placed_at + timedelta(days=1100), tick=False):
        list(retention.run())
    case.refresh_from_db()
    assert not OrderParty.objects.exists()
    assert case.order is None


def test_the_copy_of_their_data_has_what_was_written_but_no_secret_for_staff() -> None:
    full()
    shown = presenters.for_model(CaseParty)
    row = shown.joined(shown.rows(ADA)).get()
    assert row.email == EMAIL
    assert "/requests/" in shown.facts(row, for_staff=False)["page"]
    assert "page" not in shown.facts(row, for_staff=True)
    messages = presenters.for_model(CaseMessage)
    assert MARK in [message.text for message in messages.joined(messages.rows(ADA))]
