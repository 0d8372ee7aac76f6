"""Tax by quarter: summed from documents, with corrections apart, the same before and after the person has gone."""

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts import roles
from privacy import clock, retention
from shop import receipts, tax_report
from shop.models import AccountingDocument, OrderParty
from shop.tax_report import Quarter
from tests.desk import at_desk
from tests.shop.test_receipts import credit, paid

pytestmark = pytest.mark.django_db
Q4, Q1 = Quarter(2026, 4), Quarter(2027, 1)


@pytest.fixture
def books() -> None:
    """Three sales in the fourth quarter, of which one goes back in part in the next."""
    with clock.at(datetime(2026, 10, 1, tzinfo=UTC)):
        first = paid(2)
        paid(1)
    with clock.at(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)):
        paid(1)
    with clock.at(datetime(2027, 1, 1, tzinfo=UTC)):
        credit(first, "119", "19")


def figures(quarter: Quarter) -> list[tuple[Any, ...]]:
    return [
        (str(row.supplied), row.country, row.rate, row.currency, row.net, row.tax, row.documents, row.is_correction)
        for row in tax_report.rows(quarter)
    ]


@pytest.mark.promise("P6d")
@pytest.mark.usefixtures("books")
def test_a_quarter_has_its_sales_and_the_corrections_that_were_issued_in_it() -> None:
    assert figures(Q4) == [("2026-Q4", "DE", 19, "EUR", 400, 76, 3, False)]
    assert figures(Q1) == [("2026-Q4", "DE", 19, "EUR", -100, -19, 1, True)]
    assert tax_report.quarters() == [Q1, Q4]
    assert tax_report.gaps() == []


@pytest.mark.usefixtures("books")
def test_the_report_is_the_same_after_the_sweep() -> None:
    before = figures(Q4), figures(Q1)
    with clock.at(datetime(2030, 6, 1, tzinfo=UTC)):
        list(retention.run())
    assert not OrderParty.objects.exists()
    assert (figures(Q4), figures(Q1)) == before


@pytest.mark.parametrize(
    ("text", "quarter"), [("2026-Q4", Q4), ("2026-Q5", None), ("x", None), ("26-Q1", None), ("", None)]
)
def test_a_quarter_is_read(text: str, quarter: Quarter | None) -> None:
    assert Quarter.read(text) == quarter


def test_the_end_of_a_quarter_is_the_start_of_the_next() -> None:
    assert Q4.end == Q1.start == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.usefixtures("books")
def test_every_figure_leads_to_its_documents() -> None:
    manager = at_desk(roles.SHOP_MANAGER)
    page = manager.get(reverse("admin:shop_tax_report"), {"quarter": "2026-Q4"})
    assert page.status_code == 200
    (sale,) = page.context["sales"]
    listed = manager.get(sale["address"])
    assert listed.status_code == 200
    found = listed.context["cl"].queryset
    assert found.count() == sale["row"].documents == 3
    assert sum(document.tax for document in found) == sale["row"].tax
    assert manager.get(reverse("admin:shop_tax_report"), {"quarter": "nonsense"}).status_code == 404


@pytest.mark.usefixtures("books")
def test_the_csv_has_the_columns_of_a_return() -> None:
    answer = at_desk(roles.SHOP_MANAGER).get(reverse("admin:shop_tax_report_csv", args=["2027-Q1"]))
    header, row = csv.reader(answer.content.decode().splitlines())
    assert header[:7] == [
        "Member state of consumption",
        "VAT rate type",
        "VAT rate",
        "Taxable amount",
        "VAT amount",
        "Currency",
        "Correction of",
    ]
    assert row[:7] == ["DE", "STANDARD", "19.00", "-100.000", "-19.000", "EUR", "2026-Q4"]


@pytest.mark.usefixtures("books")
def test_support_sees_no_tax_report() -> None:
    support = at_desk(roles.SUPPORT)
    for address in (reverse("admin:shop_tax_report"), reverse("admin:shop_tax_report_csv", args=["2026-Q4"])):
        assert support.get(address).status_code == 403


@pytest.mark.parametrize("count", [1, 30])
def test_the_queries_of_the_list_do_not_grow(count: int, django_assert_max_num_queries: Any) -> None:
    for _ in range(count):
        paid(1)
    manager = at_desk(roles.SHOP_MANAGER)
    manager.get(reverse("admin:shop_accountingdocument_changelist"))
    with django_assert_max_num_queries(12):
        manager.get(reverse("admin:shop_accountingdocument_changelist"))


def test_a_document_shows_its_lines_at_the_desk() -> None:
    order = paid(2)
    document = AccountingDocument.objects.get()
    page = at_desk(roles.SHOP_MANAGER).get(reverse("admin:shop_accountingdocument_change", args=[document.pk]))
    text = page.content.decode()
    assert document.label in text
    assert order.number in text
    assert "19% DE" in text
    assert receipts.of(order) == [document]
    assert Decimal(238) == document.total
    assert document.issued_at - clock.now() < timedelta(minutes=1)
