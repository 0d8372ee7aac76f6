"""The pages on which customers ask: withdrawal in two steps, requests about an order, the form without login."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts import cases
from accounts.cases import links
from accounts.models import Case, User
from privacy import rate_limits
from shop import orders
from shop.models import Order
from tests.accounts.cases import asking
from tests.accounts.cases.asking import EMAIL, Till

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P6b")]
TYPED = {"name": "Ada Lovelace", "email": EMAIL}


@pytest.fixture(autouse=True)
def _calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody asked before this test; what is limited is tested by itself."""
    rate_limits.forget("127.0.0.1", EMAIL)


def by_link(order: Order, kind: str) -> str:
    return reverse("order_request", args=[orders.token(order), kind])


def test_withdrawing_takes_two_steps_and_tells_the_moment(client: Client, till: Till) -> None:
    order = asking.sold()
    shown = client.get(reverse("order", args=[orders.token(order)])).content.decode()
    assert "Withdraw from contract here" in shown
    address = by_link(order, "withdrawal")
    assert f'href="{address}"' in shown
    first = client.post(address, {"name": "Ada Lovelace"}).content.decode()
    assert "Confirm withdrawal" in first
    assert EMAIL in first
    assert not Case.objects.exists()
    again = client.post(address, {"name": "Ada Lovelace", "change": "yes"}).content.decode()
    assert "Confirm withdrawal" not in again
    answer = client.post(address, {"name": "Ada Lovelace", "confirm": "yes"}, follow=True)
    case = Case.objects.get()
    assert f"{case.received_at:%H:%M:%S} UTC" in answer.content.decode()
    assert answer.redirect_chain == [(links.path(case.party), 302)]
    assert len(till.asked) == 1


def test_withdrawn_twice_it_is_the_same_page_and_no_second_refund(client: Client, till: Till) -> None:
    order = asking.sold()
    case = asking.withdraw(order)
    for data in ({"name": "Ada"}, {"name": "Ada", "confirm": "yes"}):
        answer = client.post(by_link(order, "withdrawal"), data)
        assert (answer.status_code, answer["Location"]) == (302, links.path(case.party))
    assert len(till.asked) == 1


def test_without_login_the_same_is_said_whether_there_is_such_an_order(client: Client, till: Till) -> None:
    order = asking.sold()
    answers = []
    for number in (order.number, "AO-999999"):
        data = TYPED | {"stated_order": number}
        assert "Confirm withdrawal" in client.post(reverse("withdraw"), data).content.decode()
        shown = client.post(reverse("withdraw"), data | {"confirm": "yes"}).content.decode()
        answers.append(re.sub(r"\d\d:\d\d:\d\d|nonce=\S+", "", shown))
    assert answers[0] == answers[1]
    assert [case.state for case in Case.objects.all()] == ["unproven", "unproven"]
    assert till.asked == []


def test_the_link_in_the_mail_confirms_by_its_button_alone(client: Client, till: Till) -> None:
    order = asking.sold()
    client.post(reverse("withdraw"), TYPED | {"stated_order": order.number.removeprefix("AO-"), "confirm": "yes"})
    address = links.path(Case.objects.get().party)
    assert "Is this yours?" in client.get(address).content.decode()
    client.head(address)
    assert till.asked == []
    for _ in range(2):
        client.post(address, {"answer": "confirm"})
    assert Case.objects.get().state == "refunding"
    assert len(till.asked) == 1


def test_whoever_got_keys_for_somebody_else_s_order_needs_the_buyer(client: Client, till: Till) -> None:
    order = asking.sold(delivery_email="colleague@example.com")
    data = {"name": "Mallory", "confirm": "yes"}
    assert "look into your mail" in client.post(by_link(order, "withdrawal"), data).content.decode()
    case = Case.objects.get()
    assert (case.state, case.party.email, till.asked) == ("unproven", EMAIL, [])


def test_what_the_buyer_wrote_is_not_for_whoever_got_the_keys(client: Client, till: Till) -> None:
    order = asking.sold(delivery_email="colleague@example.com")
    case = cases.receive(cases.Request(kind="refund", email=EMAIL, text="It fails."), order, channel="account")
    shown = client.get(orders.path(order)).content.decode()
    assert f"Refund request {case.number}" in shown
    answer = client.get(by_link(order, "refund"), follow=True)
    assert answer.redirect_chain == [(orders.path(order), 302)]
    assert links.path(case.party) not in shown + answer.content.decode()
    type(order.party).objects.update(delivery_email="")
    order.refresh_from_db()
    assert links.path(case.party) in client.get(orders.path(order)).content.decode()
    assert client.get(by_link(order, "refund")).headers["Location"] == links.path(case.party)


def test_a_company_is_told_politely_that_a_person_decides(client: Client, till: Till) -> None:
    order = asking.sold(is_business=True)
    assert "Withdraw from contract here" not in client.get(orders.path(order)).content.decode().split("<footer")[0]
    assert "a person looks at it and decides" in client.get(by_link(order, "withdrawal")).content.decode()
    client.post(by_link(order, "withdrawal"), {"name": "Ada", "confirm": "yes"})
    assert (Case.objects.get().state, till.asked) == ("received", [])


def test_of_what_was_given_back_nothing_is_left_to_ask_for(client: Client, till: Till) -> None:
    order = asking.sold()
    order.lines.get().units.update(state="refunded")
    for kind in ("withdrawal", "refund"):
        assert "was given back already" in client.get(by_link(order, kind)).content.decode()
        client.post(by_link(order, kind), {"name": "Ada", "text": "Again.", "confirm": "yes"})
    assert not Case.objects.exists()
    client.post(by_link(order, "complaint"), {"text": "No money came."})
    assert Case.objects.get().kind == "complaint"


def test_a_complaint_takes_files_and_refuses_others_with_a_sentence(client: Client) -> None:
    order = asking.sold()
    bad = SimpleUploadedFile("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    answer = client.post(by_link(order, "complaint"), {"text": "It fails.", "uploads": [bad]})
    assert answer.status_code == 422
    assert "drawing.svg: We don’t take SVG" in answer.content.decode()
    good = [SimpleUploadedFile(f"{name}.txt", b"Log.") for name in "ab"]
    client.post(by_link(order, "complaint"), {"text": "It fails.", "uploads": good})
    case = Case.objects.get()
    assert [file.name for file in case.party.messages.get().attachments.all()] == ["a.txt", "b.txt"]
    file = case.party.messages.get().attachments.all()[0]
    path = reverse("request_file", args=[links.token(case.party), file.pk])
    answer = client.get(path)
    assert answer["Content-Disposition"] == 'attachment; filename="a.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("text", ["", "   ", "x" * 5_001, "\u202eevil", "a\x00b"])
def test_a_text_that_can_t_be_read_is_refused(client: Client, text: str) -> None:
    assert client.post(by_link(asking.sold(), "complaint"), {"text": text}).status_code == 422
    assert not Case.objects.exists()


def test_the_page_of_a_request_shows_both_sides_and_no_note(client: Client) -> None:
    case = asking.ask(asking.sold(), "complaint", "It <b>fails</b>.")
    cases.answer(case.pk, "Which version?", by=None)
    cases.note(case.pk, "Difficult person.", by=None)
    address = links.path(case.party)
    shown = client.get(address)
    assert "It &lt;b&gt;fails&lt;/b&gt;." in shown.content.decode()
    assert "Which version?" in shown.content.decode()
    assert "Difficult person." not in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    client.post(address, {"text": "Version 2."})
    case.refresh_from_db()
    assert (case.state, case.party.messages.last().text) == ("received", "Version 2.")


def test_the_account_lists_its_requests_and_asks_about_its_orders(as_ada: Client, ada: User, till: Till) -> None:
    order = asking.sold(user=ada)
    as_ada.post(reverse("account_request", args=[order.number, "refund"]), {"text": "Too slow."})
    case = Case.objects.get()
    assert (case.party.user, case.channel) == (ada, "account")
    shown = as_ada.get(reverse("account_requests")).content.decode()
    assert case.number in shown
    assert links.path(case.party) in shown


def test_many_requests_of_a_connection_are_refused_and_many_about_an_address_answered_alike(client: Client) -> None:
    data = TYPED | {"kind": "question", "text": "When?", "stated_order": ""}
    answers = [client.post(reverse("requests"), data) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [422]
    assert Case.objects.count() == 5
    assert "wait ten minutes" in answers[-1].content.decode()


@pytest.mark.parametrize("name", ["requests", "withdraw"])
def test_a_form_with_nothing_in_it_says_what_is_missing(client: Client, name: str) -> None:
    answer = client.post(reverse(name), {"email": "no address"})
    assert answer.status_code == 422
    assert "Write the address with an @" in answer.content.decode()
    assert not Case.objects.exists()
