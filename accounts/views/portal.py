"""Overview, orders and licenses of the signed-in account."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import key_cards, license_words
from accounts.licenses.opening import SHOWN_STATES
from accounts.models import License, LicenseKey
from accounts.views.signed_in import SignedInRequest, signed_in
from shop import orders
from shop.models import Order, OrderUnit
from shop.views.orders import order_page, receipt_of

ROWS = 20


@require_safe
@signed_in
def overview(request: SignedInRequest) -> HttpResponse:
    """The newest orders and licenses, and the ways to the rest."""
    context = {
        "orders": [_order_row(order) for order in _orders(request)[:3]],
        "licenses": [_license_row(granted) for granted in _licenses(request)[:3]],
        "email": request.user.email,
    }
    return render(request, "accounts/overview.html", context)


@require_safe
@signed_in
def order_list(request: SignedInRequest) -> HttpResponse:
    """All orders of the account, the newest first."""
    page = Paginator(_orders(request), ROWS).get_page(request.GET.get("page"))
    return render(request, "accounts/orders.html", {"orders": [_order_row(order) for order in page], "page": page})


@require_safe
@signed_in
def order(request: SignedInRequest, number: str) -> HttpResponse:
    """One order, on the page that its link shows as well."""
    found = orders.find_by_number(request.user, number)
    if found is None:
        raise Http404
    return order_page(request, found, by_link=False)


@require_safe
@signed_in
def receipt(request: SignedInRequest, number: str, label: str) -> HttpResponse:
    """A receipt or credit note of one of the account's orders."""
    found = orders.find_by_number(request.user, number)
    if found is None:
        raise Http404
    return receipt_of(request, found, label)


@require_safe
@signed_in
def license_list(request: SignedInRequest) -> HttpResponse:
    """All licenses of the account, the newest first."""
    page = Paginator(_licenses(request), ROWS).get_page(request.GET.get("page"))
    context = {"licenses": [_license_row(granted) for granted in page], "page": page}
    return render(request, "accounts/licenses.html", context)


@require_safe
@signed_in
def license_page(request: SignedInRequest, license_id: int) -> HttpResponse:
    """One license with its key."""
    granted = get_object_or_404(_licenses(request), pk=license_id)
    open_url = reverse("account_open_license", args=[license_id])
    order_of = granted.unit.line.order if granted.unit else None
    is_held = order_of is not None and order_of.state == Order.State.ON_HOLD
    cards = [key_cards.card(key, open_at=lambda _: open_url, is_held=is_held) for key in _shown(granted)]
    context = {"granted": granted, "cards": cards, "order": order_of, "terms": license_words.terms(granted)}
    return render(request, "accounts/license.html", context)


def _orders(request: SignedInRequest) -> QuerySet[Order]:
    return (
        Order.objects.filter(party__user_id=request.user.pk)
        .annotate(
            units=Count("lines__units"),
            waiting=Count("lines__units", filter=Q(lines__units__state=OrderUnit.State.BACKORDERED)),
            refunded=Count("lines__units", filter=Q(lines__units__state=OrderUnit.State.REFUNDED)),
        )
        .prefetch_related("lines")
        .order_by("-placed_at", "-pk")
    )


def _order_row(found: Order) -> dict[str, Any]:
    return {
        "order": found,
        "products": ", ".join(f"{line.product_name} {line.edition_name}" for line in found.lines.all()),
        "state": _state_words(found),
    }


def _state_words(found: Any) -> tuple[str, str]:
    """The badge of an order with its counts of units: its drawing and its word."""
    if found.state == Order.State.PAID:
        if found.refunded:
            return ("revoked", "Refunded") if found.refunded == found.units else ("active", "Partly refunded")
        return ("waiting", "Waits for keys") if found.waiting else ("active", "Paid")
    return {
        Order.State.PENDING_PAYMENT: ("due", "Not paid yet"),
        Order.State.ON_HOLD: ("waiting", "In a check"),
        Order.State.CANCELLED: ("revoked", "Cancelled"),
        Order.State.EXPIRED: ("revoked", "Expired"),
    }[Order.State(found.state)]


def _licenses(request: SignedInRequest) -> QuerySet[License]:
    keys = LicenseKey.objects.filter(state__in=SHOWN_STATES).order_by("pk")
    return (
        License.objects.filter(user_id=request.user.pk)
        .select_related("unit__line__order")
        .prefetch_related(Prefetch("license_keys", queryset=keys))
    )


def _shown(granted: License) -> list[LicenseKey]:
    """The key of a license: the one in hand, else the one that was revoked."""
    keys = list(granted.license_keys.all())
    return [key for key in keys if key.state != LicenseKey.State.REVOKED] or keys[-1:]


def _license_row(granted: License) -> dict[str, Any]:
    shown = _shown(granted)
    return {
        "license": granted,
        "terms": license_words.terms(granted),
        "end": license_words.end(granted),
        "order": granted.unit.line.order.number if granted.unit else "",
        "ends_in": key_cards.ending(shown[0]) if shown else "",
        "state": license_words.state(granted, shown[0] if shown else None),
    }
