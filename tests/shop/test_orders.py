import re
from datetime import timedelta
from itertools import product

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Lower
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from privacy import clock
from privacy.models import OutgoingMail
from privacy.transitions import IllegalTransition
from shop import orders
from shop.models import Order, OrderEvent, OrderHold, OrderLine, OrderParty, OrderUnit
from tests.shop import goods

pytestmark = pytest.mark.django_db
UNKNOWN = "A" * 32


def order(**fields: object) -> Order:
    link = orders.new_link()
    made = Order.objects.create(
        **{
            "number": f"AO-{Order.objects.count() + 1}",
            "currency": "EUR",
            "country": "DE",
            "net": 100,
            "tax": 19,
            "total": 119,
            "payment_method": "card",
            "terms": goods.terms(),
            "policy_version": "1",
            "expires_at": clock.now() + timedelta(hours=1),
        }
        | {"link_hash": link.hash}
        | fields
    )
    OrderParty.objects.create(order=made, email="katrin@nordhafen.example", name="Katrin Vogel", link_nonce=link.nonce)
    return made


def a_line(of: Order, **fields: object) -> OrderLine:
    known = {
        "sku": "tool-pro",
        "product_name": "Tool",
        "edition_name": "Professional",
        "mark": "x" * 25,
        "sold_per": "license",
        "seats": 1,
        "devices": 1,
        "quantity": 1,
        "unit_price": 119,
        "net": 100,
        "tax": 19,
        "total": 119,
        "tax_rate": 19,
        "tax_rule": "eu_destination",
        "tax_country": "DE",
    }
    return OrderLine.objects.create(order=of, **(known | fields))


def in_state(state: str) -> Order:
    return order(state=state, paid_at=clock.now() if state == "paid" else None)


@pytest.mark.parametrize(("start", "end"), list(product(Order.State.values, repeat=2)))
def test_postgresql_allows_exactly_the_moves_of_the_table(start: str, end: str) -> None:
    made = in_state(start)
    allowed = start == end or end in Order.TRANSITIONS.get(start, ())
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE shop_order SET state = %s, paid_at = now() WHERE id = %s", [end, made.pk])
    except IntegrityError as refusal:
        happened = "shop_order: no way from" not in str(refusal)
    else:
        happened = True
    assert happened == allowed


@pytest.mark.parametrize(("start", "end"), list(product(OrderUnit.State.values, repeat=2)))
def test_postgresql_allows_exactly_the_moves_of_a_unit(start: str, end: str) -> None:
    line = a_line(order())
    unit = OrderUnit.objects.create(line=line, position=1, seats=1, state=start)
    allowed = start == end or end in OrderUnit.TRANSITIONS.get(start, ())
    try:
        with transaction.atomic():
            OrderUnit.objects.filter(pk=unit.pk).update(state=end)
    except IntegrityError:
        happened = False
    else:
        happened = True
    assert happened == allowed


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("total", "120", "order_total_is_net_and_tax"),
        ("state", "'gone'", "shop_order_state_moves"),
        ("delivery", "'at_once'", "order_at_once_needs_consent"),
        ("state", "'paid'", "order_paid_has_time"),
    ],
)
def test_raw_sql_cannot_make_an_illegal_order(column: str, value: str, constraint: str) -> None:
    made = order()
    with pytest.raises(IntegrityError, match=constraint), connection.cursor() as cursor:
        cursor.execute(f"UPDATE shop_order SET {column} = {value} WHERE id = {made.pk}")


def test_without_the_trigger_any_move_would_pass() -> None:
    """The canary of the moves above."""
    made = in_state("cancelled")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER shop_order_state_moves ON shop_order")
        cursor.execute("UPDATE shop_order SET state = 'pending_payment' WHERE id = %s", [made.pk])
    made.refresh_from_db()
    assert made.state == "pending_payment"


def test_a_hold_has_a_reason_and_a_person_and_comes_once() -> None:
    manager = get_user_model().objects.create_user("manager@example.com")
    made = order()
    assert orders.hold(made.pk, by=manager, reason="Name and card differ")
    assert not orders.hold(made.pk, by=manager, reason="Again")
    hold = OrderHold.objects.get()
    assert (hold.reason, hold.placed_by, hold.released_at) == ("Name and card differ", manager, None)


def test_while_held_nothing_is_marked_as_paid() -> None:
    made = order()
    orders.hold(made.pk, by=None, reason="A check")
    with transaction.atomic():
        assert not orders.mark_paid(orders.lock(made.pk), at=clock.now())
    made.refresh_from_db()
    assert made.state == "on_hold"


def test_a_hold_without_money_ends_in_a_cancelled_order() -> None:
    made = order()
    orders.hold(made.pk, by=None, reason="A check")
    assert orders.release(made.pk, by=None)
    made.refresh_from_db()
    assert made.state == "cancelled"
    assert not orders.release(made.pk, by=None)
    assert OrderHold.objects.get().released_at is not None


def test_cancelling_tells_the_buyer_once() -> None:
    made = order()
    assert orders.cancel(made.pk, by=None, reason="Asked by the buyer")
    assert not orders.cancel(made.pk, by=None, reason="Asked by the buyer")
    assert list(OutgoingMail.objects.values_list("kind", "object_id")) == [("order_cancelled", made.pk)]


def test_a_paid_order_is_held_before_it_is_cancelled() -> None:
    made = in_state("paid")
    with pytest.raises(IllegalTransition, match="can't go from paid to cancelled"):
        orders.cancel(made.pk, by=None, reason="No")


def test_an_order_expires_when_its_time_is_over_and_not_before() -> None:
    made = order()
    assert not orders.expire(made.pk)
    with clock.at(clock.now() + timedelta(hours=2)):
        assert orders.expire(made.pk)
        assert not orders.expire(made.pk)


def test_marking_as_paid_twice_tells_the_story_once() -> None:
    made = order()
    with transaction.atomic():
        assert orders.mark_paid(orders.lock(made.pk), at=clock.now())
        assert not orders.mark_paid(orders.lock(made.pk), at=clock.now())
    assert [event.kind for event in made.events.all()] == ["paid"]


def test_an_order_is_reached_by_its_link_and_by_nothing_else(client: Client) -> None:
    made = order()
    page = client.get(orders.path(made))
    assert page.status_code == 200
    assert page.context["order"] == made
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("same-origin", "noindex")
    assert "no-store" in page["Cache-Control"]
    assert len(orders.token(made)) == 32
    assert orders.find_by_token(made.link_hash) is None


@pytest.mark.parametrize("tail", ["", "e-mail/", "link/", "back-to-cart/"])
def test_a_link_that_is_not_yours_looks_like_none(client: Client, tail: str) -> None:
    made = order()
    almost = orders.token(made)[:-1] + ("A" if orders.token(made)[-1] != "A" else "B")
    answers = [client.get(f"/order/{token}/{tail}") for token in (almost, UNKNOWN, "x", "%00", "é" * 40)]
    if tail:
        answers = [client.post(f"/order/{token}/{tail}") for token in (almost, UNKNOWN, "x", "%00", "é" * 40)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_a_new_link_ends_the_old_one(client: Client) -> None:
    made = order()
    old = orders.path(made)
    response = client.post(f"{old}link/")
    made.refresh_from_db()
    assert response["Location"] == orders.path(made) != old
    assert client.get(old).status_code == 404
    assert client.get(orders.path(made)).status_code == 200


@pytest.mark.promise("P6a")
def test_a_mistyped_address_is_corrected_once_and_the_mail_sent_anew(client: Client) -> None:
    made = in_state("paid")
    url = reverse("order_correct_email", args=[orders.token(made)])
    client.post(url, {"email": "Karin@Nordhafen.example"})
    made = Order.objects.get()
    assert client.get(url.removesuffix("e-mail/")).status_code == 404, "the link that went astray has ended"
    again = reverse("order_correct_email", args=[orders.token(made)])
    second = client.post(again, {"email": "thief@example.com"}, follow=True)
    assert made.party.email == "karin@nordhafen.example"
    assert OutgoingMail.objects.get().dedup_key == f"order_confirmation:{made.pk}:corrected"
    assert "can't be corrected here any more" in str(list(second.context["messages"])[-1])


def test_a_wrong_address_gets_a_sentence(client: Client) -> None:
    made = order()
    response = client.post(reverse("order_correct_email", args=[orders.token(made)]), {"email": "nobody"})
    assert response.status_code == 422
    assert response.context["email_form"].errors["email"] == ["Write the address with an @, as in name@company.com."]


def test_an_order_of_an_account_is_not_corrected_by_a_link() -> None:
    made = order()
    made.party.user = get_user_model().objects.create_user("ada@example.com")
    made.party.save()
    with pytest.raises(orders.NotCorrectable):
        orders.correct_email(made.pk, "thief@example.com")


def test_an_order_that_joined_a_strangers_account_is_taken_out_again_until_a_key_is_opened(client: Client) -> None:
    made, opened = order(), order()
    for one in (made, opened):
        one.party.user = get_user_model().objects.create_user(f"stranger-{one.pk}@example.com")
        one.party.save()
        orders.record(one, OrderEvent.Kind.JOINED_ACCOUNT)
    orders.record(opened, OrderEvent.Kind.KEY_OPENED)
    assert "Joined an account" not in client.get(orders.path(made)).content.decode()
    corrected = orders.correct_email(made.pk, "katrin@nordhafen.example")
    assert OrderParty.objects.get(order=made).user is None
    assert corrected.link_hash != made.link_hash
    with pytest.raises(orders.NotCorrectable):
        orders.correct_email(opened.pk, "katrin@nordhafen.example")


def test_who_gets_the_keys_for_somebody_cannot_take_the_order() -> None:
    made = order()
    OrderParty.objects.filter(order=made).update(delivery_email="colleague@nordhafen.example")
    with pytest.raises(orders.NotCorrectable):
        orders.correct_email(made.pk, "colleague@nordhafen.example")


def test_an_order_without_its_person_is_not_corrected(client: Client) -> None:
    made = order()
    OrderParty.objects.all().delete()
    response = client.post(reverse("order_correct_email", args=[orders.token(made)]), {"email": "a@example.com"})
    assert response.status_code == 302
    assert client.get(orders.path(made)).status_code == 200


@pytest.mark.parametrize("state", ["cancelled", "expired"])
def test_staff_cannot_hold_what_has_ended(state: str) -> None:
    manager = get_user_model().objects.create_user("manager@example.com")
    made = in_state(state)
    with pytest.raises(IllegalTransition):
        orders.hold(made.pk, by=manager, reason="Too late")
    assert orders.hold(made.pk, by=None, reason="Paid late")


def test_links_survive_a_change_of_the_secret(client: Client, settings: Settings) -> None:
    made = order()
    path, old = orders.path(made), settings.SECRET_KEY
    settings.SECRET_KEY = "another secret of the shop"
    assert client.get(path).status_code == 200
    settings.SECRET_KEY_FALLBACKS = [old]
    assert orders.path(made) == path


def test_finding_orders_is_limited_and_uses_its_index(client: Client) -> None:
    answers = [client.post(reverse("find_order"), {"email": "a@example.com"}).status_code for _ in range(11)]
    assert answers == [200] * 10 + [422]
    found = OrderParty.objects.annotate(address=Lower("email")).filter(address="a@example.com")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "orderparty_email" in found.explain()


def test_somebody_elses_number_finds_nothing() -> None:
    made = order()
    owner, other = (get_user_model().objects.create_user(f"{name}@example.com") for name in ("ada", "bob"))
    made.party.user = owner
    made.party.save()
    assert orders.find_by_number(owner, made.number) == made
    assert orders.find_by_number(other, made.number) is None


def test_links_are_mailed_and_the_page_says_the_same_for_strangers(client: Client) -> None:
    order()
    pages = [
        client.post(reverse("find_order"), {"email": email}) for email in ("KATRIN@nordhafen.example", "no@no.example")
    ]
    client.post(reverse("find_order"), {"email": "katrin@nordhafen.example"})
    first, second = (re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", page.content) for page in pages)
    assert first == second
    assert OutgoingMail.objects.count() == 1


def test_an_unpaid_order_goes_back_into_the_cart(client: Client) -> None:
    edition = goods.edition()
    made = order()
    a_line(made, edition=edition, sku=edition.sku, quantity=3)
    client.post(reverse("order_back_to_cart", args=[orders.token(made)]))
    assert {pk: kept.quantity for pk, kept in client.get(reverse("cart")).context["cart"].kept.items()} == {
        edition.pk: 3
    }
