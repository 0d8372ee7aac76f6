"""Money and keys under way, disputes and holds: what is needed stays whole, restricted, and is taken up again."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from accounts import licenses
from accounts.models import License
from payments import settlement
from payments.models import Attempt, Dispute, Reference, Refund, WebhookEvent
from payments.providers.base import Snapshot
from privacy import clock, holds, journal, mails
from privacy.erasure import erasers, execution, remainders, remembering
from privacy.models import Alert, LegalHold, OutgoingMail, Remainder
from privacy.people import Person
from shop import orders
from shop.models import CartLine, Order, OrderHold, OrderParty
from tests.accounts import purchases
from tests.privacy.erasure import people
from tests.privacy.erasure.people import ADA, HOME, Neighbors

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P12a")]
KIND = holds.Kind(OrderParty, "order", lambda number: OrderParty.objects.filter(order__number=number))


def party(order: Order) -> OrderParty:
    return OrderParty.objects.get(order=order)


def take_up() -> int:
    """The job, when it next looks."""
    Remainder.objects.update(looked_at=clock.now() - timedelta(minutes=11))
    return remainders.take_up()


def attempt_of(order: Order, **fields: object) -> Attempt:
    made = Attempt.objects.create(
        order=order,
        number=1,
        provider="stripe",
        amount=order.total,
        currency="EUR",
        **fields,  # type: ignore[misc]
    )
    Reference.objects.create(attempt=made, kind="stripe_session", value=f"cs_{order.pk}")
    return made


def captured(order: Order) -> Snapshot:
    return Snapshot(state="captured", amount=order.total, currency="EUR", country="DE", label="")


def test_a_payment_that_is_pending_and_succeeds_after_the_erasure_delivers_its_keys_and_is_narrowed_then(
    neighbors: Neighbors,
) -> None:
    order = people.waiting()
    attempt = attempt_of(order, state="processing")
    request = people.erased()
    assert request.state == "notifying"
    kept = party(order)
    assert kept.restricted_at is not None
    assert (kept.email, kept.street) == (ADA, HOME["street"])
    assert Remainder.objects.get(model="shop.OrderParty").why == "a payment may still come"
    assert take_up() == 0
    settlement.apply_snapshot(attempt.pk, captured(order))
    order.refresh_from_db()
    assert order.state == "paid"
    assert License.objects.get(unit__line__order=order).user_id is None
    mail = mails.kinds()["order_confirmation"](order.pk)
    assert mail is not None
    assert mail.to == ADA
    assert take_up() == 1
    kept = party(order)
    assert (kept.email, kept.name, kept.street, kept.browser_family) == (ADA, HOME["name"], "", "")
    assert not Remainder.objects.filter(model="shop.OrderParty").exists()


def test_a_payment_that_fails_after_the_erasure_takes_the_person_along(neighbors: Neighbors) -> None:
    order = people.waiting()
    people.erased()
    with clock.at(clock.now() + timedelta(hours=1)):
        orders.expire(order.pk)
    assert take_up() == 1
    assert not OrderParty.objects.filter(order=order).exists()
    assert "shop.OrderParty" in neighbors.journaled


def test_money_for_an_order_whose_person_is_gone_goes_back_by_itself(neighbors: Neighbors) -> None:
    order = people.expired()
    attempt = attempt_of(order, state="expired")
    people.erased()
    assert not OrderParty.objects.filter(order=order).exists()
    settlement.apply_snapshot(attempt.pk, captured(order))
    refund = Refund.objects.get(attempt=attempt)
    assert (refund.amount, refund.state) == (Decimal(119), "requested")
    order.refresh_from_db()
    assert order.state == "expired"


def test_a_dispute_that_opens_between_approval_and_the_step_keeps_the_order_whole_until_it_is_decided(
    neighbors: Neighbors,
) -> None:
    order = people.sold()
    request = people.approved(by=people.staff())
    while not request.steps.filter(name="mentions", state="done").exists():
        assert execution.advance(request.pk)
    dispute = Dispute.objects.create(attempt=Attempt.objects.get(order=order), amount=119)
    execution.carry_out(request.pk)
    request.refresh_from_db()
    assert request.state == "notifying"
    assert OrderHold.objects.get(order=order).reason == "Ada Lovelace called."
    assert party(order).street == HOME["street"]
    assert party(order).restricted_at is not None
    Dispute.objects.filter(pk=dispute.pk).update(state="won", decided_at=clock.now())
    assert take_up() == 1
    assert (party(order).street, OrderHold.objects.get(order=order).reason) == ("", "")


@pytest.mark.parametrize("state", ["requested", "submitted"])
def test_an_open_refund_keeps_its_order_whole(neighbors: Neighbors, state: str) -> None:
    order = people.sold()
    refund = Refund.objects.create(attempt=Attempt.objects.get(order=order), kind="amount", amount=5, state=state)
    people.erased()
    assert party(order).street == HOME["street"]
    Refund.objects.filter(pk=refund.pk).update(state="failed", finished_at=clock.now())
    assert take_up() == 1
    assert party(order).street == ""


def test_keys_that_are_owed_are_delivered_to_where_they_were_to_go(neighbors: Neighbors) -> None:
    edition = purchases.edition(pool=0)
    order = purchases.order((edition, 1), email=ADA, delivery_email="team@example.com")
    people.captured(order)
    Order.objects.filter(pk=order.pk).update(captured_at=clock.now())
    purchases.pay(order)
    assert purchases.units_of(order)[0].state == "backordered"
    people.erased()
    assert party(order).delivery_email == "team@example.com"
    purchases.fill(edition, 1)
    licenses.deliver_backorders()
    mail = mails.kinds()["license_keys"](order.pk)
    assert mail is not None
    assert mail.to == "team@example.com"
    assert take_up() == 1
    assert party(order).delivery_email == ""


def test_an_order_on_hold_waits_for_the_decision(neighbors: Neighbors) -> None:
    order = people.waiting()
    orders.hold(order.pk, by=None, reason="Ada Lovelace?")
    people.erased()
    assert party(order).restricted_at is not None
    assert OrderHold.objects.get().reason == "Ada Lovelace?"
    orders.release(order.pk, by=None)
    assert take_up() == 1
    assert not OrderParty.objects.filter(order=order).exists()


def test_a_legal_hold_keeps_the_row_whole_until_it_ends(neighbors: Neighbors) -> None:
    order, until = people.sold(), clock.now() + timedelta(days=30)
    holds.place(KIND, order.number, by=None, reason="A court asks.", until=until)
    rows = people.plan_of()["shop.OrderParty", "restricted"]
    assert (rows.ground, rows.until, rows.is_whole) == ("legal hold", until, True)
    people.erased()
    assert (party(order).street, party(order).user_id) == (HOME["street"], None)
    assert party(order).restricted_at is not None
    assert OrderHold.objects.get().reason == "Ada Lovelace called."
    assert take_up() == 0
    with clock.at(until + timedelta(minutes=1)):
        assert remainders.take_up() == 1
    assert party(order).street == ""


def test_a_hold_that_is_placed_after_the_approval_is_seen_by_the_step(neighbors: Neighbors) -> None:
    order = people.expired()
    request = people.approved(by=people.staff())
    hold = holds.place(KIND, order.number, by=None, reason="A court asks.")
    execution.carry_out(request.pk)
    assert OrderParty.objects.filter(order=order, restricted_at__isnull=False).exists()
    holds.lift(hold.pk, by=None)
    assert take_up() == 1
    assert not OrderParty.objects.filter(order=order).exists()
    assert LegalHold.objects.count() == 1


def test_what_the_account_does_while_it_is_being_erased_goes_with_it(neighbors: Neighbors) -> None:
    user = people.account()
    people.sold(user=user)
    request = people.approved(by=people.staff())
    while not request.steps.filter(name="rows:shop.OrderParty", state="done").exists():
        assert execution.advance(request.pk)
    late = people.sold("ada@typed.example", user=user)
    execution.carry_out(request.pk)
    assert (party(late).street, party(late).restricted_at is None) == ("", False)


def test_a_row_that_only_its_account_names_is_taken_up_with_the_hashes_of_the_account(neighbors: Neighbors) -> None:
    people.account()
    line = CartLine.objects.get()
    assert remainders._person(erasers.for_model(CartLine), line.pk).addresses == {ADA}


@pytest.mark.parametrize("address", ["o'brien@x.example", "a&b@x.example", "plain@x.example"])
@pytest.mark.parametrize("words", ["{} called.", "from='{}'", "/?to={}&x=1", "({})"])
def test_a_restored_mention_is_taken_out_again_whatever_the_address(words: str, address: str) -> None:
    note = OrderHold.objects.create(order=people.waiting("bob@example.com"), reason=words.format(address))
    hashes = frozenset(journal.person_hashes(Person(frozenset(), frozenset({address}))))
    entry = journal.Entry(1, "mentions", "", "", hashes, {"shop.OrderHold": [note.pk], "shop.Gone": [7]})
    assert remembering.take_out_again(entry) == 1
    note.refresh_from_db()
    assert note.reason == words.format("—")
    assert Alert.objects.get(kind="journal_model").key == "shop.Gone"


def test_a_webhook_that_comes_again_after_the_erasure_changes_nothing(neighbors: Neighbors) -> None:
    order = people.sold()
    attempt = Attempt.objects.get(order=order)
    event = WebhookEvent.objects.create(
        provider="stripe", event_id="evt_1", kind="checkout.session.completed", object_id=f"cs_{order.pk}"
    )
    people.erased()
    before = OrderParty.objects.values().get(order=order), Reference.objects.count()
    settlement.apply_snapshot(attempt.pk, captured(order), event_id=event.pk)
    with transaction.atomic():
        assert WebhookEvent.objects.bulk_create(
            [WebhookEvent(provider="stripe", event_id="evt_1", kind="x")], ignore_conflicts=True
        )
    assert (OrderParty.objects.values().get(order=order), Reference.objects.count()) == before
    assert Refund.objects.count() == 1


def test_mails_that_wait_are_dropped_but_for_what_is_under_way_and_the_request(neighbors: Neighbors) -> None:
    user = people.account()
    done, waiting, other = people.sold(user=user), people.waiting(), people.sold("bob@example.com")
    OutgoingMail.objects.all().delete()
    for kind, about in (
        ("order_confirmation", done.pk),
        ("order_cancelled", waiting.pk),
        ("order_confirmation", other.pk),
        ("account_unused", user.pk),
        ("refund_made", Refund.objects.get(attempt__order=done).pk),
    ):
        mails.queue(kind, about)
    people.erased()
    left = set(OutgoingMail.objects.filter(state="pending").values_list("kind", "object_id"))
    assert left >= {("order_cancelled", waiting.pk), ("order_confirmation", other.pk)}
    assert {kind for kind, _ in left} == {"order_cancelled", "order_confirmation", "deletion_proof"}


def test_the_sweep_takes_the_restricted_row_on_the_orders_own_date(neighbors: Neighbors) -> None:
    from privacy import retention

    order = people.sold()
    people.erased()
    ends = party(order).expires_at
    assert ends is not None
    list(retention.run(as_of=ends - timedelta(hours=1)))
    assert OrderParty.objects.filter(order=order).exists()
    list(retention.run(as_of=ends))
    assert not OrderParty.objects.filter(order=order).exists()
