"""Ways back: from an address to the links of its orders, and from an unpaid order to the cart."""

from contextlib import suppress

from django.db import transaction
from django.db.models.functions import Lower

from privacy import clock, mails
from shop import coupons, orders, stock
from shop.cart import Cart, CartError
from shop.models import Order, OrderParty


def mail_links(email: str) -> None:
    """Queues one mail with the links of this address's orders, at most one an hour; nothing where there are none."""
    parties = OrderParty.objects.in_use().annotate(address=Lower("email")).filter(address=email.lower())
    party = parties.order_by("-pk").first()
    if party is not None:
        mails.queue("order_links", party.pk, occasion=f"{clock.now():%Y%m%d%H}")


def put_back(order: Order, cart: Cart) -> None:
    """Puts an order's lines into the cart, as many as can still be bought, and its coupon; the keys it has reserved and
    the use of its coupon are free again.

    Should the order be paid all the same, it takes what is left, or waits.
    """
    with transaction.atomic():
        locked = orders.lock(order.pk)
        stock.release(locked)
        if locked.state in (Order.State.PENDING_PAYMENT, Order.State.EXPIRED):
            coupons.give_back(locked)
    for line in order.lines.all():
        with suppress(
            CartError
        ):  # the edition is no longer sold, or the cart is full: the cart's page shows what is in it
            cart.put(line.sku, str(line.quantity), add=False)
    if code := coupons.code_of(order):
        with suppress(CartError):  # it has ended meanwhile, or others were faster
            cart.redeem(code)
