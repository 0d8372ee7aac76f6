"""One mail, some days after what was bought was delivered, that asks how it works; and the way to get none.

Whoever gets one may refuse all later ones with one click, without signing in (RFC 8058; GDPR Art. 21(2) and (3)).
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse

from privacy import clock, mails
from shop import unsettled
from shop.models import InvitationRefusal, Order, OrderEvent, OrderParty, OrderUnit, Product, ReviewInvitation
from shop.posts import writers

MAIL = "review_invitation"
#: Older orders are left alone: when the shop begins to invite, or after a long outage.
_WINDOW = timedelta(days=30)
_signer = signing.Signer(salt="shop.posts.invitations")


def invite(limit: int = 200) -> int:
    """Writes the invitations that are due; returns how many."""
    if not settings.REVIEW_INVITATION_DAYS:
        return 0
    return sum(_invite(order_id) for order_id in _due().values_list("pk", flat=True)[:limit])


def to_review(order: Order) -> QuerySet[Product]:
    """The delivered products of an order about which its buyer has written no review."""
    writer = writers.of_order(order)
    if writer is None:
        return Product.objects.none()
    written = writers.written_by(writer).filter(is_review=True).values("product")
    return writers.bought(writer, order).exclude(pk__in=written)


def may_be_asked(order: Order) -> bool:
    """Whether nothing is amiss with an order: no hold, no dispute, no refund under way, no open case, no key owed.

    Whoever has trouble with a purchase isn't asked how it works, and isn't asked later either.
    """
    return order.state == Order.State.PAID and not unsettled.reasons([order.pk])


def refuse(email: str) -> None:
    """No invitations to this address any more."""
    InvitationRefusal.objects.get_or_create(email=email.lower())


def allow(email: str) -> None:
    """Invitations again."""
    InvitationRefusal.objects.filter(email=email.lower()).delete()


def is_refused(email: str) -> bool:
    """Whether this address wants none."""
    return InvitationRefusal.objects.filter(email=email.lower()).exists()


def refusal_link(order: Order) -> str:
    """The address at which the buyer of this order refuses invitations."""
    return settings.SITE_URL + reverse("no_invitations", args=[_signer.sign(str(order.pk))])


class NotOurs(Exception):
    """A link that the shop never made."""


def refuse_by_link(token: str) -> None:
    """Refuses them for the buyer of this link's order; quiet where that names nobody any more. Raises NotOurs."""
    party = OrderParty.objects.filter(order=_order_of(token)).first()
    if party is not None:
        refuse(party.email)


def insist_on(token: str) -> None:
    """Raises NotOurs for a link that the shop never made."""
    _order_of(token)


def _order_of(token: str) -> int:
    try:
        return int(_signer.unsign(token))
    except signing.BadSignature as error:
        raise NotOurs from error


def _due() -> QuerySet[Order]:
    now = clock.now()
    by = now - timedelta(days=settings.REVIEW_INVITATION_DAYS)
    units = OrderUnit.objects.filter(line__order=OuterRef("pk"))
    keys = OrderEvent.objects.filter(order=OuterRef("pk"), kind=OrderEvent.Kind.KEYS_ASSIGNED)
    refused = InvitationRefusal.objects.filter(email=Lower(OuterRef("party__email")))
    return Order.objects.filter(
        Exists(units.filter(state=OrderUnit.State.FULFILLED)),
        ~Exists(units.filter(state=OrderUnit.State.BACKORDERED)),
        ~Exists(keys.filter(at__gt=by)),
        ~Exists(refused),
        state=Order.State.PAID,
        paid_at__gt=by - _WINDOW,
        paid_at__lte=by,
        party__restricted_at__isnull=True,
        review_invitation__isnull=True,
    ).order_by("paid_at")


@transaction.atomic
def _invite(order_id: int) -> bool:
    """The lock makes two workers write one invitation."""
    order = Order.objects.select_for_update(of=("self",)).select_related("party").filter(pk=order_id).first()
    if order is None or ReviewInvitation.objects.filter(order=order).exists():
        return False
    ReviewInvitation.objects.create(order=order)
    if not may_be_asked(order) or not to_review(order).exists():
        return False
    mails.queue(MAIL, order.pk)
    return True
