"""Template tags of the design: marks, gauges, keys, money. Every tag draws what words beside it already say."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from html import escape
from typing import Protocol

from babel.numbers import format_currency
from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, to_locale

from shop import words
from shop.models import Edition
from shop.panels import Panel

register = template.Library()

SIDE = 5
PITCH = 9
CELL_CLASSES = {".": "cell-empty", "o": "cell-light", "x": "cell-dark", "a": "cell-accent"}
LOGO = "xxx..x.xaaxxx.a"
NO_KEY = [[""] * SIDE] * SIDE
MONTH = 30
NEAR_DAYS, URGENT_DAYS = 10, 5
YEAR = 12
SEAT = Edition.SoldPer.SEAT


@register.simple_tag
@lru_cache(maxsize=1000)
def mark(cells: str, size: str = "") -> SafeString:
    """A product's mark: 25 cells of 8 on a pitch of 9, one path a tone. `size` is empty, `small` or `large`."""
    paths = format_html_join(
        "",
        '<path class="{}" d="{}"/>',
        ((name, _squares(cells, tone, SIDE)) for tone, name in CELL_CLASSES.items() if tone in cells),
    )
    return format_html('<svg class="{}" viewBox="0 0 44 44" aria-hidden="true">{}</svg>', f"mark {size}".strip(), paths)


@register.simple_tag
@cache
def logo_mark() -> SafeString:
    """The shop's own sign: a key without its empty cells."""
    return format_html(
        '<svg viewBox="0 0 44 26" aria-hidden="true"><path d="{}"/><path class="tail" d="{}"/></svg>',
        _squares(LOGO, "x", SIDE),
        _squares(LOGO, "a", SIDE),
    )


def _squares(cells: str, tone: str, columns: int) -> str:
    return "".join(
        f"M{place % columns * PITCH} {place // columns * PITCH}h8v8h-8z"
        for place, cell in enumerate(cells)
        if cell == tone
    )


@register.simple_tag
def gauge(value: Decimal | float | int, total: int) -> SafeString:
    """`value` of `total` as cells of 12 in groups of five; a fraction fills part of a cell. Words stand beside it."""
    filled = max(Decimal(0), min(Decimal(str(value)), Decimal(total)))
    offsets = [_offset(place, pitch=13, gap=5) for place in range(total)]
    whole, part = int(filled), filled % 1
    cells = [_bar(x, 12, "") for x in offsets[:whole]]
    if part:
        width = round(float(part) * 12, 1)
        cells += [_bar(offsets[whole], width, ""), _bar(offsets[whole] + width, 12 - width, "off")]
        whole += 1
    cells += [_bar(x, 12, "off") for x in offsets[whole:]]
    return _strip("", offsets[-1] + 12 if offsets else 0, cells)


@register.simple_tag
def month_ticks(days_left: int) -> SafeString:
    """A month as thirty ticks in groups of five; the days that are gone are filled."""
    gone = MONTH - max(0, min(int(days_left), MONTH))
    offsets = [_offset(place, pitch=6, gap=4) for place in range(MONTH)]
    return _strip(
        "ticks", offsets[-1] + 5, [_bar(x, 5, "" if place < gone else "off") for place, x in enumerate(offsets)]
    )


@register.filter
def urgency(days_left: int) -> str:
    """The class of a deadline: calm, `near` at ten days, `urgent` at five."""
    if days_left <= URGENT_DAYS:
        return "urgent"
    return "near" if days_left <= NEAR_DAYS else ""


def _offset(place: int, *, pitch: int, gap: int) -> int:
    return place * pitch + place // SIDE * gap


def _bar(x: float, width: float, name: str) -> SafeString:
    return format_html(
        '<rect x="{}" width="{}" height="12"{}/>', x, width, SafeString(f' class="{name}"') if name else ""
    )


def _strip(name: str, width: float, cells: list[SafeString]) -> SafeString:
    opening = SafeString(f' class="{name}"') if name else ""
    return format_html(
        '<svg{} viewBox="0 0 {} 12" aria-hidden="true">{}</svg>',
        opening,
        width,
        format_html_join("", "{}", ((c,) for c in cells)),
    )


@register.filter
def key_groups(key: str) -> list[str]:
    """A license key's five groups of five characters; none for a key of another form, which is shown as it is."""
    groups = key.split("-")
    return groups if [len(group) for group in groups] == [SIDE] * SIDE else []


@register.simple_tag
def key_cells(key: str = "") -> SafeString:
    """The cells of a key's five groups; empty ones without a key."""
    groups: Iterable[Iterable[str]] = key_groups(key) or NO_KEY
    drawn = ("".join([f"<span>{escape(cell)}</span>" for cell in group]) for group in groups)
    return SafeString("<i></i>".join([f"<span>{cells}</span>" for cells in drawn]))


@register.filter
def money(amount: Decimal, currency: str) -> str:
    """An amount in its currency as the active language writes it: `€149.00`."""
    return _money(amount, currency, get_language() or "en")


@lru_cache(maxsize=10_000)
def _money(amount: Decimal, currency: str, language: str) -> str:
    return format_currency(amount, currency, locale=to_locale(language))


@register.filter
def day(at: date) -> str:
    """A day in words: `22 November 2026`."""
    return words.day(at.astimezone(UTC).date() if isinstance(at, datetime) else at)


@register.filter
def moment(at: datetime) -> str:
    """A day with its time: `22 November 2026, 21:06`, in UTC."""
    return f"{day(at)}, {at.astimezone(UTC):%H:%M}"


@register.filter
def iso(at: date) -> str:
    """A day or a moment as browsers read it."""
    return at.isoformat()


@register.simple_tag
def attributes(of: Mapping[str, object]) -> SafeString:
    """The attributes of a form's field, each with the space before it."""
    return SafeString(
        "".join(
            [
                f" {escape(name)}" if value is True else f' {escape(name)}="{escape(str(value))}"'
                for name, value in of.items()
                if value is not False
            ]
        )
    )


class Sold(Protocol):
    """What an edition and an order's copy of it have in common."""

    sold_per: str
    seats: int
    term_months: int | None


@register.filter
def term_words(sold: Sold) -> str:
    """How long a license runs: `No end`, `One year`, `18 months`."""
    return words.term(sold.term_months)


@register.filter
def price_unit(sold: Sold) -> str:
    """What a price is for, after the amount: `a year`, `once`, `a seat and year`, `a seat, once`."""
    if sold.term_months == YEAR:
        return "a seat and year" if sold.sold_per == SEAT else "a year"
    time = "once" if sold.term_months is None else f"for {words.term(sold.term_months).lower()}"
    return f"a seat, {time}" if sold.sold_per == SEAT else time


@register.filter
def quantity_words(sold: Sold, quantity: int) -> str:
    """A quantity of an edition: `1 license`, `5 seats`; seats are named where a license has several."""
    if sold.sold_per == SEAT:
        return words.seats(quantity)
    licenses = words.licenses(quantity)
    return licenses if sold.seats == 1 else f"{licenses} of {words.seats(sold.seats)}"


@register.simple_tag
@cache
def badge(kind: str, word: str) -> SafeString:
    """`_partials/badge.html`, drawn once: a table has one in each row."""
    return render_to_string("_partials/badge.html", {"kind": kind, "word": word})


@register.simple_tag(takes_context=True)
def panel(context: template.Context, part: Panel) -> SafeString:
    """A part of the order page that a higher app brought: its template, with its context beside the page's own."""
    with context.push(**part.context):
        return template.Engine.get_default().get_template(part.template).render(context)


@register.filter
def named(cells: Iterable[object], head: Iterable[str]) -> list[tuple[str, object]]:
    """The cells of a table's row, each after the word at the head of its column."""
    return list(zip(head, cells, strict=True))


@register.filter
def still_to_come(panels: Iterable[Panel]) -> bool:
    """Whether a panel of an order says, by `waiting` in its context, that something is on back order."""
    return any(part.context.get("waiting") for part in panels)


@register.simple_tag
def structured_data(facts: Mapping[str, object]) -> SafeString:
    """Facts in schema.org's words, as a block of data that no browser runs."""
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text))
