"""Opening a sealed key: the moment from which it is known to somebody."""

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import LicenseKey, User
from privacy import clock, mails
from shop import orders, withdrawal_period
from shop.models import Order, OrderEvent

SHOWN_STATES = (LicenseKey.State.ASSIGNED, LicenseKey.State.SUSPENDED, LicenseKey.State.REVOKED)
#: Keys that were given to orders, with what their cards say, in the order of the orders' lines.
SHOWN = (
    LicenseKey.objects.filter(state__in=SHOWN_STATES)
    .select_related("license", "unit")
    .order_by("unit__line_id", "unit__position", "id")
)


OPENED_MAIL = "keys_opened"
#: What a consumer says by opening a sealed key: the wish to have it now, and the knowledge of what that ends.
AGREED = "Show it now. I know that my right to withdraw from it ends by that."


class KeyNotUsable(Exception):
    """The key can't be opened now. The text is a sentence for the customer."""


def keys_of(order: Order) -> QuerySet[LicenseKey]:
    """The keys that were given to an order, in the order of its lines, revoked ones included."""
    return SHOWN.filter(unit__line__order=order)


def keys_by_link(token: str) -> QuerySet[LicenseKey]:
    """The keys of an order whose period has ended: only the link itself, which its owner kept, still leads to them."""
    remembered = orders.keys_hash(token)
    return (
        LicenseKey.objects.filter(license__link_hash=remembered, license__unit__isnull=True, state__in=SHOWN_STATES)
        .select_related("license")
        .order_by("id")
    )


@transaction.atomic
def open_key(key_id: int, *, order: Order) -> LicenseKey:
    """Opens a key of this order, for whoever was shown the order. Quiet where it is open already.

    Raises LicenseKey.DoesNotExist for a key of another order, KeyNotUsable where a refund, a dispute or a hold stands
    against it.
    """
    locked = Order.objects.select_for_update().get(pk=order.pk)
    own = LicenseKey.objects.select_for_update(of=("self",)).select_related("license")
    return _open(own.get(pk=key_id, unit__line__order=order), locked)


@transaction.atomic
def open_key_by_link(key_id: int, *, token: str) -> LicenseKey:
    """Opens a key whose order's period has ended, for whoever has the link. Raises as `open_key` does.

    The order's story doesn't tell it: it would say again whose order that was.
    """
    key = keys_by_link(token).select_for_update(of=("self",)).get(pk=key_id)
    return _open(key, None)


@transaction.atomic
def open_own_key(key_id: int, *, user: User) -> LicenseKey:
    """Opens a key of a license of this account. Raises as `open_key` does."""
    # The order's lock comes before the key's, as in every transaction that takes both.
    order = Order.objects.select_for_update(of=("self",)).filter(lines__units__license_keys=key_id).first()
    key = (
        LicenseKey.objects.select_for_update(of=("self",)).select_related("license").get(pk=key_id, license__user=user)
    )
    return _open(key, order)


def _open(key: LicenseKey, order: Order | None) -> LicenseKey:
    _refuse_unusable(key.state, order)
    if key.opened_at is None:
        key.opened_at = clock.now()
        key.save(update_fields=["opened_at"])
        if order is not None:
            OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.KEY_OPENED, detail=str(key.license))
            _confirm(order, f"{key.pk}")
    return key


@transaction.atomic
def open_all(order: Order) -> int:
    """Opens every sealed key of this order that can be used; returns how many. For large orders: two writes in all."""
    locked = Order.objects.select_for_update().get(pk=order.pk)
    _refuse_unusable(LicenseKey.State.ASSIGNED, locked)
    sealed = LicenseKey.objects.filter(
        unit__line__order=order, state=LicenseKey.State.ASSIGNED, opened_at__isnull=True
    ).select_for_update(of=("self",))
    ids = [key.pk for key in sealed]
    LicenseKey.objects.filter(pk__in=ids).update(opened_at=clock.now())
    if ids:
        OrderEvent.objects.create(order=locked, kind=OrderEvent.Kind.KEY_OPENED, detail=f"{len(ids)} keys")
        _confirm(locked, f"{min(ids)}-{max(ids)}")
    return len(ids)


def ends_a_right(order: Order) -> bool:
    """Whether opening a key of the order ends the right to withdraw: a consumer's, while the period runs."""
    return (
        not order.is_business
        and order.paid_at is not None
        and withdrawal_period.runs(order.paid_at, order.country, at=clock.now())
    )


def _confirm(order: Order, occasion: str) -> None:
    """The right only ends when the consent was confirmed on a durable medium (2011/83/EU, Art. 16(m)(iii), 8(7))."""
    if ends_a_right(order):
        mails.queue(OPENED_MAIL, order.pk, occasion=occasion)


def _refuse_unusable(state: str, order: Order | None) -> None:
    if order is not None and order.state == Order.State.ON_HOLD:
        raise KeyNotUsable("We are checking this order. Its keys can be opened when the check is done.")
    if state == LicenseKey.State.SUSPENDED:
        raise KeyNotUsable("This key is suspended while a refund or a dispute is open, so it can't be shown.")
    if state != LicenseKey.State.ASSIGNED:
        raise KeyNotUsable("This key was revoked and no longer works, so it can't be shown.")
