"""Receipts and credit notes: numbered without a gap, never changed, and summing up to the cent."""

import threading
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from privacy import clock
from shop import orders, receipts
from shop.models import AccountingDocument, DocumentLine, DocumentSeries, Order, OrderParty
from tests.accounts import purchases

Kind = AccountingDocument.Kind


def paid(*counts: int, **fields: object) -> Order:
    """An order with a line a count, each unit 119.00 EUR, of which 19.00 tax; paid, with its receipt."""
    made = purchases.paid(*((purchases.edition(), count) for count in counts), **fields)
    with transaction.atomic():
        receipts.issue(orders.lock(made.pk))
    return Order.objects.get(pk=made.pk)


def credit(order: Order, amount: str, tax: str, about: str = "refund:1", **more: Any) -> list[AccountingDocument]:
    return receipts.credit(order, about=about, amount=Decimal(amount), tax=Decimal(tax), **more)


def sums(order: Order) -> tuple[Decimal, ...]:
    found = AccountingDocument.objects.filter(order=order).aggregate(Sum("net"), Sum("tax"), Sum("total"))
    return found["net__sum"], found["tax__sum"], found["total__sum"]


@pytest.mark.django_db
@pytest.mark.promise("P6d")
def test_a_receipt_says_what_was_sold_with_its_tax() -> None:
    with clock.at(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)):
        order = paid(2, 1)
    document = AccountingDocument.objects.get()
    assert document.label == "R-2026-000001"
    assert (document.net, document.tax, document.total, document.currency) == (300, 57, 357, "EUR")
    assert document.supplied_on.isoformat() == "2026-12-31"
    assert [(line.quantity, line.total, line.tax_rate) for line in document.lines.all()] == [(2, 238, 19), (1, 119, 19)]
    assert receipts.issue(order) is None
    assert AccountingDocument.objects.count() == 1


@pytest.mark.django_db
def test_numbers_begin_anew_each_year_and_in_each_series() -> None:
    for year in (2026, 2026, 2027):
        with clock.at(datetime(year, 6, 1, tzinfo=UTC)):
            order = paid(1)
    with clock.at(datetime(2027, 6, 2, tzinfo=UTC)):
        credit(order, "119", "19")
    labels = [document.label for document in AccountingDocument.objects.order_by("pk")]
    assert labels == ["R-2026-000001", "R-2026-000002", "R-2027-000001", "C-2027-000001"]


@pytest.mark.django_db
def test_a_number_is_never_chosen() -> None:
    order = paid(1)
    facts = {"currency": "EUR", "supplied_on": clock.today(), "net": 0, "tax": 0, "total": 0}
    with pytest.raises(IntegrityError, match="is not chosen"), transaction.atomic():
        AccountingDocument.objects.create(order=order, kind="receipt", series="R", about="other", number=77, **facts)
    made = AccountingDocument.objects.create(order=order, kind="receipt", series="R", about="other", year=1999, **facts)
    assert (made.year, made.number) == (clock.now().year, 2)


@pytest.mark.django_db(transaction=True)
def test_of_fifty_payments_at_once_a_third_rolled_back_no_number_is_missing_or_double() -> None:
    placed = [purchases.order((purchases.edition(), 1)) for _ in range(50)]
    gate = threading.Semaphore(12)  # connections

    def pay(place: int, order: Order) -> None:
        with gate:
            try:
                with transaction.atomic():
                    locked = orders.lock(order.pk)
                    orders.mark_paid(locked, at=clock.now())
                    receipts.issue(locked)
                    transaction.set_rollback(place % 3 == 0)
            finally:
                connection.close()

    threads = [threading.Thread(target=pay, args=each) for each in enumerate(placed)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = sorted(AccountingDocument.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 34))
    assert DocumentSeries.objects.get().last == 33


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE shop_accountingdocument SET total = total",
        "DELETE FROM shop_accountingdocument",
        "UPDATE shop_documentline SET words = 'x'",
        "DELETE FROM shop_documentline",
        "UPDATE shop_documentseries SET last = last + 2",
        "UPDATE shop_documentseries SET last = last - 1",
        "UPDATE shop_documentseries SET year = 1999, last = last + 1",
        "DELETE FROM shop_documentseries",
        "INSERT INTO shop_documentseries (series, year, last) VALUES ('R', 1999, 7)",
    ],
)
def test_nothing_is_edited_deleted_or_numbered_otherwise(statement: str) -> None:
    paid(1)
    with (
        pytest.raises(IntegrityError, match=r"stays|count up"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db
def test_whom_an_invoice_is_for_can_not_be_typed_over_while_an_address_can_be_corrected() -> None:
    order = paid(1, is_business=True)
    for column in ("name", "company", "vat_number", "street", "postal_code", "city", "region", "purchase_order"):
        with pytest.raises(IntegrityError, match="invoice was issued"), transaction.atomic():
            OrderParty.objects.filter(order=order).update(**{column: "Other"})
    assert OrderParty.objects.filter(order=order).update(email="kim@example.com") == 1
    consumer = paid(1)
    assert OrderParty.objects.filter(order=consumer).update(street="") == 1


@pytest.mark.django_db
def test_a_credit_note_is_of_the_refunded_line() -> None:
    order = paid(2, 1)
    line = order.lines.first()
    (note,) = credit(order, "119", "19", by_line={line.pk: Decimal(119)})
    assert (note.label, note.corrects.label) == (f"C-{note.year}-000001", f"R-{note.year}-000001")
    assert [(each.order_line, each.net, each.tax) for each in note.lines.all()] == [(line, -100, -19)]
    assert credit(order, "119", "19") == []  # of this refund there is one


@pytest.mark.django_db
def test_an_amount_is_credited_in_proportion() -> None:
    order = paid(2, 1)
    (note,) = credit(order, "10.00", "1.60")
    assert [each.total for each in note.lines.all()] == [Decimal("-6.67"), Decimal("-3.33")]
    assert (note.total, note.tax) == (Decimal(-10), Decimal("-1.60"))


@pytest.mark.django_db
def test_tax_that_was_not_owed_is_credited_by_a_note_and_a_new_receipt() -> None:
    order = paid(2, is_business=True)
    note, renewed = credit(order, "38", "38")
    assert (note.kind, note.net, note.tax) == (Kind.CREDIT_NOTE, -200, -38)
    assert (renewed.kind, renewed.net, renewed.tax) == (Kind.RECEIPT, 200, 0)
    assert renewed.lines.get().tax_rule == "reverse_charge"
    assert sums(order) == (200, 0, 200)
    (again,) = credit(order, "100", "0", about="refund:2")
    assert again.corrects == renewed
    assert (again.net, again.tax) == (-100, 0)


@pytest.mark.django_db
def test_a_part_of_the_tax_is_credited_alone() -> None:
    order = paid(2)
    (note,) = credit(order, "10", "10")
    assert (note.net, note.tax) == (0, -10)


@pytest.mark.django_db
@pytest.mark.parametrize(("amount", "tax"), [("119", "19"), ("38", "38"), ("5", "0.80")])
def test_a_refund_that_failed_late_is_reversed_by_another_document(amount: str, tax: str) -> None:
    order = paid(2)
    before = sums(order)
    credit(order, amount, tax)
    reversal = receipts.reverse(order, about="refund:1")
    assert reversal is not None
    assert reversal.label.startswith("X-")
    assert sums(order) == before
    assert receipts.reverse(order, about="refund:1") is None
    assert receipts.reverse(order, about="refund:2") is None


@pytest.mark.django_db
def test_no_more_is_credited_than_was_sold_and_nothing_without_a_receipt() -> None:
    order = paid(1)
    credit(order, "500", "100")
    assert sums(order) == (0, 0, 0)
    assert credit(order, "1", "0", about="refund:2") == []
    unpaid = purchases.order((purchases.edition(), 1))
    assert credit(unpaid, "119", "19") == []


MONEY = st.integers(0, 40_000).map(lambda cents: Decimal(cents) / 100)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.lists(st.tuples(MONEY, st.floats(0, 1)), max_size=6))
def test_documents_add_up_after_any_refunds(counts: list[int], refunds: list[tuple[Decimal, float]]) -> None:
    with transaction.atomic():
        order = paid(*counts)
        _, tax, total = sums(order)
        for place, (amount, share) in enumerate(refunds):
            wanted = min(amount, total)
            of_tax = min((wanted * Decimal(str(share))).quantize(Decimal("0.01")), tax, wanted)
            written = credit(order, str(wanted), str(of_tax), about=f"refund:{place}")
            given = -sum((document.total for document in written), Decimal(0))
            assert given == wanted
            assert -sum((document.tax for document in written), Decimal(0)) <= max(of_tax, tax)
            _, tax, total = sums(order)
        for document in AccountingDocument.objects.filter(order=order):
            found = DocumentLine.objects.filter(document=document).aggregate(Sum("net"), Sum("tax"), Sum("total"))
            assert (found["net__sum"], found["tax__sum"]) == (document.net, document.tax)
            assert document.total == document.net + document.tax
        assert total >= 0
        transaction.set_rollback(True)


PARTS = st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 5000)), min_size=1, max_size=8)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
@given(PARTS, st.floats(0, 1), st.sampled_from([Decimal(1), Decimal("0.01"), Decimal("0.001")]))
def test_a_spread_sums_up_and_respects_its_caps(parts: list[tuple[int, int]], share: float, part: Decimal) -> None:
    weights, caps = [Decimal(weight) for weight, _ in parts], [cap * part for _, cap in parts]
    amount = int(sum(caps) / part * Decimal(str(share))) * part
    given_out = receipts.spread(amount, weights, caps, part)
    assert sum(given_out) == amount
    assert all(0 <= each <= cap for each, cap in zip(given_out, caps, strict=True))
