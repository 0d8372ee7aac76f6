"""Tax by quarter, country, rate and currency, summed from the documents: what a return needs.

A receipt belongs to the quarter of its supply, in which it is issued. A credit note that is issued later corrects that
quarter and is declared in its own, under the quarter that it corrects (One-Stop-Shop: Directive
2006/112/EC, Art. 369g(4)).
Amounts stay in their currency: whoever declares converts them by the rate that the return asks for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Min, QuerySet, Sum
from django.db.models.functions import TruncQuarter

from shop.models import AccountingDocument, DocumentLine


@dataclass(frozen=True, order=True)
class Quarter:
    """A calendar quarter, 1 to 4, in UTC."""

    year: int
    number: int

    @classmethod
    def of(cls, moment: Any) -> "Quarter":
        """The quarter of a date or a moment in UTC."""
        return cls(moment.year, (moment.month - 1) // 3 + 1)

    @classmethod
    def read(cls, text: str) -> "Quarter | None":
        """`2026-Q4` as a quarter; None for anything else."""
        year, _, number = text.partition("-Q")
        if not (
            year.isascii() and year.isdigit() and len(year) == 4 and year > "1900" and number in {"1", "2", "3", "4"}
        ):
            return None
        return cls(int(year), int(number))

    @property
    def start(self) -> datetime:
        return datetime(self.year, 3 * self.number - 2, 1, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """The start of the next one."""
        return self.next.start

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"


@dataclass(frozen=True)
class Row:
    """Sums of lines with the same quarter of supply, country of taxation, rule, rate and currency."""

    supplied: Quarter
    country: str
    rule: str
    rate: Decimal
    currency: str
    net: Decimal
    tax: Decimal
    total: Decimal
    documents: int
    is_correction: bool


def rows(quarter: Quarter) -> list[Row]:
    """The report of a quarter, by one query: its own sales first, then corrections of earlier quarters."""
    found = (
        lines(quarter)
        .annotate(currency=F("document__currency"), supplied=TruncQuarter("document__supplied_on"))
        .values("supplied", "tax_country", "tax_rule", "tax_rate", "currency")
        .annotate(Sum("net"), Sum("tax"), Sum("total"), documents=Count("document", distinct=True))
        .order_by("-supplied", "tax_country", "-tax_rate", "tax_rule", "currency")
    )
    return [_row(row, quarter) for row in found]


def lines(quarter: Quarter) -> QuerySet[DocumentLine]:
    """The lines of all documents that were issued in a quarter."""
    return DocumentLine.objects.filter(document__issued_at__gte=quarter.start, document__issued_at__lt=quarter.end)


def quarters() -> list[Quarter]:
    """The quarters from the first document to the last, the newest first."""
    ends = AccountingDocument.objects.aggregate(first=Min("issued_at"), last=Max("issued_at"))
    if ends["first"] is None:
        return []
    found, last = [Quarter.of(ends["first"].astimezone(UTC))], Quarter.of(ends["last"].astimezone(UTC))
    while found[-1] < last:
        found.append(found[-1].next)
    return found[::-1]


def gaps() -> list[tuple[str, int, int]]:
    """Series whose numbers don't run from 1 to their count: series and year, count, highest. Always empty."""
    counted = AccountingDocument.objects.values("series", "year").annotate(count=Count("pk"), last=Max("number"))
    return [
        (f"{row['series']}-{row['year']}", row["count"], row["last"])
        for row in counted.order_by("series", "year")
        if row["count"] != row["last"]
    ]


#: The columns of the CSV; the first seven are those of a One-Stop-Shop return.
COLUMNS = (
    *("Member state of consumption", "VAT rate type", "VAT rate", "Taxable amount", "VAT amount", "Currency"),
    *("Correction of", "Rule", "Total", "Documents"),
)


def table(quarter: Quarter) -> Iterator[tuple[Any, ...]]:
    """The rows of the CSV, below `COLUMNS`."""
    for row in rows(quarter):
        correction = str(row.supplied) if row.is_correction else ""
        kind = "STANDARD" if row.rate else "ZERO"
        yield (
            row.country,
            kind,
            row.rate,
            row.net,
            row.tax,
            row.currency,
            correction,
            row.rule,
            row.total,
            row.documents,
        )


def _row(row: Mapping[str, Any], quarter: Quarter) -> Row:
    supplied = Quarter.of(row["supplied"])
    return Row(
        supplied=supplied,
        country=row["tax_country"],
        rule=row["tax_rule"],
        rate=row["tax_rate"],
        currency=row["currency"],
        net=row["net__sum"],
        tax=row["tax__sum"],
        total=row["total__sum"],
        documents=row["documents"],
        is_correction=supplied != quarter,
    )
