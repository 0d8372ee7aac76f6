"""The measured sweep in small: the same rows, made the same way, are the ones that a real order has."""

import pytest
from django.db import connection

from accounts.models import License, LicenseKey
from payments.models import Reference, Refund
from privacy.models import RetentionPeriod
from shop.models import Order, OrderHold, OrderParty
from tests.benchmarks import retention, sold_orders

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_measured_sweep_removes_all_that_is_due_and_nothing_else() -> None:
    figures = {figure.name.partition(": ")[2]: figure for figure in retention.figures(orders=5_000, due=2_500)}
    assert list(figures) == [
        "made by COPY",
        "sweep over all tables",
        "memory at the end against its 5th batch",
        "second sweep, nothing due",
    ]
    assert figures["memory at the end against its 5th batch"].is_met  # seconds depend on who else is at work
    measured = Order.objects.filter(pk__gte=sold_orders.FIRST)
    assert (measured.count(), measured.filter(party_removal__isnull=False).count()) == (5_000, 2_500)
    left = {
        OrderParty: 2_500 + 1,  # and the one that the edition came from
        Reference: 2_500,
        License: 5_000,
    }
    assert {model: model.objects.count() for model in left} == left
    assert License.objects.filter(unit__isnull=False).count() == 2_500
    assert LicenseKey.objects.filter(unit__isnull=False).count() == 2_500
    assert (Refund.objects.count(), Refund.objects.exclude(reason="").count()) == (500, 250)
    assert (OrderHold.objects.count(), OrderHold.objects.exclude(reason="").count()) == (100, 50)


def test_the_dates_of_the_measured_rows_are_those_that_the_trigger_writes() -> None:
    sold_orders.copy(300, due=100)
    dates = dict(OrderParty.objects.values_list("pk", "expires_at"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shop_orderparty SET expires_at = NULL")
    assert dict(OrderParty.objects.values_list("pk", "expires_at")) == dates
    assert RetentionPeriod.objects.get(rule="shop.OrderParty.expires_at").target is None
