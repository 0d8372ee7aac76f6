"""Coupons at the desk."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import roles
from privacy import clock
from shop import coupons, orders
from shop.models import Coupon, Order
from tests import desk
from tests.shop import goods
from tests.shop.test_coupons import cart_of, coupon, place

pytestmark = pytest.mark.django_db
ADD = "admin:shop_coupon_add"


@pytest.fixture
def manager() -> Client:
    return desk.at_desk(roles.SHOP_MANAGER)


def form(*amounts: dict[str, str], **changes: Any) -> dict[str, Any]:
    typed = {
        "code": "spring-10",
        "is_active": "on",
        "kind": "percent",
        "percent": "10",
        "valid_from": clock.today().isoformat(),
        "is_for_all": "on",
        "amounts-TOTAL_FORMS": str(len(amounts)),
        "amounts-INITIAL_FORMS": "0",
    }
    rows = {f"amounts-{place}-{name}": value for place, row in enumerate(amounts) for name, value in row.items()}
    return {name: value for name, value in (typed | rows | changes).items() if value is not None}


def test_a_manager_makes_a_coupon_and_withdraws_it(manager: Client) -> None:
    suggested = manager.get(reverse(ADD)).context["adminform"].form.initial["code"]
    assert len(coupons.folded(suggested)) == 10
    amounts = (
        {"currency": "EUR", "amount": "10", "minimum": "50"},
        {"currency": "USD", "amount": "11", "minimum": "0"},
    )
    assert manager.post(reverse(ADD), form(*amounts, kind="amount", percent=None)).status_code == 302
    made = Coupon.objects.get()
    assert (made.code, made.uses) == ("SPRING-10", 0)
    assert cart_of((goods.edition(), 1)).discount == Decimal(10)
    page = reverse("admin:shop_coupon_change", args=[made.pk])
    ids = {f"amounts-{place}-id": str(row.pk) for place, row in enumerate(made.amounts.all())}
    kept = form(*amounts, kind="amount", percent=None, is_active=None, code="OTHER", **{"amounts-INITIAL_FORMS": "2"})
    assert manager.post(page, kept | ids).status_code == 302
    assert list(Coupon.objects.values_list("code", "is_active")) == [("SPRING-10", False)]
    assert cart_of((goods.edition(), 1)).discount == 0
    assert manager.post(reverse("admin:shop_coupon_delete", args=[made.pk]), {"post": "yes"}).status_code == 403


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "look-alike": ({"code": "kept-io"}, "Buyers would take this for KEPT-10."),
    "formula": ({"code": "=1+1"}, "capital letters and digits"),
    "no share": ({"percent": None}, "Write a share above 0, up to 100."),
    "more than all": ({"percent": "101"}, "Write a share above 0, up to 100."),
    "share and amount": ({"kind": "amount"}, "Leave this empty. The amounts stand below"),
    "amount without amounts": ({"kind": "amount", "percent": None}, "Write what it takes off, in each currency"),
    "no products": ({"is_for_all": None}, "Choose the products that it is for."),
    "never": ({"most_uses": "0"}, "Write at least 1."),
    "never a person": ({"most_per_person": "0"}, "Write at least 1, or leave it empty."),
    "backwards": ({"valid_until": "2020-01-01"}, "before the first."),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_makes_no_sense_is_refused_with_a_sentence(manager: Client, name: str) -> None:
    coupon("KEPT-10")
    changes, sentence = REFUSED[name]
    page = manager.post(reverse(ADD), form(**changes))
    assert page.status_code == 200
    assert sentence in page.content.decode().replace("&#x27;", "'")
    assert Coupon.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"currency": "EUR", "amount": "10", "minimum": "0"}, "A share takes off no amounts."),
        ({"currency": "EUR", "minimum": "0.005"}, "EUR has no amounts that small"),
        ({"currency": "EUR", "minimum": "-1"}, "Write an amount above zero."),
        ({"currency": "XXX", "minimum": "1"}, "Select a valid choice"),
    ],
)
def test_amounts_that_make_no_sense_too(manager: Client, row: dict[str, str], sentence: str) -> None:
    page = manager.post(reverse(ADD), form(row))
    assert sentence in page.content.decode()
    assert not Coupon.objects.exists()


def test_the_most_uses_cannot_fall_below_those_that_are_there(manager: Client) -> None:
    made = coupon(most_uses=5)
    for number in range(2):
        place(cart_of((goods.edition(), 1)), f"buyer-{number}@example.com")
    page = manager.post(reverse("admin:shop_coupon_change", args=[made.pk]), form(most_uses="1"))
    assert "2 orders have it. Write at least 2." in page.content.decode()


def test_its_uses_are_shown_and_go_into_a_file_that_names_nobody(manager: Client) -> None:
    made = coupon()
    kept, ended = (place(cart_of((goods.edition("119.00"), 1)), f"ada-{number}@example.com") for number in range(2))
    orders.cancel(ended.pk, by=None, reason="wanted")
    page = manager.get(reverse("admin:shop_coupon_change", args=[made.pk])).content.decode()
    for shown in (kept.number, ended.number, "cancelled, doesn’t count", "€11.90"):
        assert shown in page
    answer = manager.get(reverse("admin:shop_coupon_uses", args=[made.pk]))
    day = clock.today().isoformat()
    assert answer.content.decode().splitlines() == [
        "Code,Order,Placed on,State,Currency,Discount,Total,Counts",
        f"SPRING-10,{ended.number},{day},cancelled,EUR,11.90,107.10,no",
        f"SPRING-10,{kept.number},{day},pending_payment,EUR,11.90,107.10,yes",
    ]
    assert answer["Content-Disposition"] == 'attachment; filename="coupon-SPRING-10.csv"'
    assert manager.get(reverse("admin:shop_coupon_uses", args=[987654])).status_code == 404


def test_the_page_of_an_order_names_the_coupon(manager: Client) -> None:
    coupon()
    order = place(cart_of((goods.edition("119.00"), 1)))
    page = manager.get(reverse("admin:shop_order_change", args=[order.pk]))
    assert ("Discount", "€11.90, code SPRING-10") in page.context["facts"]
    lines = page.context["sections"][0]
    assert dict(zip(lines.headers, lines.rows[0], strict=True)) | {"Edition": ""} == {
        "Edition": "",
        "Quantity": 1,
        "Price": "€119.00",
        "Discount": "€11.90",
        "Net": "€90.00",
        "Tax": "€17.10 (19%)",
        "Total": "€107.10",
        "Units delivered": "0 of 1",
    }
    plain = Order.objects.get(pk=place(cart_of((goods.edition(), 1), code="")).pk)
    other = manager.get(reverse("admin:shop_order_change", args=[plain.pk]))
    assert "Discount" not in other.context["sections"][0].headers
