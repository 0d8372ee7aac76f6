"""Checkout once more: lost sessions and tokens, other choices, too many orders."""

from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from privacy import rate_limits
from shop import cart_store
from shop.cart_store import Kept
from shop.models import Order
from tests.shop import goods
from tests.shop.test_checkout import fill, form, methods

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("methods")]
__all__ = ["methods"]


def test_without_its_csrf_token_a_form_does_nothing_but_come_back_with_what_was_typed() -> None:
    client = Client(enforce_csrf_checks=True)
    fill(client, (goods.edition(), 1))
    response = client.post(reverse("checkout"), form())
    assert response.status_code == 422
    assert response.context["notices"] == ["This page was open for too long. Please look at it again, then press Pay."]
    assert response.context["form"]["name"].value() == "Katrin Vogel"
    assert Order.objects.count() == 0


def test_an_expired_session_is_said_and_nothing_typed_is_lost(client: Client) -> None:
    user = get_user_model().objects.create_user("ada@example.com")
    client.force_login(user)
    goods.terms()
    cart_store.write_rows(user, {}, {goods.edition().pk: Kept(1, Decimal("149"))})
    client.session.flush()
    response = client.post(reverse("checkout"), form())
    assert response.status_code == 422
    assert "your session has ended: sign in in another tab" in response.context["notices"][0]
    assert response.context["form"]["street"].value() == "Am Sandtorkai 41"
    client.force_login(user)
    assert client.post(reverse("checkout"), form()).status_code == 302
    assert Order.objects.get().party.user == user


def test_back_from_the_provider_with_another_choice_leads_to_the_order(client: Client) -> None:
    fill(client, (goods.edition(), 1))
    typed = form()
    client.post(reverse("checkout"), typed)
    for change in ({"payment_method": "paypal"}, {"email": "other@nordhafen.example"}, {"country": "FR"}):
        response = client.post(reverse("checkout"), typed | change)
        assert response["Location"].startswith("/order/")
    assert Order.objects.get().payment_method == "card"


def test_more_orders_than_a_person_makes_are_slowed_down(client: Client) -> None:
    edition = goods.edition()
    for _ in range(60):
        rate_limits.allow("checkout", "127.0.0.1", most=60, seconds=600)
    fill(client, (edition, 1))
    response = client.post(reverse("checkout"), form())
    assert response.context["notices"][0].startswith("Many orders came from your connection")
    assert response.context["form"]["name"].value() == "Katrin Vogel"
    assert Order.objects.count() == 0
