"""Which ways to pay are offered to whom, and paying again."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from payments.models import Attempt
from shop import orders, payment_methods
from shop.models import Order
from tests.payments import paying
from tests.payments.paying import Till

pytestmark = pytest.mark.django_db
EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()


def names(country: str) -> list[str]:
    return [method.name for method in payment_methods.offered(country, "EUR")]


@pytest.mark.promise("P11a", "P10")
def test_cards_are_offered_in_the_27_member_states_and_paypal_everywhere() -> None:
    assert len(EU) == 27
    assert [country for country in EU if names(country) != ["card", "paypal"]] == []
    elsewhere = ("US", "GB", "CH", "NO", "XX", "")
    assert [country for country in elsewhere if names(country) != ["paypal"]] == []


def test_a_method_without_keys_is_not_offered(settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = ""
    assert names("DE") == ["paypal"]
    settings.PAYPAL_CLIENT_SECRET = ""
    assert names("DE") == []


def pay_again(client: Client, order: Order, method: str) -> Any:
    return client.post(reverse("pay_again", args=[orders.token(order)]), {"payment_method": method})


def test_an_unpaid_order_is_paid_again_in_another_way(stripe_sandbox: Any, paypal_sandbox: Any, client: Client) -> None:
    attempt, _ = paying.begun(Till("stripe", stripe_sandbox))
    answer = pay_again(client, attempt.order, "paypal")
    assert (answer.status_code, answer["Location"].startswith(paypal_sandbox.base_url)) == (302, True)
    assert list(Attempt.objects.values_list("provider", "state")) == [
        ("stripe", "expired"),
        ("paypal", "requires_action"),
    ]
    attempt.order.refresh_from_db()
    assert attempt.order.payment_method == "paypal"


@pytest.mark.parametrize("method", ["", "cash", "free", "card"])
@pytest.mark.promise("P11a")
def test_a_way_that_is_not_offered_is_refused_when_forced(stripe_sandbox: Any, client: Client, method: str) -> None:
    order = paying.order()
    Order.objects.filter(pk=order.pk).update(country="US")
    answer = pay_again(client, order, method)
    assert answer["Location"] == orders.path(order)
    assert (Attempt.objects.count(), stripe_sandbox.provider.objects.of("checkout.session")) == (0, [])


def test_the_back_button_after_paying_leads_to_the_order(till: Till, client: Client) -> None:
    attempt = paying.paid(till, client)
    answer = pay_again(client, attempt.order, till.method)
    assert answer["Location"] == orders.path(attempt.order)
    assert Attempt.objects.count() == 1


def test_paying_again_needs_a_token_of_the_form_and_a_link_of_the_order(till: Till) -> None:
    order = paying.order()
    assert pay_again(Client(enforce_csrf_checks=True), order, till.method).status_code == 403
    address = reverse("pay_again", args=["A" * 32])
    assert Client().post(address, {"payment_method": till.method}).status_code == 404
    assert Client().get(reverse("pay_again", args=[orders.token(order)])).status_code == 405
    assert Attempt.objects.count() == 0
