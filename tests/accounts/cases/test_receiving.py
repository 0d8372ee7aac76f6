"""Requests come in, with a link and without; whether there is such an order is told to nobody who doesn't own it."""

from datetime import timedelta

import pytest
import time_machine

from accounts import cases
from accounts.cases import links
from accounts.cases import mails as case_mails
from accounts.models import Case, CaseMessage
from privacy import clock, mails
from tests.accounts.cases import asking
from tests.accounts.cases.asking import EMAIL, Till

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P6b")]


def typed(number: str, *, kind: str = "withdrawal", email: str = EMAIL) -> Case:
    return cases.ask(cases.Request(kind=kind, email=email, name="Ada Lovelace", stated_order=number, text="Why."))


def test_a_request_waits_for_us_until_its_day() -> None:
    case = asking.ask(asking.sold(), "complaint")
    assert (case.state, case.needs_person) == ("received", True)
    assert case.due_at - case.received_at == timedelta(days=7)
    assert asking.mailed(case) == ["case_received"]


def test_from_the_form_it_waits_for_its_address_and_nothing_goes_back(till: Till) -> None:
    case = typed(asking.sold().number)
    assert (case.state, asking.mailed(case), till.asked) == ("unproven", ["case_proof"], [])
    assert not Case.objects.exclude(state="unproven").exists()


def test_the_mail_to_an_address_that_nobody_proved_carries_no_word_of_whoever_typed_it() -> None:
    """Else anybody has the shop send what they like to whom they like."""
    for kind in ("withdrawal", "refund", "complaint", "question"):
        wish = cases.Request(
            kind=kind, email=EMAIL, name="Zqx Zqx", stated_order="ZQX-1", text="Pay at https://zqx.example"
        )
        mail = mails.kinds()["case_proof"](cases.ask(wish).pk)
        assert mail is not None
        message = mails.build(mail)
        parts = f"{message.subject} {message.body} {message.alternatives[0][0]}"
        assert "zqx" not in parts.lower()
        assert "The page of this link shows what was written." in str(message.body)


@pytest.mark.parametrize("email", [EMAIL, "ADA@Example.com"])
def test_confirmed_it_is_carried_out_as_of_the_moment_it_was_written(till: Till, email: str) -> None:
    order = asking.sold()
    case = typed(order.number, email=email)
    with time_machine.travel(clock.now() + timedelta(days=13), tick=False):
        assert cases.prove(case.pk) == case
    with time_machine.travel(clock.now() + timedelta(days=13, hours=1), tick=False):
        assert cases.prove(case.pk).state == "refunding"
    assert len(till.asked) == 1
    assert asking.mailed(case) == ["case_proof", "withdrawal_received"]


def test_whether_there_is_such_an_order_changes_nothing_before_it_is_confirmed(till: Till) -> None:
    order = asking.sold()
    made = [typed(order.number), typed("AO-999999"), typed(order.number, email="eve@example.com")]
    told = [(case.kind, case.state, asking.story(case), asking.mailed(case)) for case in made]
    assert told[0] == told[1] == told[2]
    assert [case.order_id for case in made] == [order.pk, None, None]
    for stranger in made[1:]:
        cases.prove(stranger.pk)
        stranger.refresh_from_db()
        assert (stranger.state, stranger.needs_person) == ("received", True)
    assert till.asked == []


def test_confirmed_after_the_order_s_page_was_quicker_it_is_that_case(till: Till) -> None:
    order = asking.sold()
    typed_first = typed(order.number)
    first = asking.withdraw(order)
    assert cases.prove(typed_first.pk) == first
    typed_first.refresh_from_db()
    assert (typed_first.state, typed_first.outcome) == ("closed", "repeated")
    assert len(till.asked) == 1


def test_a_refund_request_of_the_same_order_is_the_same_case_while_it_is_open() -> None:
    order = asking.sold()
    first = asking.ask(order, text="It doesn’t fit.")
    again = asking.ask(order, text="And it is slow.")
    assert first == again
    assert list(first.party.messages.values_list("text", flat=True)) == ["It doesn’t fit.", "And it is slow."]
    cases.close(first.pk, by=None, outcome="refused")
    assert asking.ask(order) != first


def test_two_complaints_are_two_cases() -> None:
    order = asking.sold()
    assert asking.ask(order, "complaint") != asking.ask(order, "complaint")


def test_what_nobody_confirmed_is_deleted_after_two_weeks() -> None:
    stale, proven = typed("AO-1"), typed("AO-2", kind="complaint")
    cases.prove(proven.pk)
    with time_machine.travel(clock.now() + timedelta(days=14, seconds=1), tick=False):
        fresh = typed("AO-3")
        assert cases.close_unproven() == 1
    assert set(Case.objects.all()) == {proven, fresh}
    assert not CaseMessage.objects.filter(party__case=stale.pk).exists()


def test_confirmed_late_a_withdrawal_is_paid_back_by_the_day_that_its_statement_set(till: Till) -> None:
    case = typed(asking.sold().number)
    with time_machine.travel(clock.now() + timedelta(days=10), tick=False):
        cases.prove(case.pk)
    case.refresh_from_db()
    assert case.due_at - case.received_at == timedelta(days=14)


def test_a_withdrawal_that_nobody_confirms_goes_to_a_person_where_it_names_an_order_of_its_address(till: Till) -> None:
    order = asking.sold()
    real, stranger = typed(order.number), typed(order.number, email="eve@example.com")
    complaint = typed(order.number, kind="complaint")
    with time_machine.travel(clock.now() + timedelta(days=2, hours=23), tick=False):
        assert cases.hand_over_unproven() == 0
    with time_machine.travel(clock.now() + timedelta(days=3, seconds=1), tick=False):
        assert (cases.hand_over_unproven(), cases.hand_over_unproven()) == (1, 0)
    states = [Case.objects.get(pk=case.pk).state for case in (real, stranger, complaint)]
    assert states == ["received", "unproven", "unproven"]
    assert till.asked == []
    assert asking.mailed(real) == ["case_proof", "withdrawal_received"]
    with time_machine.travel(clock.now() + timedelta(days=4), tick=False):
        assert cases.prove(real.pk) == real  # the link is no surprise to who uses it late


def test_the_mail_that_asks_for_proof_acknowledges_a_withdrawal_with_its_moment() -> None:
    """Directive 2011/83/EU, Art. 11a(4): content, day and time, without undue delay."""
    order = asking.sold(3)
    wish = cases.Request(kind="withdrawal", email=EMAIL, name="Ada", stated_order=order.number, part="1x2")
    case = cases.ask(wish)
    mail = case_mails.proof(case.pk)
    assert mail is not None
    body = mails.build(mail).body
    line = order.lines.get()
    assert f"{case.received_at:%H:%M:%S} UTC" in body
    assert f"about order {order.number}, for {line.product_name} Team: 2 of 3 licenses." in body
    assert "it shows what was sent, and when" in body


def test_a_link_finds_its_case_alone() -> None:
    one, other = asking.ask(asking.sold()), asking.ask(asking.sold())
    token = links.token(one.party)
    assert links.find(token) == one.party != other.party
    assert links.find(token[:-1]) is None
    assert one.link_hash != token not in str(vars(one.party))
    assert links.mail_address(one.party).split("+")[1].split("@")[0] not in token
