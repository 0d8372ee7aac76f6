"""Orders on the desk: what a page shows, and verbs that ask first, act once, and refuse in a sentence."""

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from payments.models import Attempt, Refund
from privacy import clock
from privacy.models import OutgoingMail
from shop import orders
from shop.models import Order, OrderParty, VatCheck
from tests import desk
from tests.accounts import purchases

pytestmark = pytest.mark.django_db
LIST = "/admin/shop/order/"


@pytest.fixture
def manager() -> Client:
    return desk.at_desk("Shop Manager")


@pytest.fixture
def paid() -> Order:
    order = purchases.paid((purchases.edition(), 2))
    capture(order)
    return order


@pytest.fixture
def waiting() -> Order:
    return purchases.order((purchases.edition(), 1))


def capture(order: Order) -> Attempt:
    return Attempt.objects.create(
        order=order,
        number=1,
        provider="card",
        state="captured",
        amount=order.total,
        currency="EUR",
        captured_at=clock.now(),
    )


def page(order: Order) -> str:
    return reverse("admin:shop_order_change", args=[order.pk])


def asking(verb: str, *chosen: Order) -> str:
    query = "&".join(f"order={order.pk}" for order in chosen)
    return f"{reverse('admin:shop_order_verb', args=[verb])}?{query}"


def do(client: Client, verb: str, *chosen: Order, **said: str) -> list[str]:
    """Confirms a verb; returns the sentences that answer."""
    response = client.post(asking(verb, *chosen), {"token": str(uuid.uuid4()), **said}, follow=True)
    assert [status for _, status in response.redirect_chain] == [302]
    return sentences(response)


def sentences(response: HttpResponse) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def state(order: Order) -> str:
    return Order.objects.get(pk=order.pk).state


# --- What is shown ----------------------------------------------------------------------------------------------------


@pytest.mark.promise("P9a")
def test_the_list_masks_addresses_and_the_page_shows_them(manager: Client, paid: Order) -> None:
    OrderParty.objects.filter(order=paid).update(email="kim@nordhafen.example", company="Nordhafen")
    listed = manager.get(LIST).content.decode()
    assert ("k…@nord….example" in listed, "kim@nordhafen.example" in listed) == (True, False)
    shown = manager.get(page(paid)).content.decode()
    facts = re.findall(r"<dt>(.+?)</dt>\s*<dd class=\"figure\">(.+?)</dd>", shown)
    assert [fact for fact, _ in facts][-1] == "Leaves this order"
    assert facts[-6:-1] == [
        ("Name", "Ada Lovelace"),
        ("E-mail address", "kim@nordhafen.example"),
        ("Keys are mailed to", "kim@nordhafen.example"),
        ("Company", "Nordhafen"),
        ("Account", "bought as a guest"),
    ]


@pytest.mark.promise("P9a")
def test_the_party_needs_a_permission_of_its_own(paid: Order) -> None:
    clerk = desk.person("Support")
    clerk.user_permissions.add(Permission.objects.get(codename="view_order"))
    client = desk.enter(clerk)
    for address in (LIST, page(paid), f"{LIST}?q=ada@example.com"):
        text = client.get(address).content.decode()
        assert [word for word in ("Ada Lovelace", "@example.com</", "a…@exa….com", "Party") if word in text] == []
    assert client.get(f"{LIST}?q=ada@example.com").context["cl"].result_count == 0


def test_an_order_whose_period_ended_says_so(manager: Client, paid: Order) -> None:
    OrderParty.objects.filter(order=paid).delete()
    today = date_format(clock.today(), "j F Y")
    assert f"Name and address removed on {today}." in manager.get(page(paid)).content.decode()
    assert "removed" in manager.get(LIST).content.decode()


def test_the_page_has_lines_units_payments_refunds_holds_and_the_story(manager: Client, paid: Order) -> None:
    sections = {section.title: section for section in manager.get(page(paid)).context["sections"]}
    payments = ["Fraud review", "Tax", "Payments", "Refunds"]
    assert list(sections) == ["Lines", "Units and keys", *payments, "Holds", "Story"]
    assert [[str(cell) for cell in row][1:] for row in sections["Lines"].rows] == [
        ["2", "€119.00", "€200.00", "€38.00 (19%)", "€238.00", "2 of 2"]
    ]
    assert [re.sub("<.+?>", "", str(row[4])) for row in sections["Units and keys"].rows] == ["assigned", "assigned"]
    told = ["Paid", "Keys assigned", "Mail: order confirmation"]
    assert [row[1] for row in sections["Story"].rows if row[1] in told] == told


def test_of_many_units_the_first_hundred_are_shown(manager: Client) -> None:
    order = purchases.paid((purchases.edition(), 101))
    units = manager.get(page(order)).context["sections"][1]
    assert (len(units.rows), units.note) == (100, "The first 100 of 101: 101 delivered.")


def test_the_page_runs_the_same_queries_for_1_unit_and_for_30(manager: Client) -> None:
    for count in (1, 30):
        order = purchases.paid((purchases.edition(), count))
        for by in (desk.person("Shop Manager"), desk.person("Administrator")):
            orders.hold(order.pk, by=by, reason="A reason.")
            Order.objects.filter(pk=order.pk).update(state="paid")
            order.holds.update(released_at=clock.now(), released_by=by)
        manager.get(page(order))
        with CaptureQueriesContext(connection) as captured:
            manager.get(page(order))
        assert len(captured) == 28  # tax 2, story 7; fraud review, disputes, the way to give back


def test_money_and_states_are_nowhere_to_be_typed(manager: Client, paid: Order) -> None:
    text = manager.get(page(paid)).content.decode()
    assert re.findall(r'<(?:input|select|textarea)[^>]*name="(?!csrfmiddlewaretoken|s")([^"]*)"', text) == []
    before = Order.objects.values().get(pk=paid.pk)
    assert manager.post(page(paid), {"total": "1", "state": "cancelled"}).status_code == 403
    assert Order.objects.values().get(pk=paid.pk) == before


# --- Verbs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "offered"),
    [
        ("pending_payment", ["hold", "cancel"]),
        ("paid", ["resend", "hold"]),
        ("on_hold", ["release", "cancel"]),
        ("expired", []),
        ("cancelled", []),
    ],
)
def test_a_page_offers_the_verbs_of_its_state(manager: Client, waiting: Order, make: str, offered: list[str]) -> None:
    Order.objects.filter(pk=waiting.pk).update(paid_at=clock.now() if make == "paid" else None)
    if make != "pending_payment":
        Order.objects.filter(pk=waiting.pk).update(state=make)
    assert [verb.name for verb, _ in manager.get(page(waiting)).context["verbs"]] == offered


@pytest.mark.parametrize("verb", ["resend", "hold", "release", "cancel"])
def test_a_verb_asks_first_and_names_its_consequence(manager: Client, paid: Order, verb: str) -> None:
    response = manager.get(asking(verb, paid))
    text = response.content.decode()
    assert response.context["verb"].consequence in text.replace("&#x27;", "'")
    assert f"order {paid.number}" in text
    assert state(paid) == "paid"


def test_the_list_leads_to_the_same_page(manager: Client, paid: Order, waiting: Order) -> None:
    response = manager.post(LIST, {"action": "hold", "_selected_action": [paid.pk, waiting.pk]})
    assert response.status_code == 302
    asked = manager.get(response["Location"])
    assert {order.pk for order in asked.context["orders"]} == {paid.pk, waiting.pk}
    assert "Put 2 orders on hold" in asked.content.decode()


def test_hold_then_release_puts_a_paid_order_back(manager: Client, paid: Order) -> None:
    assert do(manager, "hold", paid, reason="Looks odd.") == [f"Put on hold: {paid.number}."]
    hold = paid.holds.get()
    assert (state(paid), hold.reason, hold.placed_by.name.split()[0]) == ("on_hold", "Looks odd.", "Kim")
    assert do(manager, "release", paid) == [f"Released: {paid.number}."]
    assert state(paid) == "paid"


def test_cancelling_a_held_order_gives_its_money_back(manager: Client, paid: Order) -> None:
    do(manager, "hold", paid, reason="Looks odd.")
    assert do(manager, "cancel", paid, reason="The buyer asked.") == [f"Cancelled: {paid.number}."]
    assert state(paid) == "cancelled"
    assert sum(refund.amount for refund in Refund.objects.filter(attempt__order=paid)) == paid.total
    assert set(purchases.states(paid)) == {"suspended"}


def test_a_reason_is_asked_for(manager: Client, paid: Order) -> None:
    for reason in ("", "   "):
        response = manager.post(asking("hold", paid), {"token": str(uuid.uuid4()), "reason": reason})
        assert (response.status_code, "Say why, in a few words." in response.content.decode()) == (200, True)
    response = manager.post(asking("hold", paid), {"token": str(uuid.uuid4()), "reason": "odd\0"})
    assert "Null characters are not allowed." in response.content.decode()
    response = manager.post(asking("hold", paid), {"token": str(uuid.uuid4()), "reason": "x" * 201})
    assert (response.status_code, state(paid)) == (200, "paid")


@pytest.mark.parametrize(
    ("verb", "start", "sentence"),
    [
        ("release", "paid", "Nothing to do, it was done before: {}."),
        ("release", "pending_payment", "Order {} (waits for payment) can't be released. Only an order on hold can."),
        ("cancel", "paid", "Order {} (paid) can't be cancelled. Put a paid order on hold first."),
        ("cancel", "expired", "Order {} (expired) can't be cancelled. Put a paid order on hold first."),
        ("resend", "cancelled", "Order {} (cancelled): its mails can be sent again once it is paid."),
    ],
)
def test_an_illegal_verb_is_a_sentence_and_leaves_no_trace(
    manager: Client, waiting: Order, verb: str, start: str, sentence: str
) -> None:
    paid_at = clock.now() if start == "paid" else None
    Order.objects.filter(pk=waiting.pk).exclude(state=start).update(state=start, paid_at=paid_at)
    assert do(manager, verb, waiting, reason="Because.") == [sentence.format(waiting.number)]
    assert (state(waiting), waiting.events.count(), OutgoingMail.objects.count()) == (start, 0, 0)


def test_legal_and_illegal_orders_of_one_choice_are_told_apart(manager: Client, paid: Order, waiting: Order) -> None:
    Order.objects.filter(pk=waiting.pk).update(state="expired")
    said = do(manager, "resend", paid, waiting)
    assert said == [
        f"Order {waiting.number} (expired): its mails can be sent again once it is paid.",
        f"The mails will be sent within a minute: {paid.number}.",
    ]


def test_mails_are_queued_once_for_each_time_they_are_asked_for(manager: Client) -> None:
    order = purchases.paid((purchases.edition(), 1), delivery_email="keys@nordhafen.example")
    OutgoingMail.objects.all().delete()
    token = str(uuid.uuid4())
    for _ in range(2):
        manager.post(asking("resend", order), {"token": token})
    assert sorted(OutgoingMail.objects.values_list("kind", "object_id")) == [
        ("license_keys", order.pk),
        ("order_confirmation", order.pk),
    ]
    assert order.events.filter(kind="mail_sent", detail="sent again").count() == 1
    manager.post(asking("resend", order), {"token": str(uuid.uuid4())})
    assert OutgoingMail.objects.count() == 4


def test_vies_is_asked_again_from_the_page_of_an_order_whose_number_waits(manager: Client, paid: Order) -> None:
    assert "ask_vies" not in [verb.name for verb, _ in manager.get(page(paid)).context["verbs"]]
    assert do(manager, "ask_vies", paid) == [f"Nothing to do, it was done before: {paid.number}."]
    VatCheck.objects.create(order=paid, state="given_up", tries=120)
    assert "ask_vies" in [verb.name for verb, _ in manager.get(page(paid)).context["verbs"]]
    assert do(manager, "ask_vies", paid) == [
        f"VIES is asked, and the order's page says what it answers: {paid.number}."
    ]
    assert VatCheck.objects.get().state == "pending"
    assert paid.events.filter(kind="vat_asked", by__isnull=False).count() == 1


@pytest.mark.promise("P9a")
@pytest.mark.parametrize("verb", ["resend", "hold", "release", "cancel", "ask_vies"])
def test_a_verb_needs_its_own_permission(paid: Order, verb: str) -> None:
    clerk = desk.person("Support")
    others = {"view_order", "resend_order", "hold_order", "release_order", "cancel_order", "ask_vies_order"} - {
        f"{verb}_order"
    }
    clerk.user_permissions.set(Permission.objects.filter(codename__in=others))
    client = desk.enter(clerk)
    assert client.get(asking(verb, paid)).status_code == 403
    assert client.post(asking(verb, paid), {"token": str(uuid.uuid4()), "reason": "x"}).status_code == 403
    assert verb not in [offered.name for offered, _ in client.get(page(paid)).context["verbs"]]
    assert (state(paid), paid.events.count()) == ("paid", 2)


@pytest.fixture
def odd_choices(paid: Order) -> Iterator[str]:
    address = reverse("admin:shop_order_verb", args=["hold"])
    return iter(
        [
            address,
            f"{address}?order=x",
            f"{address}?order=-1",
            f"{address}?order=999999999999999999999",
            f"{address}?order=99999999",
            f"{address}?order=²",
            f"{address}?{'&'.join(['order=1'] * 101)}",
        ]
    )


def test_odd_choices_are_a_sentence(manager: Client, odd_choices: Iterator[str]) -> None:
    for address in odd_choices:
        response = manager.get(address, follow=True)
        assert sentences(response) == ["Choose at least one order, and at most 100."]


def test_an_unknown_verb_is_not_found(manager: Client, paid: Order) -> None:
    assert manager.get(asking("erase", paid)).status_code == 404


def test_orders_that_wait_for_keys_can_be_listed(manager: Client, paid: Order) -> None:
    short = purchases.paid((purchases.edition(pool=1), 2))
    Order.objects.filter(pk=short.pk).update(placed_at=clock.now() - timedelta(days=1))
    assert list(manager.get(f"{LIST}?keys=waiting").context["cl"].queryset) == [short]
