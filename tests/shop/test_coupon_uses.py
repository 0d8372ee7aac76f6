"""How often a coupon is used: counted by the database, given back with an order that ends unpaid."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connections, transaction

from privacy import clock
from shop import coupons, order_lookup, orders
from shop.cart import Cart
from shop.models import Coupon, CouponUse, Order, OrderEvent, OrderParty
from shop.tax import Buyer
from tests.shop import goods
from tests.shop.couponing import cart_of, coupon, offer, place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def methods(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch)


class TestUses:
    def test_an_account_is_one_person_whatever_its_address(self) -> None:
        coupon(most_per_person=1)
        user = get_user_model().objects.create_user("ada@example.com", name="Ada")
        place(cart_of((goods.edition(), 1)), "work@example.com", user=user)
        with pytest.raises(coupons.Refused, match="once by each person"):
            place(cart_of((goods.edition(), 1)), "home@example.com", user=user)
        place(cart_of((goods.edition(), 1)), "somebody@example.com")
        assert (Coupon.objects.get().uses, Order.objects.count()) == (2, 2)

    @pytest.mark.parametrize("how", ["expire", "cancel", "put back"])
    def test_an_order_that_ends_unpaid_gives_its_use_back(self, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
        coupon(most_uses=1, most_per_person=1)
        order = place(cart_of((goods.edition(), 1)))
        if how == "expire":
            Order.objects.update(expires_at=clock.now() - timedelta(seconds=1))
            assert orders.expire(order.pk)
        elif how == "cancel":
            assert orders.cancel(order.pk, by=None, reason="wanted")
        else:
            of = Cart({}, Buyer("DE"), "EUR")
            order_lookup.put_back(order, of)
            assert (of.code, of.discount) == ("SPRING-10", Decimal("14.90"))
        assert Coupon.objects.get().uses == 0
        assert OrderEvent.objects.filter(order=order, kind="coupon_returned", detail="SPRING-10").count() == 1
        assert place(cart_of((goods.edition(), 1))).discount == Decimal("14.90")

    def test_money_that_comes_late_counts_again_where_there_is_room(self) -> None:
        coupon(most_uses=1)
        order = place(cart_of((goods.edition(), 1)))
        with transaction.atomic():
            assert coupons.give_back(orders.lock(order.pk))
            assert not coupons.give_back(order)
            assert coupons.count_again(order)
            assert coupons.count_again(order)
        assert (Coupon.objects.get().uses, CouponUse.objects.get().given_back_at) == (1, None)
        assert [event.kind for event in order.events.all()][-2:] == ["coupon_returned", "coupon_counted"]
        with transaction.atomic():
            coupons.give_back(orders.lock(order.pk))
            place(cart_of((goods.edition(), 1)), "faster@example.com")
            assert not coupons.count_again(order)
        assert (Coupon.objects.get().uses, CouponUse.objects.filter(given_back_at__isnull=True).count()) == (1, 1)

    def test_it_counts_without_a_name_once_the_person_is_gone(self) -> None:
        coupon(most_per_person=1)
        order = place(cart_of((goods.edition(), 1)))
        OrderParty.objects.filter(order=order).delete()
        assert Coupon.objects.get().uses == 1
        assert place(cart_of((goods.edition(), 1))).discount == Decimal("14.90")
        assert Coupon.objects.get().uses == 2

    def test_a_use_stays_with_its_order(self) -> None:
        coupon()
        place(cart_of((goods.edition(), 1)))
        with pytest.raises(IntegrityError, match="stays with its order"), transaction.atomic():
            CouponUse.objects.update(coupon=coupon("OTHER-1"))

    def test_the_desk_cannot_write_the_count_over(self) -> None:
        made = coupon()
        place(cart_of((goods.edition(), 1)))
        made.is_active = False
        made.save()  # read before the order was placed
        assert list(Coupon.objects.values_list("uses", "is_active")) == [(1, False)]


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def race(self, tries: int, email: Callable[[int], str]) -> list[bool]:
        sold = goods.edition()
        goods.terms()
        place(cart_of((sold, 1), code=""), "first@example.com")  # what is read once a process

        carts = [cart_of((sold, 1)) for _ in range(tries)]
        assert {of.discount for of in carts} == {Decimal("14.90")}

        def one(number: int) -> bool:
            try:
                place(carts[number], email(number))
            except coupons.Refused:
                return False
            else:
                return True
            finally:
                connections.close_all()

        with ThreadPoolExecutor(16) as pool:
            return list(pool.map(one, range(tries)))

    def test_of_a_hundred_tries_exactly_as_many_pass_as_may(self) -> None:
        made = coupon(most_uses=7)
        won = self.race(100, lambda number: f"buyer-{number}@example.com")
        assert (sum(won), CouponUse.objects.count(), Coupon.objects.get(pk=made.pk).uses) == (7, 7, 7)
        assert Order.objects.filter(discount__gt=0).count() == 7

    def test_one_person_in_many_tabs_gets_it_once(self) -> None:
        coupon(most_per_person=1)
        won = self.race(20, lambda number: "ada@example.com" if number % 2 else "ADA@example.com")
        assert (sum(won), CouponUse.objects.count()) == (1, 1)
