"""Statements on other tables, and the arrays that go into them."""

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import connection

from payments.models import Reference
from privacy.inventory import With
from privacy.retention import cuts
from shop.models import OrderHold, OrderParty, Product


def test_a_way_through_other_tables_becomes_nested_conditions() -> None:
    cut = cuts.Cut.of(OrderParty, Reference, With("shop.OrderParty", via="attempt__order"), ())
    assert (cut.table, cut.key) == ("payments_reference", "order_id")
    assert cut.sql == (
        'DELETE FROM "payments_reference" WHERE "attempt_id" IN '
        '(SELECT "id" FROM "payments_attempt" WHERE "order_id" = ANY(%s::bigint[]))'
    )


def test_columns_are_cleared_only_where_something_is_left() -> None:
    cut = cuts.Cut.of(OrderParty, OrderHold, With("shop.OrderParty", via="order"), ("reason", "placed_by"))
    assert cut.sql == (
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
