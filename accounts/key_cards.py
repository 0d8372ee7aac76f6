"""License keys as the pages show them: cards, or a table where an order has many."""

from collections.abc import Callable
from typing import TypedDict

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.urls import reverse

from accounts import license_keys, license_words
from accounts.licenses.opening import SHOWN, keys_by_link, keys_of
from accounts.models import LicenseKey
from privacy.prepared_queries import PreparedQuery, Slot
from shop import panels
from shop.models import Order, OrderUnit

# Up to so many keys each have a card; more of them are rows of a table, so many a page.
MOST_CARDS, ROWS = 10, 50
HELD = "We are checking this order. Then the key can be opened."

_FIRST = PreparedQuery(
    lambda: SHOWN.select_related(None).select_related("license").filter(unit__line__order_id=Slot("order"))[: ROWS + 1]
)
_WAITING = PreparedQuery(
    lambda: OrderUnit.objects.filter(line__order_id=Slot("order"), state=OrderUnit.State.BACKORDERED).only("pk")
)
#: How the state of a card is drawn: kind and word of its badge.
BADGES = {
    "sealed": ("sealed", "Sealed"),
    "open": ("open", "Open"),
    "suspended": ("waiting", "Paused"),
    "revoked": ("revoked", "Revoked"),
}
Address = Callable[[LicenseKey], str]


class KeyCard(TypedDict):
    """What `_partials/key_card.html` draws. `key` is empty until it was opened, `open_url` where it can't be."""

    id: str
    title: str
    words: str
    mark: str
    state: str
    badge: tuple[str, str]
    key: str
    note: str
    open_url: str


def card(key: LicenseKey, *, open_at: Address, is_held: bool = False) -> KeyCard:
    """A key as a card. Its text is decrypted only if the key was opened before."""
    granted, state = key.license, _state(key)
    sealed = key.opened_at is None
    may_open = _is_sealed(key) and not is_held
    return KeyCard(
        id=f"key-{key.pk}",
        title=granted.product_name if granted else "",
        words=license_words.terms(granted) if granted else "",
        mark=granted.mark if granted else "",
        state=state,
        badge=BADGES[state],
        key="" if sealed else license_keys.text_of(key),
        note=HELD if is_held and sealed else license_words.note(key),
        open_url=open_at(key) if may_open else "",
    )


def _state(key: LicenseKey) -> str:
    if key.state in (LicenseKey.State.SUSPENDED, LicenseKey.State.REVOKED):
        return key.state
    return "open" if key.opened_at else "sealed"


def ending(key: LicenseKey) -> str:
    """The last characters of a key that was opened, to tell it from others; empty for a sealed one."""
    return license_keys.text_of(key)[-license_keys.GROUP :] if key.opened_at else ""


@panels.register
def panel(request: HttpRequest, order: Order) -> panels.Panel | None:
    """The keys of an order, and how many are still to come."""
    if order.paid_at is None:
        return None
    token = _token(request)
    keys = _FIRST.rows(order=order.pk) or (list(keys_by_link(token)) if token else [])
    is_whole = len(keys) <= ROWS
    page: Page[LicenseKey] = Paginator(keys if is_whole else keys_of(order), ROWS).get_page(request.GET.get("page"))
    waiting = len(_WAITING.rows(order=order.pk))
    if not page.paginator.count and not waiting:
        return None
    is_held = order.state == Order.State.ON_HOLD
    open_at, open_all_url = _addresses(token, order)
    any_sealed = any(_is_sealed(key) for key in keys) if is_whole else _any_sealed(order)
    return panels.Panel(
        "accounts/_keys_panel.html",
        {
            "cards": [card(key, open_at=open_at, is_held=is_held) for key in page],
            "as_table": page.paginator.count > MOST_CARDS,
            "key_page": page,
            "key_count": license_words.keys(page.paginator.count),
            "waiting": license_words.keys(waiting) if waiting else "",
            "waits_alone": waiting == 1,
            "open_all_url": open_all_url if not is_held and any_sealed else "",
        },
    )


def _is_sealed(key: LicenseKey) -> bool:
    """Whether the key waits to be opened and may be."""
    return key.state == LicenseKey.State.ASSIGNED and key.opened_at is None


def _any_sealed(order: Order) -> bool:
    return keys_of(order).filter(state=LicenseKey.State.ASSIGNED, opened_at__isnull=True).exists()


def _token(request: HttpRequest) -> str:
    """The secret of the link that the reader came with; empty for the order's owner, who came by its number."""
    match = request.resolver_match
    return str(match.kwargs.get("token", "")) if match else ""


def _addresses(token: str, order: Order) -> tuple[Address, str]:
    """Where keys are opened: by the link that the reader came with, or as the order's owner."""
    name, args = ("open_key", token) if token else ("account_open_key", order.number)
    before, after = reverse(name, args=[args, 0]).rsplit("0", 1)  # composed once, not for each key
    return lambda key: f"{before}{key.pk}{after}", reverse(f"{name}s", args=[args])
