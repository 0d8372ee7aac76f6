"""Limits of sales to consumers in other member states: counted by year, and a person hears of them in time."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from privacy import clock
from privacy.models import Alert
from shop import tasks, thresholds
from shop.models import Order, OrderLine, TaxScheme
from tests.accounts import purchases

pytestmark = pytest.mark.django_db


def sold(net: str, *, rule: str = "eu_home", country: str = "FR", currency: str = "EUR", year: int = 2026) -> None:
    order = purchases.order((purchases.edition(), 1))
    OrderLine.objects.filter(order=order).update(tax_rule=rule, net=net, tax=0, total=net)
    paid_at = datetime(year, 6, 1, tzinfo=UTC)
    Order.objects.filter(pk=order.pk).update(country=country, currency=currency, state="paid", paid_at=paid_at)


def scheme(name: str, country: str = "DE") -> None:
    TaxScheme.objects.create(country=country, scheme=name, valid_from=date(2020, 1, 1), registration="1")


def states() -> dict[str, tuple[str, bool]]:
    return {each.limit.name: (each.state, each.concerns) for each in thresholds.watched()}


@pytest.fixture(autouse=True)
def today() -> Any:
    with clock.at(datetime(2026, 11, 28, tzinfo=UTC)):
        yield


@pytest.mark.promise("P6d")
@pytest.mark.parametrize(
    ("net", "state"), [("7999.99", "below"), ("8000", "near"), ("10000", "near"), ("10000.01", "passed")]
)
def test_the_limit_of_the_home_tax_comes_near_and_is_passed(net: str, state: str) -> None:
    scheme("local")
    sold(net)
    assert states()["home"] == (state, True)


def test_the_year_before_counts_as_well() -> None:
    scheme("local")
    sold("10001", year=2025)
    sold("90000", year=2024)
    assert states() == {"home": ("passed", True), "evidence": ("below", True)}


def test_what_is_no_sale_to_a_consumer_abroad_does_not_count() -> None:
    scheme("local")
    sold("20000", rule="domestic", country="DE")
    sold("20000", rule="reverse_charge")
    sold("20000", rule="outside_eu", country="US")
    assert thresholds.sold_abroad(2026) == (0, 0)


def test_a_small_business_counts_what_it_sells_abroad() -> None:
    scheme("small_business")
    for country in ("DE", "FR", "US"):
        sold("9000", rule="small_business", country=country)
    assert thresholds.sold_abroad(2026) == (Decimal(9000), 0)
    assert states() == {"home": ("near", True), "evidence": ("below", False)}


def test_other_currencies_count_one_and_a_half_times() -> None:
    sold("100", currency="GBP")
    assert thresholds.sold_abroad(2026) == (Decimal(150), 0)


def test_a_person_is_called_once_for_each_step() -> None:
    scheme("local")
    assert tasks.watch_tax_limits() == 0
    sold("8500")
    assert [tasks.watch_tax_limits(), tasks.watch_tax_limits()] == [1, 0]
    Alert.objects.update(closed_at=clock.now())
    assert tasks.watch_tax_limits() == 0  # who closed it has read it
    sold("2000")
    assert tasks.watch_tax_limits() == 1
    assert [alert.key for alert in Alert.objects.order_by("pk")] == ["home:2026:near", "home:2026:passed"]
    message = Alert.objects.latest("pk").message
    assert message.startswith("Sales to consumers in other member states: €10,500.00 of €10,000.00, 2026.")
    assert "One-Stop-Shop" in message


def test_under_the_one_stop_shop_the_first_limit_is_no_matter() -> None:
    scheme("oss")
    sold("50000", rule="eu_destination")
    assert tasks.watch_tax_limits() == 0
    sold("40000", rule="eu_destination")
    assert tasks.watch_tax_limits() == 1
    assert Alert.objects.get().key == "evidence:2026:near"


def test_a_seller_outside_the_union_has_neither() -> None:
    scheme("oss", "US")
    sold("90000", rule="eu_destination")
    assert [concerns for _, concerns in states().values()] == [False, False]
