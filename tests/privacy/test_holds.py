from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from privacy import clock, holds
from privacy.models import LegalHold
from shop.models import Order, OrderParty
from tests import desk
from tests.privacy.retention.old_orders import NOW, PARTY, period, sold, sql, sweep, years_ago

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P7a")]
LIST, ADD = "/admin/privacy/legalhold/", "/admin/privacy/legalhold/add/"


def kind() -> holds.Kind:
    return next(kind for kind in holds.kinds() if kind.model is OrderParty)


def dates(order: Order) -> list[object]:
    columns = ("expires_at", "address_expires_at", "browser_expires_at")
    return list(OrderParty.objects.values_list(*columns).get(order=order))


@pytest.fixture
def order() -> Order:
    made = sold(years_ago(3.5))
    OrderParty.objects.update(street="Am Sandtorkai 41", browser_family="Firefox")
    return made


def test_an_open_hold_leaves_no_date_and_the_sweep_leaves_the_row(order: Order) -> None:
    placed = holds.place(kind(), order.number.lower(), by=None, reason="Claim 7 of 2026.")
    assert dates(order) == [None, None, None]
    assert sweep() == {}
    assert [hold.reason for hold in holds.of(order.party)] == ["Claim 7 of 2026."]
    assert (holds.lift(placed.pk, by=None), holds.lift(placed.pk, by=None)) == (True, False)
    assert holds.of(order.party) == []
    assert sweep()[PARTY] == 1


def test_a_hold_with_an_end_moves_the_dates_to_it_and_no_date_forward(order: Order) -> None:
    end = clock.now() + timedelta(days=400)
    holds.place(kind(), order.number, by=None, reason="Claim.", until=end)
    assert dates(order) == [end, end, end]
    young = sold(clock.now() - timedelta(days=10))
    before = dates(young)
    holds.place(kind(), young.number, by=None, reason="Claim.", until=clock.now() + timedelta(days=5))
    assert dates(young) == before


def test_of_two_holds_the_longer_counts(order: Order) -> None:
    until = clock.now() + timedelta(days=9)
    holds.place(kind(), order.number, by=None, reason="Claim.", until=until)
    second = holds.place(kind(), order.number, by=None, reason="Another.")
    assert dates(order)[0] is None
    holds.lift(second.pk, by=None)
    assert dates(order)[0] == until


def test_lifting_lowers_the_watermark_that_has_passed(order: Order) -> None:
    placed = holds.place(kind(), order.number, by=None, reason="Claim.")
    sold(years_ago(3.1))
    sweep()
    passed = period().watermark_at
    holds.lift(placed.pk, by=None)
    assert period().watermark_at < passed
    assert sweep()[PARTY] == 1


def test_raw_sql_moves_the_dates_as_well(order: Order) -> None:
    sql(
        "INSERT INTO privacy_legalhold (model, object_id, reason, placed_at) "
        "VALUES ('shop.OrderParty', %s, 'Claim.', now())",
        str(order.party.pk),
    )
    assert dates(order)[0] is None
    sql("DELETE FROM privacy_legalhold")
    assert dates(order)[0] is not None


@pytest.mark.parametrize(
    ("typed", "reason", "until", "sentence"),
    [
        ("AO-0", "Claim.", None, "Nothing is left to hold of this order. Check what you typed."),
        ("", " ", None, "Say why: a hold without a reason can't be judged later."),
        ("", "Claim.", NOW, "This end has passed. Choose a later day, or none."),
    ],
)
def test_what_cannot_be_held_is_refused_in_a_sentence(
    order: Order, typed: str, reason: str, until: object, sentence: str
) -> None:
    with pytest.raises(holds.CannotHold) as refusal:
        holds.place(kind(), typed or order.number, by=None, reason=reason, until=until)  # type: ignore[arg-type]
    assert (str(refusal.value), LegalHold.objects.count()) == (sentence, 0)


def typed(order: Order, **changes: str) -> dict[str, str]:
    return {"kind": "shop.OrderParty", "which": order.number, "reason": "Claim.", "last_day": ""} | changes


def test_an_administrator_places_and_lifts_a_hold_at_the_desk(order: Order) -> None:
    client = desk.at_desk("Administrator")
    assert client.post(ADD, typed(order)).status_code == 302
    placed = LegalHold.objects.get()
    assert (placed.model, placed.object_id) == ("shop.OrderParty", str(order.party.pk))
    assert (placed.reason, placed.until, placed.placed_by is None) == ("Claim.", None, False)
    page = client.get(reverse("admin:privacy_legalhold_change", args=[placed.pk])).content.decode()
    assert ("Claim." in page, f"shop.OrderParty {order.party.pk}" in page) == (True, True)
    client.post(LIST, {"action": "lift", "_selected_action": [placed.pk]})
    placed.refresh_from_db()
    assert (placed.lifted_at is None, placed.lifted_by_id) == (False, placed.placed_by_id)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"which": "AO-0"}, "Nothing is left to hold of this order. Check what you typed."),
        ({"reason": ""}, "Say why: a hold without a reason can&#x27;t be judged later."),
        ({"last_day": "2026-01-01"}, "This day has passed. Choose a later one, or none."),
    ],
)
def test_the_form_says_what_is_wrong(order: Order, changes: dict[str, str], sentence: str) -> None:
    answer = desk.at_desk("Administrator").post(ADD, typed(order, **changes))
    assert (sentence in answer.content.decode(), LegalHold.objects.count()) == (True, 0)


@pytest.mark.parametrize("role", ["Shop Manager", "Support"])
def test_nobody_else_sees_or_places_one(order: Order, role: str) -> None:
    client: Client = desk.at_desk(role)
    assert (client.get(LIST).status_code, client.post(ADD, typed(order)).status_code) == (403, 403)
    assert not LegalHold.objects.exists()
