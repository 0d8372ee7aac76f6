"""Statements on other tables, and the arrays that go into them."""

from typing import Any

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import connection

from accounts.models import License, LicenseKey
from payments.models import Reference
from privacy.inventory import With
from privacy.retention import cuts
from shop.models import OrderHold, OrderParty, Product
from tests.accounts import purchases


def test_a_way_through_other_tables_is_walked_from_the_batch_on() -> None:
    cut = cuts.Cut.of(OrderParty, Reference, With("shop.OrderParty", via="attempt__order"), ())
    assert (cut.table, cut.key) == ("payments_reference", "order_id")
    assert cut.leads == (
        'SELECT coalesce(array_agg("id"), \'{}\')::text FROM "payments_attempt" WHERE "order_id" = ANY(%s::bigint[])',
    )
    assert cut.end == 'DELETE FROM "payments_reference" WHERE "attempt_id" = ANY(%s::bigint[])'


@pytest.mark.django_db
def test_ways_with_the_same_beginning_are_walked_once_and_a_way_that_ends_early_removes_nothing(
    django_assert_num_queries: Any,
) -> None:
    made = [purchases.paid((purchases.edition(), 2)) for _ in range(2)]
    way = With("shop.OrderParty", via="unit__line__order")
    both = [cuts.Cut.of(OrderParty, model, way, ("unit",)) for model in (LicenseKey, License)]
    of_first = cuts.Batch({"order_id": [made[0].pk]})
    with django_assert_num_queries(4):  # lines, units, and one statement a table
        for cut in both:
            of_first.carry_out(cut)
    assert [model.objects.filter(unit__isnull=True).count() for model in (LicenseKey, License)] == [2, 2]
    of_nobody = cuts.Batch({"order_id": [0]})
    with django_assert_num_queries(2):
        for cut in both:
            of_nobody.carry_out(cut)
    assert LicenseKey.objects.filter(unit__isnull=True).count() == 2


def test_columns_are_cleared_only_where_something_is_left() -> None:
    cut = cuts.Cut.of(OrderParty, OrderHold, With("shop.OrderParty", via="order"), ("reason", "placed_by"))
    assert cut.end == (
        'UPDATE "shop_orderhold" SET "reason" = \'\', "placed_by_id" = NULL WHERE "order_id" = ANY(%s::bigint[]) '
        'AND ("reason" IS DISTINCT FROM \'\' OR "placed_by_id" IS DISTINCT FROM NULL)'
    )


def test_a_way_that_leads_elsewhere_is_refused() -> None:
    with pytest.raises(FieldDoesNotExist, match="don't point at each other"):
        cuts.Cut.of(Product, OrderHold, With("shop.Product", via="placed_by"), ())
    with pytest.raises(FieldDoesNotExist):
        cuts.Cut.of(OrderParty, OrderHold, With("shop.OrderParty", via="gone"), ())


@pytest.mark.django_db
@pytest.mark.parametrize("keys", [[1, 2**40], ['a"b', "c\\d", "{e,f}", "NULL", ""]])
def test_an_array_arrives_as_it_was_sent(keys: list[object]) -> None:
    kind = "bigint" if isinstance(keys[0], int) else "varchar"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[]", [cuts.array(keys)])
        assert cursor.fetchone() == (keys,)
