"""Coupons: what a code takes off, and what of that everybody sees."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from privacy import clock
from shop import coupons, money, orders, payment_methods, tax_schemes
from shop.cart import Cart
from shop.cart_store import Kept
from shop.models import Coupon, Edition, Order, Price
from shop.tax import Buyer
from tests.shop import goods
from tests.shop.couponing import cart_of, coupon, offer, place
from tests.shop.test_checkout import fill, form

pytestmark = pytest.mark.django_db
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def methods(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch)


class TestSpreading:
    @given(
        weights=st.lists(st.integers(0, 100_000), min_size=1, max_size=50).filter(any),
        share=st.integers(0, 1000),
        currency=st.sampled_from(["EUR", "JPY", "KWD"]),
    )
    def test_the_parts_sum_to_the_amount_and_none_is_more_than_its_line(
        self, weights: list[int], share: int, currency: str
    ) -> None:
        unit = money.quantum(currency)
        costs = [weight * unit for weight in weights]
        amount = sum(weights) * share // 1000 * unit
        parts = money.shared(amount, costs, currency)
        assert sum(parts) == amount
        exact = [amount * cost / sum(costs) for cost in costs]
        for part, cost, wanted in zip(parts, costs, exact, strict=True):
            assert 0 <= part <= cost
            assert abs(part - wanted) < unit

    def test_the_largest_remainders_are_rounded_up(self) -> None:
        thirds = [Decimal(1), Decimal(1), Decimal(2)]
        assert money.shared(Decimal("0.11"), thirds, "EUR") == [Decimal("0.03"), Decimal("0.03"), Decimal("0.05")]

    @pytest.mark.parametrize("country", ["DE", "FR", "US", "GB"])
    @pytest.mark.parametrize("percent", ["0.01", "33.33", "99.99", "100"])
    def test_lines_and_sums_add_up_for_every_buyer(self, country: str, percent: str) -> None:
        coupon(percent=percent)
        bought = ((goods.edition("149.99"), 3), (goods.edition("0.01"), 1), (goods.edition("39.95"), 7))
        of = cart_of(*bought, country=country)
        full = cart_of(*bought, code="", country=country)
        assert of.total + of.discount == full.total
        assert (of.coupon is not None, full.coupon) == (True, None)
        for line in of.lines:
            assert line.amounts.net + line.amounts.tax == line.amounts.total
            assert min(line.amounts.net, line.amounts.tax) >= 0
            assert line.full.net >= line.amounts.net
        if percent == "100":
            assert (of.total, of.amounts.tax) == (0, 0)

    def test_the_tax_is_that_of_what_is_paid(self) -> None:
        coupon()
        of = cart_of((goods.edition("119.00"), 1))
        assert (of.amounts.net, of.amounts.tax, of.total) == (Decimal("90.00"), Decimal("17.10"), Decimal("107.10"))

    def test_an_amount_is_in_prices_of_the_catalog(self) -> None:
        """Who owes no tax gets its share without tax, as with every price."""
        coupon(amount="11.90")
        sold = goods.edition("119.00")
        assert cart_of((sold, 1)).discount == Decimal("11.90")
        abroad = cart_of((sold, 1), country="US")
        assert (abroad.discount, abroad.total) == (Decimal("10.00"), Decimal("90.00"))

    def test_a_share_of_next_to_nothing_is_no_discount(self) -> None:
        coupon(percent="0.01")
        of = cart_of((goods.edition("0.10"), 1))
        assert (of.discount, of.coupon) == (0, None)
        assert of.notices[-1] == "The code SPRING-10 takes nothing off a price this small."

    def test_an_amount_never_takes_off_more_than_there_is(self) -> None:
        coupon(amount="500")
        of = cart_of((goods.edition("149.00"), 1))
        assert (of.total, of.discount, of.is_free) == (0, Decimal(149), True)


def _another_product(_edition: Edition) -> dict[str, Any]:
    return {"products": [goods.edition().product]}


TODAY = clock.today
REFUSALS: dict[str, tuple[Callable[[Edition], dict[str, Any]], str]] = {
    "withdrawn": (lambda _: {"is_active": False}, "was withdrawn"),
    "too early": (lambda _: {"valid_from": TODAY() + timedelta(days=1)}, "counts from"),
    "too late": (
        lambda _: {"valid_from": TODAY() - timedelta(days=9), "valid_until": TODAY() - timedelta(days=1)},
        "ended on",
    ),
    "used up": (lambda _: {"most_uses": 2, "uses": 2}, "was used as often as it may be"),
    "another product": (_another_product, "isn’t for the tools in your cart"),
    "minimum": (lambda _: {"minimum": "149.01"}, "counts from a list price of €149.01 on, for your cart."),
}


class TestCodes:
    @pytest.mark.parametrize(
        "typed", ["SPRING-10", "spring10", " Spring 10 ", "SPR1NG-IO", "ｓｐｒｉｎｇ１０", "sprlng1o"]
    )
    def test_a_code_is_found_however_it_is_typed(self, typed: str) -> None:
        coupon()
        assert coupons.find(typed, "EUR").code == "SPRING-10"

    @pytest.mark.parametrize("typed", ["", "-", "SPRING", "SPRING-100", "\0", "x" * 9000, "ЅPRING10", "'; --"])
    def test_a_wrong_one_gets_a_sentence(self, client: Client, typed: str) -> None:
        coupon()
        fill(client, (goods.edition(), 1))
        page = client.post(reverse("cart_redeem"), {"code": typed}, headers=SAME_ORIGIN)
        assert (page.status_code, page.context["error"]) == (422, coupons.UNKNOWN)
        assert (page.context["amounts"].total, "coupon" in page.cookies) == (Decimal(149), False)

    @pytest.mark.parametrize("name", REFUSALS)
    def test_each_reason_has_its_sentence_and_nothing_else_is_lost(self, client: Client, name: str) -> None:
        why, sentence = REFUSALS[name]
        sold = goods.edition()
        kept = coupon("KEPT-5", percent="5")
        coupon(**why(sold))
        fill(client, (sold, 1))
        assert client.post(reverse("cart_redeem"), {"code": "kept5"}, headers=SAME_ORIGIN).status_code == 302
        page = client.post(reverse("cart_redeem"), {"code": "spring10"}, headers=SAME_ORIGIN)
        assert page.status_code == 422
        assert sentence in page.context["error"]
        assert client.get(reverse("cart")).context["cart"].coupon == kept

    def test_it_is_for_the_currencies_that_it_has_amounts_in(self) -> None:
        sold = goods.edition()
        Price.objects.create(edition=sold, currency="USD", amount=Decimal(160))
        coupon(amount="10")
        of = Cart({sold.pk: Kept(1, Decimal(160), "USD")}, Buyer("US"), "USD", code="SPRING10")
        assert (of.currency, of.coupon, of.discount) == ("USD", None, 0)
        assert of.notices == ["The code SPRING-10 isn’t for prices in US dollars."]

    def test_it_takes_from_its_products_alone(self) -> None:
        own, other = goods.edition("100.00"), goods.edition("100.00")
        coupon(percent="50", products=[own.product])
        assert [line.amounts.total for line in cart_of((own, 1), (other, 1)).lines] == [Decimal(50), Decimal(100)]

    def test_guessing_is_limited(self, client: Client) -> None:
        coupon()
        fill(client, (goods.edition(), 1))
        answers = [
            client.post(reverse("cart_redeem"), {"code": f"X{guess}"}, headers=SAME_ORIGIN, REMOTE_ADDR="192.0.2.77")
            for guess in range(21)
        ]
        assert [answer.context["error"] == coupons.UNKNOWN for answer in answers] == [True] * 20 + [False]
        late = client.post(reverse("cart_redeem"), {"code": "spring10"}, headers=SAME_ORIGIN, REMOTE_ADDR="192.0.2.77")
        assert "Please wait ten minutes" in late.context["error"]

    def test_a_cookie_that_we_did_not_sign_is_no_way_around_the_limit(self, client: Client) -> None:
        coupon()
        fill(client, (goods.edition(), 1))
        client.cookies["coupon"] = "SPRING-10"
        assert client.get(reverse("cart")).context["cart"].code == ""

    def test_two_that_look_alike_cannot_exist(self) -> None:
        coupon("SPRING-10")
        with pytest.raises(IntegrityError, match="folded"), transaction.atomic():
            coupon("SPR1NG-IO")

    def test_new_codes_have_no_look_alikes(self) -> None:
        made = {coupons.new_code() for _ in range(200)}
        assert len(made) == 200
        assert all(coupons.folded(code) == code.replace("-", "") for code in made)


class TestTheCart:
    def test_a_code_shows_its_discount_and_can_be_left_out(self, client: Client) -> None:
        coupon()
        fill(client, (goods.edition(), 1))
        client.post(reverse("cart_redeem"), {"code": "spring10"}, headers=SAME_ORIGIN)
        page = client.get(reverse("cart"))
        text = page.content.decode()
        assert "Discount, code SPRING-10" in text
        assert "-€14.90" in text
        assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
        assert client.get(reverse("header_fragment")).context["cart"].total == Decimal("134.10")
        client.post(reverse("cart_without_code"), headers=SAME_ORIGIN)
        assert client.get(reverse("cart")).context["cart"].total == Decimal(149)

    def test_the_code_survives_signing_in(self, client: Client) -> None:
        coupon()
        fill(client, (goods.edition(), 1))
        client.post(reverse("cart_redeem"), {"code": "spring10"}, headers=SAME_ORIGIN)
        user = get_user_model().objects.create_user("ada@example.com", name="Ada")
        client.force_login(user)
        user.cart_lines.create(edition=Edition.objects.get(), quantity=1, price_seen=149)
        assert client.get(reverse("cart")).context["cart"].total == Decimal("134.10")

    def test_a_code_that_has_ended_meanwhile_says_so(self) -> None:
        coupon(minimum="200")
        of = cart_of((goods.edition(), 1))
        assert (of.total, of.coupon) == (Decimal(149), None)
        assert of.notices == ["The code SPRING-10 counts from a list price of €200.00 on, for your cart."]

    def test_it_costs_one_query_and_none_where_there_is_no_code(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        coupon()
        sold = goods.edition()
        tax_schemes.seller(clock.today())  # read once a version of what everybody sees
        with django_assert_num_queries(1):
            assert cart_of((sold, 1), code="").total == 149
        with django_assert_num_queries(2):
            assert cart_of((sold, 1)).total == Decimal("134.10")

    def test_other_sites_cannot_enter_a_code(self, client: Client) -> None:
        coupon()
        for name in ("cart_redeem", "cart_without_code"):
            answer = client.post(reverse(name), {"code": "spring10"}, headers={"Sec-Fetch-Site": "cross-site"})
            assert answer.status_code == 403

    def test_an_empty_cart_takes_no_code(self, client: Client) -> None:
        coupon()
        page = client.post(reverse("cart_redeem"), {"code": "spring10"}, headers=SAME_ORIGIN)
        assert page.context["error"] == "Put a tool in the cart first, then its code."


class TestTheOrder:
    def buy(self, client: Client, **changes: Any) -> Order:
        shown = client.get(reverse("checkout"))
        total = shown.context["amounts"].total
        answer = client.post(reverse("checkout"), form(shown_total=str(total), **changes))
        assert answer.status_code == 302, answer.context["notices"]
        return Order.objects.latest("pk")

    def start(self, client: Client, *lines: tuple[Edition, int]) -> None:
        fill(client, *lines)
        client.post(reverse("cart_redeem"), {"code": "spring10"}, headers=SAME_ORIGIN)

    def test_it_is_written_with_the_order_and_the_code_is_spent(self, client: Client) -> None:
        made = coupon()
        self.start(client, (goods.edition("149.00"), 2), (goods.edition("39.95", sold_per="seat"), 3))
        order = self.buy(client)
        lines = orders.lines_of(order)
        assert (order.total, order.discount) == (Decimal("376.06"), Decimal("41.79"))
        assert sum(line.total for line in lines) == order.total
        assert sum(line.tax for line in lines) == order.tax
        assert [line.unit_price * line.quantity for line in lines] == [line.total + line.discount for line in lines]
        assert (coupons.code_of(order), order.coupon_use.coupon) == ("SPRING-10", made)
        assert Coupon.objects.get().uses == 1
        assert client.cookies["coupon"].value == ""

    def test_its_page_shows_the_discount(self, client: Client) -> None:
        coupon()
        self.start(client, (goods.edition("119.00"), 1))
        page = client.get(orders.path(self.buy(client)))
        assert page.context["discounts"] == [("Discount, code SPRING-10", Decimal("-10.00"))]
        _, _, sums = page.content.decode().partition('id="receipt-title"')
        places = [sums.index(amount) for amount in ("€100.00", "-€10.00", "€17.10", "€107.10")]
        assert places == sorted(places)

    def test_what_costs_nothing_asks_for_no_payment(self, client: Client) -> None:
        coupon(percent="100")
        self.start(client, (goods.edition(), 1))
        page = client.get(reverse("checkout")).content.decode()
        assert "There is nothing to pay." in page
        assert 'name="payment_method"' not in page
        order = self.buy(client, payment_method="")
        assert (order.total, order.payment_method, order.discount) == (0, payment_methods.FREE, Decimal(149))

    def test_nobody_pays_nothing_by_asking_for_it(self, client: Client) -> None:
        fill(client, (goods.edition(), 1))
        answer = client.post(reverse("checkout"), form(payment_method=payment_methods.FREE))
        assert (answer.status_code, Order.objects.count()) == (422, 0)
        assert "payment_method" in answer.context["form"].errors

    def test_one_used_up_while_the_form_was_filled_is_told_before_anything_is_paid(self, client: Client) -> None:
        made = coupon(most_uses=1)
        self.start(client, (goods.edition(), 1))
        page = client.get(reverse("checkout"))
        place(cart_of((goods.edition(), 1)), "faster@example.com")
        typed = form(shown_total=str(page.context["amounts"].total))
        again = client.post(reverse("checkout"), typed)
        assert again.status_code == 422
        assert any("was used as often as it may be" in said for said in again.context["notices"])
        assert again.context["amounts"].total == Decimal(149)
        assert again.context["form"]["name"].value() == "Katrin Vogel"
        answer = client.post(reverse("checkout"), typed | {"shown_total": "149.00"})
        assert (answer.status_code, Order.objects.latest("pk").discount) == (302, 0)
        assert Coupon.objects.get(pk=made.pk).uses == 1

    def test_a_person_who_has_used_it_is_told_and_keeps_the_form(self, client: Client) -> None:
        coupon(most_per_person=1)
        place(cart_of((goods.edition(), 1)), "katrin.vogel@NORDHAFEN.example")
        self.start(client, (goods.edition(), 1))
        total = client.get(reverse("checkout")).context["amounts"].total
        again = client.post(reverse("checkout"), form(shown_total=str(total)))
        assert again.status_code == 422
        assert "can be used once by each person, and you have" in again.context["notices"][0]
        assert (again.context["amounts"].total, again.context["discounts"]) == (Decimal(149), [])
        assert again.context["form"]["email"].value() == "Katrin.Vogel@Nordhafen.example"
        assert client.post(reverse("checkout"), form(shown_total="149.00")).status_code == 302
