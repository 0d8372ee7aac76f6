"""What the page of an unpaid order says about its payment."""

from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import reverse

from payments import order_panel
from payments.models import Attempt
from privacy import clock
from shop import orders
from shop.models import Order
from tests.payments import paying

pytestmark = pytest.mark.django_db


def status(order: Order, query: str = "") -> str:
    panel = order_panel.payment_panel(RequestFactory().get(f"/?{query}"), order)
    assert panel is not None
    return str(panel.context["status"])


def attempt(state: str, number: int = 1, order: Order | None = None) -> Order:
    order = order or paying.order()
    Attempt.objects.create(order=order, number=number, provider="stripe", amount=119, currency="EUR", state=state)
    return order


@pytest.mark.parametrize(
    ("state", "query", "expected"),
    [
        ("created", "", "unpaid"),
        ("requires_action", "", "unpaid"),
        ("requires_action", "payment=checking", "checking"),
        ("processing", "", "processing"),
        ("processing", "payment=checking", "processing"),
        ("failed", "", "failed"),
        ("failed", "payment=checking", "failed"),
        ("expired", "", "unpaid"),
        ("cancelled", "", "unpaid"),
    ],
)
def test_the_last_attempt_decides(state: str, query: str, expected: str) -> None:
    assert status(attempt(state), query) == expected


def test_an_order_that_nobody_tried_to_pay_is_unpaid() -> None:
    assert status(paying.order()) == "unpaid"


def test_a_new_attempt_makes_an_old_failure_forgotten() -> None:
    order = attempt("failed")
    assert status(attempt("requires_action", 2, order)) == "unpaid"


@pytest.mark.parametrize("state", ["paid", "on_hold", "cancelled", "expired"])
def test_other_orders_have_no_such_panel(state: str) -> None:
    order = paying.order()
    Order.objects.filter(pk=order.pk).update(state=state, paid_at=clock.now())
    order.refresh_from_db()
    assert order_panel.payment_panel(RequestFactory().get("/"), order) is None


@pytest.mark.parametrize(("state", "methods"), [("failed", 2), ("expired", 2), ("processing", 0)])
def test_ways_to_pay_are_offered_unless_money_is_under_way(state: str, methods: int) -> None:
    panel = order_panel.payment_panel(RequestFactory().get("/"), attempt(state))
    assert panel is not None
    assert len(panel.context["methods"]) == methods  # type: ignore[arg-type]


def rendered(order: Order, query: str = "") -> Any:
    from django.template.loader import render_to_string

    request = RequestFactory().get(f"/?{query}")
    panel = order_panel.payment_panel(request, order)
    assert panel is not None
    return render_to_string(panel.template, {**panel.context, "order": order, "order_url": "/order/x/"}, request)


def test_the_form_sends_one_of_the_offered_ways_with_its_token() -> None:
    page = rendered(attempt("failed"))
    assert "The payment did not go through. Nothing was taken." in page
    assert page.count('name="payment_method"') == 2
    assert page.count("csrfmiddlewaretoken") == 1
    assert "Pay €119.00" in page


def test_a_silent_provider_asks_for_patience_and_offers_no_second_payment() -> None:
    page = rendered(attempt("requires_action"), "payment=checking")
    assert "We are checking your payment" in page
    assert "payment_method" not in page
    assert 'href="/order/x/"' in page


def test_the_page_of_an_unpaid_order_shows_it(client: Any) -> None:
    order = attempt("failed")
    page = client.get(orders.path(order))
    assert page.status_code == 200
    text = page.content.decode()
    assert "The payment did not go through. Nothing was taken." in text
    assert f'action="{reverse("pay_again", args=[orders.token(order)])}"' in text
    assert "You type the number on Stripe’s page." in text
