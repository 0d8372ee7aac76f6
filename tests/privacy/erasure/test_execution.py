"""A deletion from its approval to the moment when the person is told."""

from collections.abc import Callable

import pytest

from accounts.models import License, User
from payments.models import Attempt, ProviderCall, Reference, Refund
from privacy import clock
from privacy.erasure import execution
from privacy.erasure.plans import NEEDED_MODELS
from privacy.models import Alert, DeletionRequest, DeletionStep, Remainder
from privacy.people import of_address, rows_of
from shop.models import CartLine, Order, OrderHold, OrderParty
from tests.accounts import purchases
from tests.privacy.erasure import people
from tests.privacy.erasure.people import ADA, Neighbors

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P12a"), pytest.mark.promise("P12c")]
State = DeletionRequest.State


def test_of_a_customer_what_the_law_needs_is_left_restricted_and_everything_else_is_gone(
    neighbors: Neighbors, dump: Callable[[], str]
) -> None:
    user = people.account()
    young, never = people.sold(user=user), people.expired(user=user)
    request = people.erased()
    assert (request.state, request.problem) == (State.NOTIFYING, "")
    assert request.retained
    assert neighbors.notices.written == [request.pk]
    assert not User.objects.filter(pk=user.pk).exists()
    assert not CartLine.objects.exists()
    assert not OrderParty.objects.filter(order=never).exists()
    party = OrderParty.objects.get(order=young)
    kept = {name: value for name in people.HOME if (value := getattr(party, name))}
    assert kept == {"name": "Ada Lovelace"}
    assert (party.email, party.user_id) == (ADA, None)
    assert party.restricted_at is not None
    assert list(rows_of(OrderParty, of_address(ADA))) == [party]  # the person's own copy has it
    assert OrderHold.objects.get().reason == ""
    refund = Refund.objects.get()
    assert (refund.reason, refund.provider_refund) == ("", f"re_{young.pk}")
    assert Reference.objects.count() == 1
    assert License.objects.get().user_id is None
    assert License.objects.get().unit is not None
    left = [line for line in dump().splitlines() if ADA in line.lower() or "lovelace" in line.lower()]
    assert {line.partition(":")[0] for line in left} == {"shop_orderparty", "privacy_requestaddress"}
    assert set(DeletionStep.objects.filter(kind="local").values_list("state", flat=True)) == {"done"}
    assert Order.objects.count() == 2
    assert {rows["model"] for rows in request.receipt["kept"]}.isdisjoint(NEEDED_MODELS)
    assert purchases.events(never) == []


def test_of_somebody_who_bought_nothing_nothing_is_kept(neighbors: Neighbors) -> None:
    people.account()
    request = people.erased()
    assert (request.state, request.retained, request.receipt["kept"]) == (State.NOTIFYING, False, [])


def test_where_a_namesake_or_something_unreadable_stands_is_told_in_the_story(neighbors: Neighbors) -> None:
    people.account()
    other = people.sold("bob@example.com")
    request = people.erased()
    checked = request.events.get(kind="checked").detail
    assert checked.startswith("Places left: 0. To be judged: ")
    assert f"shop_orderparty.name  {other.party.pk}  name (plain)" in checked
    assert "Lovelace" not in checked


def test_an_order_under_another_address_is_still_known_after_the_account_is_gone(neighbors: Neighbors) -> None:
    people.sold("ada@typed.example", user=people.account())
    request = people.erased()
    assert request.retained
    kept = {rows["model"]: rows["count"] for rows in request.receipt["kept"]}
    assert kept["shop.OrderParty"] == kept["payments.Reference"] == 1


def test_a_call_to_a_provider_that_waits_for_its_answer_is_left_and_then_taken_up(neighbors: Neighbors) -> None:
    order = people.waiting()
    attempt = Attempt.objects.create(
        order=order, number=1, provider="stripe", state="processing", amount=119, currency="EUR"
    )
    call = ProviderCall.objects.create(key="k", attempt=attempt, parameters={"customer_email": ADA})
    request = people.erased()
    assert (request.state, request.rounds, request.problem) == (State.NOTIFYING, 0, "")
    call.refresh_from_db()
    assert call.parameters == {"customer_email": ADA}
    assert Remainder.objects.filter(model="payments.ProviderCall", object_id=str(call.pk)).exists()


def test_one_worker_looks_at_a_time_and_one_that_was_killed_is_counted(
    neighbors: Neighbors, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.account()
    request = people.approved(by=people.staff())
    looks = []

    def killed(*_arguments: object) -> None:
        looks.append(execution.advance(request.pk))  # the next minute's job, while this one looks
        raise SystemExit

    monkeypatch.setattr(neighbors, "look", killed)
    for _ in range(execution.MANY_TRIES + 1):
        with pytest.raises(SystemExit):
            execution.carry_out(request.pk)
        assert execution.carry_out(request.pk) == 0
        DeletionRequest.objects.filter(pk=request.pk).update(next_try_at=request.received_at)
    assert looks == [False] * (execution.MANY_TRIES + 1)
    assert "comes to no end" in Alert.objects.get(kind=execution.ALERT).message
    monkeypatch.undo()
    execution.carry_out(request.pk)
    request.refresh_from_db()
    assert (request.state, request.tries) == (State.NOTIFYING, 0)
    assert request.next_try_at <= clock.now()
