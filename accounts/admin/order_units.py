"""The part of an order's page on the desk that says which unit has which key."""

from collections import Counter

from django.db.models import Count, Prefetch
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import LicenseKey
from privacy.badges import badge
from shop import order_desk
from shop.models import Order, OrderUnit
from shop.order_desk import Reader, Row, Section, moment

MOST_ROWS = 100


@order_desk.register
def units_of(order: Order, reader: Reader) -> Section | None:
    """The units of an order with their keys by number and state, never by text; the first hundred of many."""
    if not reader.has_perm("accounts.view_licensekey"):
        return None
    keys = LicenseKey.objects.defer("ciphertext", "digest").order_by("-id")
    units = OrderUnit.objects.filter(line__order=order)
    shown = units.select_related("line").prefetch_related(Prefetch("license_keys", queryset=keys))[:MOST_ROWS]
    states = Counter(dict(units.order_by().values_list("state").annotate(Count("pk"))))
    total = states.total()
    note = ", ".join(f"{states[state.value]} {state.label}" for state in OrderUnit.State if states[state.value])
    return Section(
        "Units and keys",
        ("Unit", "Seats", "State", "Key", "Key is", "Opened"),
        [_row(unit) for unit in shown],
        note=f"The first {MOST_ROWS} of {total}: {note}." if total > MOST_ROWS else "",
    )


def _row(unit: OrderUnit) -> Row:
    name = f"{unit.line.product_name} {unit.line.edition_name}, {unit.position}"
    state = badge(unit.state, unit.get_state_display())
    key = next(iter(unit.license_keys.all()), None)
    if key is None:
        return (name, unit.seats, state, "–", "–", "–")
    link = format_html('<a href="{}">{}</a>', reverse("admin:accounts_licensekey_change", args=[key.pk]), key)
    return (name, unit.seats, state, link, badge(key.state, key.get_state_display()), moment(key.opened_at))
