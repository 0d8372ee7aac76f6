"""Orders: their links, their story, and the verbs that move them.

Every verb opens its transaction, locks the order, reads it again and acts; an order that is already there stays as it
is, without an error. `mark_paid` is for `payments`, which holds the lock already.
"""

import base64
import hashlib
import hmac
import uuid
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import transaction
from django.dispatch import Signal
from django.urls import reverse

from privacy import clock, mails
from privacy.prepared_queries import PreparedInsert, PreparedQuery, Slot
from privacy.transitions import IllegalTransition
from shop import coupons, evidence, order_money, stock
from shop.models import Order, OrderEvent, OrderHold, OrderLine, OrderParty

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

State, Kind = Order.State, OrderEvent.Kind

#: Stands where a link's token would, when it can't be written any more.
GONE = "gone"
#: Sent with `order` in the transaction that gives an order a new link: licenses remember its hash as well.
link_renewed = Signal()
#: Sent with `order` in the transaction in which a person ends its hold, or an order is cancelled.
hold_ended = Signal()
#: Sent with `order` in the transaction that takes an order out of an account it had joined by a mistyped address.
party_unlinked = Signal()


class NotCorrectable(Exception):
    """The e-mail address of an order can't be corrected by its link: the text is a sentence for the buyer."""


def party_of(order: Order) -> OrderParty | None:
    """Whose order it is; None once the person has left it."""
    return getattr(order, "party", None)


# --- Links ------------------------------------------------------------------------------------------------------------


def _token(nonce: uuid.UUID, secret: str) -> str:
    key = hashlib.sha256(b"order-link:" + secret.encode()).digest()
    return base64.urlsafe_b64encode(hmac.digest(key, nonce.bytes, "sha256")[:24]).decode()


def link_hash(token: str) -> str:
    """What is stored of a link's token. 192 random-looking bits need no salt."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class Link(NamedTuple):
    """What is stored of a link: the party has the nonce, its order the hash of the token."""

    nonce: uuid.UUID
    hash: str


def new_link() -> Link:
    """A new link. The token itself isn't stored: it follows from the nonce and the shop's secret."""
    nonce = uuid.uuid4()
    return Link(nonce, link_hash(_token(nonce, settings.SECRET_KEY)))


def keys_hash(token: str) -> str:
    """What licenses remember of the order's link: another hash of the same token.

    With the link, both are found. Without it, nobody can tell by the two hashes which order a license came from.
    """
    return hashlib.sha256(b"keys:" + token.encode("utf-8", "replace")).hexdigest()


def token(order: Order) -> str:
    """The secret part of the order's link: whoever has it may see the order and open its keys.

    A link that was made under an earlier secret is found again by SECRET_KEY_FALLBACKS. An order whose person is gone
    has a link still, for whoever kept it, but nobody can write it again: GONE, which finds nothing.
    """
    party = party_of(order)
    if party is None:
        return GONE
    return token_of(party.link_nonce, order.link_hash)


def token_of(nonce: uuid.UUID, stored: str) -> str:
    """The token that was made of a nonce, under the secret by which its hash is the stored one."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    made = (_token(nonce, secret) for secret in secrets)
    return next((one for one in made if link_hash(one) == stored), _token(nonce, secrets[0]))


def keys_hash_of(order: Order) -> str:
    """What the licenses of this order remember of its link; empty where nobody can tell it any more."""
    found = token(order)
    return "" if found == GONE else keys_hash(found)


def path(order: Order) -> str:
    """The path of the order's page for whoever has the link."""
    return reverse("order", args=[token(order)])


def link(order: Order) -> str:
    """The whole address of the order's page, for mails."""
    return settings.SITE_URL + path(order)


_BY_LINK = PreparedQuery(
    lambda: Order.objects.select_related("party", "terms").filter(link_hash=Slot("link_hash")).order_by()
)
_LOCKED = PreparedQuery(lambda: Order.objects.select_for_update(of=("self",)).filter(pk=Slot("pk")).order_by())
_LINES = PreparedQuery(lambda: OrderLine.objects.filter(order_id=Slot("order")))


def lines_of(order: Order) -> list[OrderLine]:
    """The lines of an order, in their order."""
    return _LINES.rows(order=order.pk)


def find_by_token(token: str) -> Order | None:
    """The order of a link, with its party, or None."""
    return _BY_LINK.first(link_hash=link_hash(token))


def find_by_number(user: "AbstractBaseUser", number: str) -> Order | None:
    """An order of this account, or None: also for an order that exists and is somebody else's."""
    return Order.objects.select_related("party", "terms").filter(party__user_id=user.pk, number=number).first()


# --- Story ------------------------------------------------------------------------------------------------------------


_EVENT = PreparedInsert(OrderEvent)


def record(order: Order, kind: OrderEvent.Kind, *, by: "AbstractBaseUser | None" = None, detail: str = "") -> None:
    """Adds a line to the order's story. `detail` names products, providers and states, never a person."""
    _EVENT.write(OrderEvent(order=order, kind=kind, by_id=by.pk if by else None, detail=detail[:120]))


# --- Verbs ------------------------------------------------------------------------------------------------------------


def lock(order_id: int) -> Order:
    """The order, read again under its row lock. Needs a transaction."""
    order = _LOCKED.first(pk=order_id)
    if order is None:
        raise Order.DoesNotExist(f"There is no order {order_id}.")
    return order


def is_held(order: Order) -> bool:
    """Whether a hold is open."""
    return OrderHold.objects.filter(order=order, released_at__isnull=True).exists()


def mark_paid(order: Order, *, at: datetime) -> bool:
    """Moves an order to paid; the caller holds its lock. False, and nothing done, when it is paid already or held.

    `order.evidence` is saved with it: the payment may have brought a country.
    """
    if order.state == State.ON_HOLD and is_held(order):
        return False
    if not order.move_to(State.PAID, paid_at=order.paid_at or at, evidence=order.evidence):
        return False
    record(order, Kind.PAID, detail=order.payment_method)
    evidence.watch(order)
    return True


def hold(order_id: int, *, by: "AbstractBaseUser | None", reason: str) -> bool:
    """Lets the order wait for a person: while it is held, a captured payment moves nothing but itself.

    Staff hold what is paid or may still be; only a late payment itself (`by` is None) holds what had ended.
    """
    with transaction.atomic():
        order = lock(order_id)
        if by is not None and order.state in (State.CANCELLED, State.EXPIRED):
            raise IllegalTransition(order, State.ON_HOLD)
        if not order.move_to(State.ON_HOLD, ended_at=clock.now()):
            return False
        OrderHold.objects.create(order=order, placed_by_id=by.pk if by else None, reason=reason[:200])
        record(order, Kind.HELD, by=by)
    return True


def release(order_id: int, *, by: "AbstractBaseUser | None") -> bool:
    """Ends a hold: the order is paid, with its keys, where its money was captured, else cancelled."""
    with transaction.atomic():
        order = lock(order_id)
        if order.state != State.ON_HOLD:
            if order.state in (State.PAID, State.CANCELLED):
                return False
            raise IllegalTransition(order, State.PAID)
        _end_hold(order, by=by)
        record(order, Kind.RELEASED, by=by)
        if order_money.of_orders().is_captured(order):
            coupons.count_again(order)  # where it can't be, the person who releases it accepts the price all the same
            order_money.of_orders().fulfil(order)
        else:
            _cancel(order, by=by, reason="released without a payment")
    return True


def cancel(order_id: int, *, by: "AbstractBaseUser | None", reason: str, notice: str = "order_cancelled") -> bool:
    """Cancels an order that isn't paid, or one on hold; captured money is given back in the same transaction.

    `notice` is the kind of the mail that tells the buyer where nothing was captured.
    """
    with transaction.atomic():
        order = lock(order_id)
        if order.state == State.CANCELLED:
            return False
        if not order.can_move_to(State.CANCELLED):
            raise IllegalTransition(order, State.CANCELLED)
        _end_hold(order, by=by)
        _cancel(order, by=by, reason=reason, notice=notice)
    return True


def expire(order_id: int) -> bool:
    """Ends the time to pay, if it is over and nothing was paid."""
    with transaction.atomic():
        order = lock(order_id)
        if order.state != State.PENDING_PAYMENT or order.expires_at > clock.now():
            return False
        stock.release(order)
        coupons.give_back(order)
        order.move_to(State.EXPIRED, ended_at=clock.now())
        record(order, Kind.EXPIRED)
    return True


def _end_hold(order: Order, *, by: "AbstractBaseUser | None") -> None:
    OrderHold.objects.filter(order=order, released_at__isnull=True).update(
        released_at=clock.now(), released_by_id=by.pk if by else None
    )
    hold_ended.send(Order, order=order)


def _cancel(order: Order, *, by: "AbstractBaseUser | None", reason: str, notice: str = "order_cancelled") -> None:
    stock.release(order)
    order.move_to(State.CANCELLED, ended_at=clock.now())
    record(order, Kind.CANCELLED, by=by)
    if order_money.of_orders().is_captured(order):
        order_money.of_orders().give_back(order, by=by, reason=reason)
        mails.queue("order_cancelled_paid", order.pk)
    else:
        coupons.give_back(order)
        mails.queue(notice, order.pk)


# --- What the buyer may do by the link --------------------------------------------------------------------------------


def is_correctable(order: Order) -> bool:
    """Whether the buyer's address can be corrected by the link.

    Once, and only where the link went to the buyer alone: not where keys are delivered to somebody else. An order that
    joined an account by its address can be taken out again while no key was opened: the address was a stranger's.
    """
    party = party_of(order)
    if party is None or party.restricted_at is not None or party.delivery_email:
        return False
    if order.email_corrected_at is not None:
        return False
    if party.user_id is None:
        return True
    kinds = set(order.events.values_list("kind", flat=True))
    return Kind.JOINED_ACCOUNT in kinds and Kind.KEY_OPENED not in kinds


def correct_email(order_id: int, email: str) -> Order:
    """Puts a mistyped address right, once, and sends the order's mail anew, with a new link: the old one went astray.

    Raises NotCorrectable.
    """
    with transaction.atomic():
        order = lock(order_id)
        if not is_correctable(order):
            raise NotCorrectable("This address can't be corrected here any more. Please write to us.")
        OrderParty.objects.filter(order=order).update(email=email, user=None)
        order.party.refresh_from_db()
        party_unlinked.send(Order, order=order)
        order.email_corrected_at = clock.now()
        order.save(update_fields=["email_corrected_at"])
        record(order, Kind.EMAIL_CORRECTED)
        _new_link(order)
        if order.state == State.PAID:
            mails.queue("order_confirmation", order.pk, occasion="corrected")
    return order


def renew_link(order_id: int) -> Order:
    """Makes a new link; the old one finds nothing from now on. An order whose person is gone keeps the link it has."""
    with transaction.atomic():
        order = lock(order_id)
        if party_of(order) is None:
            return order
        _new_link(order)
        record(order, Kind.LINK_RENEWED)
    return order


def _new_link(order: Order) -> None:
    link = new_link()
    order.party.link_nonce, order.link_hash = link
    order.party.save(update_fields=["link_nonce"])
    order.save(update_fields=["link_hash"])
    link_renewed.send(Order, order=order)
