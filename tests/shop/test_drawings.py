"""The drawn screenshots: their sums are real, and each has three callouts that are seen at every width."""

import re
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string

from shop.demo.catalog import PRODUCTS

SLUGS = [product.slug for product in PRODUCTS]
NUMBER = re.compile(r"^−?[\d,]+(\.\d+)?$")


class Rows(HTMLParser):
    """The cells of the table of sums, row by row, without the numbers of callouts in them."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._in_sums = self._in_cell = self._in_call = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_sums |= (tag, ("class", "sums")) == ("table", attrs[0] if attrs else None)
        if tag == "tr" and self._in_sums:
            self.rows.append([])
        if tag in {"td", "th"} and self._in_sums:
            self.rows[-1].append("")
            self._in_cell = True
        self._in_call |= tag == "i"

    def handle_endtag(self, tag: str) -> None:
        self._in_sums &= tag != "table"
        self._in_cell &= tag not in {"td", "th"}
        self._in_call &= tag != "i"

    def handle_data(self, data: str) -> None:
        if self._in_cell and not self._in_call:
            self.rows[-1][-1] += data


def _table(slug: str) -> list[list[str]]:
    reader = Rows()
    reader.feed(render_to_string(f"shop/drawings/{slug}.html"))
    return reader.rows


def _amounts(column: tuple[str, ...]) -> list[Decimal]:
    return [Decimal(cell.replace("−", "-").replace(",", "")) for cell in column if NUMBER.match(cell)]


WITH_SUMS = [slug for slug in SLUGS if _table(slug)]


@pytest.mark.parametrize("slug", WITH_SUMS)
def test_every_column_of_figures_adds_up(slug: str) -> None:
    rows = _table(slug)
    columns = [column for column in zip(*rows, strict=True) if NUMBER.match(column[-1]) and len(_amounts(column)) > 2]
    columns = [column for column in columns if _amounts(column) != list(range(1, len(rows)))]  # numbers of rows
    assert columns
    for column in columns:
        *parts, total = _amounts(column)
        assert sum(parts) == total, column


def test_most_drawings_have_sums() -> None:
    assert len(WITH_SUMS) == 10


def test_the_rows_of_the_budget_of_gridtrace_add_up_too() -> None:
    for row in _table("gridtrace")[2:]:
        q1, q2, q3, year = _amounts(tuple(row[2:]))
        assert q1 + q2 + q3 == year


@pytest.mark.parametrize("slug", SLUGS)
def test_each_has_three_callouts_that_every_crop_shows(slug: str) -> None:
    screen, listed = render_to_string(f"shop/drawings/{slug}.html", {"callouts": True}).split('<ol class="callouts">')
    shown_at_every_width = re.sub(r'<t[dh][^>]*class="[^"]*more-room[^"]*"[^>]*>.*?</t[dh]>', "", screen)
    assert sorted(re.findall(r'<i class="call">(\d)</i>', shown_at_every_width)) == ["1", "2", "3"]
    assert re.findall(r'<li><i class="call">(\d)</i>\S', listed) == ["1", "2", "3"]
    assert re.match(r'\s*<figure class="drawing" aria-label="Drawing of \w', screen)


@pytest.mark.parametrize("slug", SLUGS)
def test_alone_it_lists_no_callouts(slug: str) -> None:
    assert "callouts" not in render_to_string(f"shop/drawings/{slug}.html")
