"""Withdrawal from a part of an order: exactly that goes back, for different parts twice, for the same part once."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts import cases, licenses
from accounts.cases import mails as case_mails
from accounts.cases import parts
from accounts.models import Case
from privacy import clock, rate_limits
from shop import orders
from shop.models import Edition, Order
from tests.accounts import purchases
from tests.accounts.cases import asking
from tests.accounts.cases.asking import EMAIL, Till

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P6b")]


@pytest.fixture(autouse=True)
def _calm() -> None:
    rate_limits.forget("127.0.0.1", EMAIL)


@pytest.fixture
def order() -> Order:
    """Three licenses, five seats, and one license."""
    seats = purchases.edition(sold_per=Edition.SoldPer.SEAT)
    return purchases.paid((purchases.edition(), 3), (seats, 5), (purchases.edition(), 1))


def ids(order: Order, number: int) -> list[int]:
    """The units of a line by its number."""
    line = dict(parts.numbered(order))[number]
    return list(line.units.order_by("pk").values_list("pk", flat=True))


def post(client: Client, order: Order, **data: object) -> str:
    """Confirms a withdrawal on the order's page; gives the page that follows."""
    address = reverse("order_request", args=[orders.token(order), "withdrawal"])
    typed = {"name": "Ada", "what": "part", "known": "0", "confirm": "yes", **data}
    return client.post(address, typed, follow=True).content.decode()


def names(order: Order) -> dict[int, str]:
    return {number: f"{line.product_name} {line.edition_name}" for number, line in parts.numbered(order)}


def test_so_many_of_a_line_go_back_and_the_statement_says_exactly_which(
    order: Order, client: Client, till: Till
) -> None:
    address = reverse("order_request", args=[orders.token(order), "withdrawal"])
    typed = {"name": "Ada", "what": "part", "line_1": "2", "line_2": "4"}
    review = client.post(address, typed).content.decode()
    said = [f"{names(order)[1]}: 2 of 3 licenses", f"{names(order)[2]}: 4 of 5 seats"]
    assert all(f"<li>{line}</li>" in review for line in said)
    assert 'name="line_1" value="2"' in review
    assert not Case.objects.exists()
    shown = post(client, order, line_1="2", line_2="4")
    case = Case.objects.get()
    assert (case.part, case.state, case.needs_person) == ("1x2 2x4", "refunding", False)
    assert till.asked == [(order.number, ids(order, 1)[:2])]
    assert till.seats == {ids(order, 2)[0]: 4}
    mail = case_mails.withdrawal_received(case.pk)
    assert mail is not None
    for line in said:
        assert line in shown
        assert line in str(mail.context["said"])
    assert f"from this part of the contract of order {order.number}" in str(mail.context["said"])


def test_all_remains_what_is_chosen_before_anybody_chooses(order: Order, client: Client, till: Till) -> None:
    address = reverse("order_request", args=[orders.token(order), "withdrawal"])
    shown = client.get(address).content.decode()
    assert 'value="whole" id="id_what_0" checked' in shown
    assert f"{names(order)[2]}: how many seats of 5" in shown
    post(client, order, what="whole", line_1="1")
    assert Case.objects.get().part == ""
    assert till.asked == [(order.number, [*ids(order, 1), *ids(order, 2), *ids(order, 3)])]


def test_one_license_alone_has_nothing_to_choose(client: Client, till: Till) -> None:
    order = asking.sold()
    address = reverse("order_request", args=[orders.token(order), "withdrawal"])
    assert 'name="what"' not in client.get(address).content.decode()
    post(client, order, line_1="1")
    assert (Case.objects.get().part, len(till.asked)) == ("", 1)


def test_for_different_parts_twice_and_for_the_same_once(order: Order, client: Client, till: Till) -> None:
    post(client, order, line_1="1")
    post(client, order, line_1="1")  # the button was pressed twice
    first = Case.objects.get()
    post(client, order, line_3="1", known=first.pk)
    second = Case.objects.exclude(pk=first.pk).get()
    post(client, order, line_1="1", known=second.pk)  # one more, and knows of the first
    third = Case.objects.latest("pk")
    assert [case.part for case in (first, second, third)] == ["1x1", "3x1", "1x1"]
    one, another, _ = ids(order, 1)
    assert [units for _, units in till.asked] == [[one], ids(order, 3), [another]]
    assert asking.story(first) == ["received", "refund_asked", "repeated"]
    post(client, order, what="whole", known=third.pk)
    rest = Case.objects.latest("pk")
    assert (rest.part, till.asked[-1][1]) == ("", [ids(order, 1)[2], *ids(order, 2)])
    answer = client.get(reverse("order_request", args=[orders.token(order), "withdrawal"]))
    assert answer.status_code == 302
    post(client, order, line_1="1", known=rest.pk)
    assert Case.objects.count() == 4


def test_more_than_is_left_or_nothing_is_refused_with_a_sentence(order: Order, client: Client, till: Till) -> None:
    assert "can be returned. Type that or less." in post(client, order, line_1="4")
    assert "Type how many for at least one line" in post(client, order)
    for bad in ("-1", "1.5", "x", "9" * 30):
        post(client, order, line_1=bad)
    post(client, order, what="all of it", line_1="1")
    post(client, order, known="x", line_1="1")
    assert not Case.objects.exists()


def test_what_was_left_when_the_page_was_shown_may_be_gone_at_the_button(order: Order, till: Till) -> None:
    asking.withdraw(order, part="3x1")
    again = asking.withdraw(order, part="3x1", known=10**9)
    assert (Case.objects.count(), len(till.asked)) == (1, 1)
    assert again == Case.objects.get()


def test_sealed_ones_go_first_and_opened_ones_to_a_person(order: Order, till: Till) -> None:
    opened = purchases.keys_of(order)[0]
    licenses.open_key(opened.pk, order=order)
    case = asking.withdraw(order, part="1x2")
    assert till.asked == [(order.number, ids(order, 1)[1:])]
    assert (case.state, case.needs_person) == ("refunding", False)
    other = asking.withdraw(order, part="1x1 2x1", known=case.pk)
    assert (other.state, other.needs_person) == ("refunding", True)
    assert till.seats == {ids(order, 2)[0]: 1}
    said = other.events.filter(kind="judged").values_list("detail", flat=True)
    assert said[0] == "Keys were opened or are paused: 1."


def test_seats_of_an_opened_key_go_to_a_person(order: Order, till: Till) -> None:
    licenses.open_key(purchases.keys_of(order)[3].pk, order=order)
    case = asking.withdraw(order, part="2x2")
    assert (case.state, case.needs_person, till.asked) == ("received", True, [])


def test_all_the_seats_are_the_whole_key(order: Order, till: Till) -> None:
    asking.withdraw(order, part="2x5")
    assert (till.asked, till.seats) == ([(order.number, ids(order, 2))], {})


def test_without_login_a_part_is_said_in_words_and_read_by_a_person(order: Order, client: Client, till: Till) -> None:
    data = {"name": "Ada", "email": EMAIL, "stated_order": order.number, "text": "Two of the three licenses"}
    assert "<li>Two of the three licenses</li>" in client.post(reverse("withdraw"), data).content.decode()
    for _ in range(2):
        client.post(reverse("withdraw"), data | {"confirm": "yes"})
    first, second = Case.objects.order_by("pk")
    assert first.party.messages.get().text.splitlines()[2] == "Two of the three licenses"
    for each in (first, second):
        cases.prove(each.pk)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.part, first.state, first.needs_person, till.asked) == ("words", "received", True, [])
    assert first.events.get(kind="judged").detail == "It is about a part, which stands in the customer’s own words."
    assert (second.state, second.outcome) == ("closed", "repeated")


def test_confirmed_by_mail_the_same_part_is_one_unless_it_was_asked_for_later(order: Order, till: Till) -> None:
    def typed() -> Case:
        wish = cases.Request(kind="withdrawal", email=EMAIL, name="Ada", stated_order=order.number, part="1x1")
        return cases.ask(wish)

    one, again = typed(), typed()
    assert cases.prove(one.pk) == one
    assert cases.prove(again.pk) == one
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        later = typed()
        assert cases.prove(later.pk) == later
    assert len(till.asked) == 2
