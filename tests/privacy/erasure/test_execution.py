"""A deletion from its approval to the moment when the person is told."""

from collections.abc import Callable

import pytest

from accounts.models import License, User
from payments.models import Reference, Refund
from privacy.models import DeletionRequest, DeletionStep
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
    assert purchases.events(never) == []
