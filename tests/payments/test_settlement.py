"""From the button to the key, by each provider."""

import pytest
from django.test import Client
from django.urls import reverse

from payments import attempts
from payments.models import Attempt, ProviderCall, Reference
from shop import orders
from shop.models import Order
from tests.accounts import purchases
from tests.payments.conftest import Till

pytestmark = pytest.mark.django_db


def begun(till: Till, **fields: object) -> tuple[Attempt, str]:
    order = Order.objects.get(pk=purchases.order((purchases.edition(), 2), **fields).pk)
    url = attempts.begin(order, till.name)
    attempt = Attempt.objects.get(order=order)
    identifier = Reference.objects.get(attempt=attempt, kind=till.kind).value
    assert identifier in url
    return attempt, identifier


def test_the_buyer_pays_comes_back_and_holds_the_keys(till: Till, client: Client) -> None:
    attempt, identifier = begun(till)
    assert ProviderCall.objects.count() == 0
    till.agree(identifier)
    address = reverse("payment_return", args=[till.name, orders.token(attempt.order)])
    answer = client.get(address, till.query(identifier))
    assert (answer.status_code, answer["Location"]) == (302, orders.path(attempt.order))
    attempt.refresh_from_db()
    assert (attempt.state, attempt.order.state, attempt.next_look_at) == ("captured", "paid", None)
    assert purchases.states(attempt.order) == ["assigned", "assigned"]
    assert till.captured() == {"EUR": 23800}
