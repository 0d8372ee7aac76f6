import json
import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import pairwise

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string

from shop.models import Edition
from shop.panels import Panel
from shop.templatetags import icons, parts

GRIDTRACE = "...x....x....x.xxxax...x."


def test_a_mark_draws_each_of_its_25_cells_once_in_its_own_tone() -> None:
    svg = parts.mark(GRIDTRACE, "large")
    cells = {
        tone: re.findall(r"M(\d+) (\d+)h8v8h-8z", path)
        for tone, path in re.findall(r'class="(cell-\w+)" d="(.*?)"', svg)
    }
    assert {tone: len(squares) for tone, squares in cells.items()} == {
        "cell-empty": 16,
        "cell-dark": 8,
        "cell-accent": 1,
    }
    assert cells["cell-accent"] == [("27", "27")]
    assert svg.startswith('<svg class="mark large" viewBox="0 0 44 44" aria-hidden="true">')


def test_the_logo_is_a_key_without_its_empty_cells() -> None:
    assert parts.logo_mark().count("h8v8h-8z") == 11


def _widths(svg: str) -> list[tuple[float, str]]:
    return [(float(width), name) for width, name in re.findall(r'width="([\d.]+)" height="12"(?: class="(\w+)")?', svg)]


def test_a_gauge_fills_whole_cells_and_a_part_of_the_next() -> None:
    assert _widths(parts.gauge(Decimal("4.6"), 5)) == [(12, ""), (12, ""), (12, ""), (12, ""), (7.2, ""), (4.8, "off")]
    assert _widths(parts.gauge(3, 5)) == [(12, ""), (12, ""), (12, ""), (12, "off"), (12, "off")]


@pytest.mark.parametrize(("value", "filled"), [(-1, 0), (0, 0), (12, 12), (99, 12)])
def test_a_gauge_never_shows_less_than_nothing_or_more_than_all(value: int, filled: int) -> None:
    widths = _widths(parts.gauge(value, 12))
    assert (len(widths), [name for _, name in widths].count("")) == (12, filled)


def test_a_gauge_leaves_a_gap_after_five_cells() -> None:
    places = [int(x) for x in re.findall(r'x="(\d+)"', parts.gauge(6, 6))]
    assert [after - before for before, after in pairwise(places)] == [13, 13, 13, 13, 18]


@pytest.mark.parametrize(("left", "gone"), [(30, 0), (21, 9), (0, 30), (-3, 30), (45, 0)])
def test_the_days_of_a_month_that_are_gone_are_filled(left: int, gone: int) -> None:
    ticks = [name for _, name in _widths(parts.month_ticks(left))]
    assert ticks == [""] * gone + ["off"] * (30 - gone)


def test_a_deadline_warns_at_ten_days_and_presses_at_five() -> None:
    assert [parts.urgency(days) for days in (11, 10, 6, 5, -1)] == ["", "near", "near", "urgent", "urgent"]


def test_a_key_has_five_groups_and_another_text_has_none() -> None:
    assert parts.key_groups("K7RWP-3XHQ9-TMB4V-E2NYC-8DFJ6") == ["K7RWP", "3XHQ9", "TMB4V", "E2NYC", "8DFJ6"]
    assert parts.key_groups("ABC-1234") == []


def test_the_cells_of_a_key_are_its_characters_and_those_of_none_are_empty() -> None:
    drawn = parts.key_cells("K7RWP-3XHQ9-TMB4V-E2NYC-8DF<6")
    assert drawn.count("<i></i>") == 4
    assert drawn.startswith("<span><span>K</span><span>7</span>")
    assert drawn.endswith("<span>&lt;</span><span>6</span></span>")
    assert parts.key_cells() == "<i></i>".join([f"<span>{'<span></span>' * 5}</span>"] * 5)


def test_money_has_its_currency_and_the_decimals_of_it() -> None:
    assert parts.money(Decimal("1149.000"), "EUR") == "€1,149.00"
    assert parts.money(Decimal(5), "JPY") == "¥5"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"term_months": None}, ("No end", "once", "2 licenses")),
        ({"term_months": 12}, ("One year", "a year", "2 licenses")),
        ({"term_months": 18, "seats": 5}, ("18 months", "for 18 months", "2 licenses of 5 seats")),
        ({"term_months": 12, "sold_per": "seat"}, ("One year", "a seat and year", "2 seats")),
        ({"term_months": None, "sold_per": "seat"}, ("No end", "a seat, once", "2 seats")),
    ],
)
def test_an_edition_says_its_term_its_price_and_its_quantity_in_words(
    fields: dict[str, object], expected: tuple[str, str, str]
) -> None:
    edition = Edition(**fields)
    assert (parts.term_words(edition), parts.price_unit(edition), parts.quantity_words(edition, 2)) == expected


def test_a_panel_gets_its_own_context_beside_that_of_the_page() -> None:
    template = Template("{% load parts %}{% panel part %}|{{ kind }}{{ text }}")
    part = Panel("_partials/notice.html", {"kind": "warning", "text": "Two keys <follow>."})
    shown = template.render(Context({"part": part, "kind": "page", "text": "!"}))
    assert '<div class="notice warning">' in shown
    assert "Two keys &lt;follow&gt;." in shown
    assert shown.endswith("|page!")


def test_an_order_has_something_to_come_when_a_panel_says_so() -> None:
    quiet, waiting = Panel("a.html", {}), Panel("b.html", {"waiting": "2 keys"})
    assert (parts.still_to_come([quiet]), parts.still_to_come([quiet, waiting])) == (False, True)


def test_structured_data_cannot_end_its_own_element() -> None:
    facts = {"name": "</script><script>alert(1)</script> & Söhne"}
    html = parts.structured_data(facts)
    body = html.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert ("<" in body, json.loads(body)) == (False, facts)


def test_every_icon_is_drawn_and_an_unknown_one_is_an_error() -> None:
    assert all(icons.icon(name).startswith('<svg class="icon"') for name in icons.PATHS)
    with pytest.raises(KeyError):
        icons.icon("star")


def test_days_and_moments_are_words_in_utc() -> None:
    at = datetime(2026, 11, 22, 23, 6, tzinfo=timezone(timedelta(hours=2)))
    assert (parts.day(at), parts.moment(at)) == ("22 November 2026", "22 November 2026, 21:06")
    late = datetime(2026, 11, 22, 23, 6, tzinfo=timezone(timedelta(hours=-2)))
    assert (parts.day(late), parts.moment(late)) == ("23 November 2026", "23 November 2026, 01:06")
    assert (parts.day(date(2029, 2, 28)), parts.iso(date(2029, 2, 28))) == ("28 February 2029", "2029-02-28")
    assert parts.iso(at) == "2026-11-22T23:06:00+02:00"


def test_attributes_are_drawn_as_django_draws_them() -> None:
    given = {"required": True, "disabled": False, "maxlength": 30, "value": 'a"<b>', "class": ""}
    assert parts.attributes(given) == ' required maxlength="30" value="a&quot;&lt;b&gt;" class=""'


def test_each_cell_of_a_table_says_what_it_is_where_the_head_is_hidden() -> None:
    table = {"caption": "Cookies", "head": ["Name", "What for"], "rows": [["cart", "Keeps your cart."]]}
    drawn = render_to_string("_partials/table.html", table)
    assert '<tr><th scope="row">cart</th><td data-is="What for">Keeps your cart.</td></tr>' in drawn
