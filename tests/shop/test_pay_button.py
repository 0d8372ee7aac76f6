"""The button that pays names the way to pay, as far as it is known, without JavaScript."""

import re
import uuid

import pytest
from django.test import Client

from shop import payment_methods
from tests.shop import goods
from tests.shop.test_checkout import Method

pytestmark = pytest.mark.django_db
PAY = re.compile(r"<button[^>]*>Pay €149\.00<span data-pay-ends>(.*?)</span></button>")


@pytest.fixture(autouse=True)
def methods(monkeypatch: pytest.MonkeyPatch) -> None:
    card, paypal = Method("card", eu_only=True), Method("paypal", eu_only=False)
    card.button, paypal.button = "by card", "with PayPal"
    monkeypatch.setattr(payment_methods, "_methods", {"card": card, "paypal": paypal})


def shown(client: Client, **typed: str) -> str:
    client.post(
        "/cart/add/", {"edition": goods.edition("149.00").sku, "quantity": "1"}, HTTP_SEC_FETCH_SITE="same-origin"
    )
    goods.terms()
    page = client.post("/checkout/", {"token": str(uuid.uuid4()), "look": "1", **typed}).content.decode()
    (end,) = PAY.findall(page.replace("€125.21", "€149.00"))  # outside the EU without tax
    assert ('data-ends="with PayPal"' in page) is True
    return str(end)


def test_it_names_nothing_while_several_ways_are_offered_and_none_is_chosen(client: Client) -> None:
    assert shown(client, country="DE") == ""


@pytest.mark.parametrize(("name", "end"), [("card", " by card"), ("paypal", " with PayPal")])
def test_it_names_the_way_that_is_chosen(client: Client, name: str, end: str) -> None:
    assert shown(client, country="DE", payment_method=name) == end


def test_it_names_the_only_way_that_is_offered(client: Client) -> None:
    assert shown(client, country="US") == " with PayPal"


def test_it_names_no_way_that_is_not_offered(client: Client) -> None:
    assert shown(client, country="DE", payment_method="gold") == ""
