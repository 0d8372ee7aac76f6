"""Messages both ways, notes, assignment, and how a case ends and opens again."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail as outbox

from accounts import cases
from accounts.cases import canned, figures
from accounts.models import Case, CaseMessage
from privacy import clock, mails
from privacy.models import OutgoingMail
from tests import desk
from tests.accounts.cases import asking
from tests.accounts.cases.asking import Till

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P6b")]


def after(**time: int) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(**time), tick=False)


def test_an_answer_goes_out_by_mail_and_waits_for_the_customer() -> None:
    case, clerk = asking.ask(asking.sold()), desk.person("Support")
    message = cases.answer(case.pk, "We look at it.", by=clerk)
    case.refresh_from_db()
    assert (case.state, case.needs_person, message.by) == ("waiting", False, clerk)
    assert case.answered_at is not None
    assert OutgoingMail.objects.filter(kind="case_answer", object_id=message.pk).count() == 1


def test_the_customer_s_answer_brings_it_back_to_us_with_a_new_day() -> None:
    case = asking.ask(asking.sold())
    cases.answer(case.pk, "Which version?", by=None)
    with after(days=5):
        cases.add(case.pk, "The newest.", way="page")
        case.refresh_from_db()
        assert (case.state, case.needs_person) == ("received", True)
        assert case.due_at - clock.now() == timedelta(days=7)


def test_a_closed_case_opens_by_an_answer_within_thirty_days_and_not_later() -> None:
    case = asking.ask(asking.sold())
    cases.answer(case.pk, "Done.", by=None, outcome="answered")
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "answered")
    with after(days=31), pytest.raises(cases.CannotDo, match="more than 30 days ago"):
        cases.add(case.pk, "Hello?", way="page")
    with after(days=29):
        cases.add(case.pk, "Hello?", way="page")
    case.refresh_from_db()
    case.party.refresh_from_db()
    assert (case.state, case.outcome, case.closed_at, case.party.ended_at) == ("received", "", None, None)


def test_more_messages_a_day_than_anybody_reads_are_refused() -> None:
    case = asking.ask(asking.sold())
    for number in range(19):
        cases.add(case.pk, f"Message {number}", way="page")
    with pytest.raises(cases.TooMuch, match="tomorrow"):
        cases.add(case.pk, "One more", way="page")
    with after(days=1, seconds=1):
        cases.add(case.pk, "One more", way="page")


def test_a_note_stays_among_colleagues() -> None:
    case, clerk = asking.ask(asking.sold()), desk.person("Support")
    cases.note(case.pk, "Knows the product well.", by=clerk)
    note = case.party.messages.get(sort="note")
    assert note.by == clerk
    assert not OutgoingMail.objects.filter(kind="case_answer").exists()
    case.refresh_from_db()
    assert case.state == "received"


def test_who_goes_on_with_it_is_on_record() -> None:
    case, clerk = asking.ask(asking.sold()), desk.person("Support")
    for _ in range(2):
        cases.assign(case.pk, to=clerk, by=clerk)
    case.refresh_from_db()
    assert case.assigned_to == clerk
    assert asking.story(case).count("assigned") == 1


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_is_no_answer_and_no_note(text: str) -> None:
    case = asking.ask(asking.sold())
    for write in (cases.answer, cases.note):
        with pytest.raises(cases.CannotDo, match=r"first\."):
            write(case.pk, text, by=None)
    assert case.party.messages.count() == 1


def test_a_case_that_waits_for_its_refund_isn_t_closed_by_hand(till: Till) -> None:
    case = asking.withdraw(asking.sold())
    with pytest.raises(cases.CannotDo, match="waits for a refund"):
        cases.close(case.pk, by=None, outcome="answered")
    cases.refund_ended(case.refunds.get().about, succeeded=True)
    cases.close(case.pk, by=None, outcome="answered")
    case.refresh_from_db()
    assert case.outcome == "refunded"


def test_staff_give_back_what_is_left_of_a_line(till: Till) -> None:
    order, clerk = asking.sold(2), desk.person("Shop Manager")
    case = asking.ask(order)
    cases.answer(case.pk, "We look at it.", by=clerk)
    cases.refund(case.pk, [order.lines.get().pk], by=clerk)
    case.refresh_from_db()
    assert case.state == "refunding"
    assert len(till.asked[0][1]) == 2
    assert "case_refunding" in asking.mailed(case)


def test_a_closed_case_and_one_without_an_order_give_nothing_back(till: Till) -> None:
    clerk = desk.person("Shop Manager")
    closed, without = asking.ask(asking.sold()), asking.ask(None, "question")
    cases.close(closed.pk, by=clerk, outcome="refused")
    for case, why in ((closed, "open it again"), (without, "belongs to no order")):
        with pytest.raises(cases.CannotDo, match=why):
            cases.refund(case.pk, [1], by=clerk)
    assert till.asked == []


def test_every_mail_of_a_case_comes_from_its_own_address(till: Till, mailoutbox: list[outbox.EmailMessage]) -> None:
    case = asking.withdraw(asking.sold())
    cases.refund_ended(case.refunds.get().about, succeeded=True)
    cases.answer(case.pk, "It is <b>done</b>.", by=None)
    mails.send_due()
    about = [message for message in mailoutbox if case.number in message.subject]
    assert len(about) == 3
    senders = {message.from_email for message in about}
    assert len(senders) == 1
    assert "<support+" in senders.pop()
    received, closed, answer = (
        next(message for message in about if word in message.subject) for word in ("have your", "closed", "answer")
    )
    assert f"{case.received_at:%H:%M:%S} UTC" in received.body
    assert "I withdraw from the contract of order" in received.body
    assert "€119.00" in received.body
    assert "30 days" in closed.body
    assert "It is <b>done</b>." in answer.body
    assert "&lt;b&gt;done" in str(answer.alternatives[0][0])  # type: ignore[attr-defined]
    assert answer.extra_headers["Auto-Submitted"] == "no"


def test_a_canned_answer_takes_the_case_s_names_and_runs_nothing() -> None:
    case = asking.ask(asking.sold())
    text = "Hello {name}, {number} is about {order}. {{ secret }} {% now %} {name.__class__}"
    filled = canned.filled(text, case, case.party)
    assert filled.startswith(f"Hello Ada Lovelace, {case.number} is about {case.order.number}.")
    assert filled.endswith("{{ secret }} {% now %} {name.__class__}")
    assert canned.unknown(text) == [" secret ", "% now %", "name.__class__"]
    assert canned.unknown("Hello {name}") == []


def test_the_figure_tells_what_is_open_and_what_is_late() -> None:
    assert figures.answered().figure == "0"
    case = asking.ask(asking.sold())
    with after(days=1):
        cases.answer(case.pk, "Soon.", by=None)
        shown = figures.answered()
        assert (shown.figure, shown.is_broken) == ("1", False)
        assert "1 day." in shown.note
        cases.add(case.pk, "When?", way="page")
    with after(days=9):
        assert figures.answered().is_broken
        assert figures.overdue().get() == case


def test_an_unproven_case_takes_no_message() -> None:
    case = cases.ask(cases.Request(kind="question", email="eve@example.com", text="Hello"))
    for deed in (lambda: cases.add(case.pk, "Hi", way="page"), lambda: cases.answer(case.pk, "Hi", by=None)):
        with pytest.raises(cases.CannotDo, match="onfirm"):
            deed()
    assert CaseMessage.objects.count() == 1
    assert Case.objects.get().state == "unproven"
