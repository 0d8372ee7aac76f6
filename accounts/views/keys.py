"""Opening keys: by an order's link, or as the owner. Each asks once before it shows."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import license_words, licenses
from accounts.licenses.opening import AGREED, keys_by_link, keys_of
from accounts.models import License, LicenseKey
from accounts.views.signed_in import SignedInRequest, signed_in
from shop import orders
from shop.models import Order

asking = require_http_methods(["GET", "POST"])


@never_cache
@asking
def open_by_link(request: HttpRequest, token: str, key_id: int) -> HttpResponse:
    """A key of the order that this link is for."""
    order, back = orders.find_by_token(token), reverse("order", args=[token])
    if order is not None and (key := keys_by_link(token).filter(pk=key_id).first()):
        return _asked(request, back, lambda: licenses.open_key_by_link(key_id, token=token), key)
    return _open_of_order(request, order, key_id, back=back)


@asking
@signed_in
def open_of_own_order(request: SignedInRequest, number: str, key_id: int) -> HttpResponse:
    """A key of an order of the signed-in account."""
    order = orders.find_by_number(request.user, number)
    return _open_of_order(request, order, key_id, back=reverse("account_order", args=[number]))


@asking
@signed_in
def open_of_license(request: SignedInRequest, license_id: int) -> HttpResponse:
    """The key of a license of the signed-in account."""
    granted = License.objects.filter(pk=license_id, user=request.user).first()
    key = granted and granted.license_keys.filter(state=LicenseKey.State.ASSIGNED).first()
    if not granted or not key:
        raise Http404
    back = reverse("account_license", args=[license_id])
    return _asked(request, back, lambda: licenses.open_own_key(key.pk, user=request.user), key)


@never_cache
@asking
def open_all_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """All sealed keys of the order that this link is for."""
    return _open_all(request, orders.find_by_token(token), back=reverse("order", args=[token]))


@asking
@signed_in
def open_all_of_own_order(request: SignedInRequest, number: str) -> HttpResponse:
    """All sealed keys of an order of the signed-in account."""
    order = orders.find_by_number(request.user, number)
    return _open_all(request, order, back=reverse("account_order", args=[number]))


def _open_of_order(request: HttpRequest, order: Order | None, key_id: int, *, back: str) -> HttpResponse:
    if order is None:
        raise Http404
    key = keys_of(order).filter(pk=key_id).first()
    if key is None:
        raise Http404
    return _asked(request, back, lambda: licenses.open_key(key_id, order=order), key)


def _open_all(request: HttpRequest, order: Order | None, *, back: str) -> HttpResponse:
    if order is None:
        raise Http404
    sealed = keys_of(order).filter(state=LicenseKey.State.ASSIGNED, opened_at__isnull=True).count()
    return _asked(request, back, lambda: licenses.open_all(order), count=sealed)


def _asked(
    request: HttpRequest, back: str, act: Callable[[], object], key: LicenseKey | None = None, *, count: int = 1
) -> HttpResponse:
    """Shows the question, and does it once it was answered with yes; then goes back to where the key is shown."""
    if request.method == "POST" and request.POST.get("answer") == "show":
        try:
            act()
        except licenses.KeyNotUsable as refusal:
            messages.warning(request, str(refusal))
        return _private(redirect(f"{back}#key-{key.pk}" if key else back))
    if not count or (key and key.opened_at):
        return _private(redirect(back))
    context = {"granted": key.license if key else None, "back": back, "count": license_words.keys(count)}
    context["agreed"] = AGREED
    return _private(render(request, "accounts/open_key.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    """An address with a token must enter no index; the site's referrer policy keeps it from other sites."""
    response["X-Robots-Tag"] = "noindex"
    return response
