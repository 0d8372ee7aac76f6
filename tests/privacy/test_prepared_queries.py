"""Prepared queries give what their query sets give, with the values of each call."""

import threading
from contextlib import nullcontext
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, F, Model
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext

from privacy.models import Consent, OutgoingMail
from privacy.prepared_queries import AnyOf, PreparedInsert, PreparedQuery, Slot
from shop.models import Category, Edition, Order, Price, Product
from tests.shop import goods

pytestmark = pytest.mark.django_db

BY_SKU = PreparedQuery(lambda: Edition.objects.select_related("product__category").filter(sku=Slot("sku")))


def columns(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_row_is_the_one_of_the_query_set_with_what_it_joins() -> None:
    edition = goods.edition()
    found = BY_SKU.first(sku=edition.sku)
    assert found is not None
    with CaptureQueriesContext(connection) as queries:
        same = [columns(found), columns(found.product), columns(found.product.category)]
    plain = Edition.objects.select_related("product__category").get(pk=edition.pk)
    assert same == [columns(plain), columns(plain.product), columns(plain.product.category)]
    assert len(queries) == 0


def test_an_instance_is_as_good_as_any() -> None:
    edition = goods.edition()
    found = BY_SKU.first(sku=edition.sku)
    assert found is not None
    assert (found, found._state.adding, found._state.db) == (edition, False, "default")
    found.name = "Renamed"
    found.save()
    edition.refresh_from_db()
    assert edition.name == "Renamed"


def test_a_join_that_finds_nothing_is_none() -> None:
    Consent.objects.create(key="cookies", version="1", digest="0" * 64)
    query = PreparedQuery(lambda: Consent.objects.select_related("user").filter(key=Slot("key")))
    with CaptureQueriesContext(connection) as queries:
        found = [consent.user for consent in query.rows(key="cookies")]
    assert (found, len(queries)) == ([None], 1)


def test_whoever_listens_to_new_instances_hears_of_them() -> None:
    heard: list[Model] = []

    def listen(instance: Model, **_kwargs: Any) -> None:
        heard.append(instance)

    edition = goods.edition()
    post_init.connect(listen, sender=Edition)
    try:
        found = PreparedQuery(lambda: Edition.objects.filter(pk=Slot("pk"))).rows(pk=edition.pk)
    finally:
        post_init.disconnect(listen, sender=Edition)
    assert (heard, [columns(row) for row in found]) == ([edition], [columns(edition)])


def test_each_call_has_its_own_values() -> None:
    first, second = goods.edition(), goods.edition()
    assert [BY_SKU.first(sku=sku) for sku in (first.sku, second.sku, "none", first.sku)] == [first, second, None, first]


def test_values_are_parameters_and_never_sql() -> None:
    goods.edition()
    assert BY_SKU.rows(sku="' OR 1=1 --") == []


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="sku"):
        BY_SKU.rows()


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_list_is_one_parameter(count: int) -> None:
    editions = [goods.edition() for _ in range(3)]
    query = PreparedQuery(lambda: Edition.objects.filter(AnyOf(F("id"), Slot("ids"))).order_by("id"))
    assert query.rows(ids=[edition.pk for edition in editions[:count]]) == editions[:count]


def test_annotations_come_with_the_rows() -> None:
    product = goods.edition().product
    query = PreparedQuery(lambda: Category.objects.filter(pk=Slot("pk")).annotate(tools=Count("products")))
    assert [row.tools for row in query.rows(pk=product.category_id)] == [1]  # type: ignore[attr-defined]


def test_left_out_columns_are_read_when_they_are_asked_for() -> None:
    product = goods.edition().product
    query = PreparedQuery(lambda: Product.objects.filter(pk=Slot("pk")).defer("description"))
    found = query.first(pk=product.pk)
    assert found is not None
    assert (found.get_deferred_fields(), found.description) == ({"description"}, product.description)


def test_columns_of_other_types_are_converted() -> None:
    edition = goods.edition()
    Edition.objects.filter(pk=edition.pk).update(features=[["Rows", "1,000"]])
    found = PreparedQuery(lambda: Edition.objects.filter(pk=Slot("pk"))).first(pk=edition.pk)
    price = PreparedQuery(lambda: Price.objects.filter(edition_id=Slot("edition"))).first(edition=edition.pk)
    assert found is not None
    assert (found.features, price) == ([["Rows", "1,000"]], edition.prices.get())


def test_rows_are_written_as_they_are_with_their_defaults() -> None:
    insert = PreparedInsert(OutgoingMail)
    with CaptureQueriesContext(connection) as queries:
        insert.write(*(OutgoingMail(kind="k", object_id=number, dedup_key=f"'{number}") for number in (1, 2)))
    written = OutgoingMail.objects.order_by("object_id").values_list("kind", "object_id", "dedup_key", "state", "tries")
    assert list(written) == [("k", 1, "'1", "pending", 0), ("k", 2, "'2", "pending", 0)]
    assert len(queries) == 1


def test_written_rows_have_their_ids() -> None:
    rows = [OutgoingMail(kind="k", object_id=number, dedup_key=str(number)) for number in (1, 2, 3)]
    PreparedInsert(OutgoingMail).write(*rows)
    assert [(row.pk, row._state.adding) for row in rows] == [
        (pk, False) for pk in OutgoingMail.objects.order_by("object_id").values_list("pk", flat=True)
    ]


def test_nothing_to_write_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as queries:
        PreparedInsert(OutgoingMail).write()
    assert len(queries) == 0


@pytest.mark.parametrize("ignore_conflicts", [True, False])
def test_a_second_row_is_left_out_or_refused(ignore_conflicts: bool) -> None:
    insert = PreparedInsert(OutgoingMail, ignore_conflicts=ignore_conflicts)
    insert.write(OutgoingMail(kind="k", object_id=1, dedup_key="same"))
    again = nullcontext() if ignore_conflicts else pytest.raises(IntegrityError)
    with again, transaction.atomic():
        insert.write(OutgoingMail(kind="k", object_id=2, dedup_key="same"))
    assert list(OutgoingMail.objects.values_list("object_id", flat=True)) == [1]


@pytest.mark.django_db(transaction=True)
def test_a_lock_needs_a_transaction_each_time() -> None:
    query = PreparedQuery(lambda: Order.objects.select_for_update().filter(pk=Slot("pk")))
    with transaction.atomic():
        assert query.rows(pk=0) == []
    with pytest.raises(transaction.TransactionManagementError):
        query.rows(pk=0)


@pytest.mark.django_db(transaction=True)
def test_threads_share_a_query() -> None:
    edition = goods.edition()
    found: list[Edition | None] = []

    def ask() -> None:
        found.append(BY_SKU.first(sku=edition.sku))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [edition] * 4
