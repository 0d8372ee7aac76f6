"""The money's part of an order's story: what providers told us, what was asked of them, and the mails about it."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from payments import refund_seats
from payments.models import Attempt, Dispute, Reference, Refund, WebhookEvent
from privacy.models import OutgoingMail
from shop import order_desk
from shop.models import Order
from shop.order_desk import Line, Reader
from shop.templatetags.parts import money

#: Mails by what their row is about.
OF_ORDER = (
    *("order_confirmation", "license_keys", "keys_opened", "order_held", "order_refused", "order_let_in"),
    *("order_cancelled", "order_cancelled_paid"),
)
OF_ATTEMPT, OF_REFUND = ("payment_instructions",), ("refund_made", "refund_failed")
OF_DISPUTE = ("dispute_opened", "dispute_won", "dispute_lost")


@order_desk.tell
def attempts_of(order: Order, reader: Reader) -> Iterable[Line]:
    """When each attempt began, and how it stands where that is not told otherwise."""
    if not reader.has_perm("payments.view_attempt"):
        return
    for attempt in Attempt.objects.filter(order=order):
        name = f"Attempt {attempt.number}, {attempt.provider}"
        yield Line(attempt.created_at, f"{name}: begun", money(attempt.amount, attempt.currency), by="the buyer")
        if attempt.captured_at:
            yield Line(attempt.captured_at, f"{name}: captured", money(attempt.amount, attempt.currency))


@order_desk.tell
def refunds_of(order: Order, reader: Reader) -> Iterable[Line]:
    """When each refund was asked for and how it ended, with its reason."""
    if not reader.has_perm("payments.view_refund"):
        return
    refunds = Refund.objects.filter(attempt__order=order).select_related("attempt", "requested_by")
    for refund in refunds.prefetch_related("refund_units__unit__line"):
        amount = money(refund.amount, refund.attempt.currency)
        asked = ", ".join(part for part in (amount, refund_seats.in_words(refund), refund.reason) if part)
        by = str(refund.requested_by or "the shop")
        yield Line(refund.requested_at, f"{refund}, {refund.get_kind_display()}: asked for", asked, by=by)
        if refund.finished_at:
            problem = f", {refund.problem}" if refund.problem else ""
            yield Line(refund.finished_at, f"{refund}: {refund.get_state_display()}", f"{amount}{problem}")


@order_desk.tell
def disputes_of(order: Order, reader: Reader) -> Iterable[Line]:
    """When each dispute was opened and how it was decided."""
    if not reader.has_perm("payments.view_dispute"):
        return
    for dispute in Dispute.objects.filter(attempt__order=order).select_related("attempt"):
        detail = f"{money(dispute.amount, dispute.attempt.currency)}, {dispute.reason.replace('_', ' ').lower()}"
        yield Line(dispute.opened_at, f"{dispute}: opened", detail, by=dispute.attempt.provider)
        if dispute.decided_at:
            yield Line(dispute.decided_at, f"{dispute}: {dispute.get_state_display()}", by=dispute.attempt.provider)


@order_desk.tell
def events_of(order: Order, reader: Reader) -> Iterable[Line]:
    """The webhooks about this order's objects, as long as they are kept."""
    if not reader.has_perm("payments.view_webhookevent"):
        return
    ids = Reference.objects.filter(attempt__order=order).values("value")
    refunds = Refund.objects.filter(attempt__order=order).exclude(provider_refund="").values("provider_refund")
    disputes = Dispute.objects.filter(attempt__order=order).exclude(provider_dispute="").values("provider_dispute")
    about = Q(object_id__in=ids) | Q(object_id__in=refunds) | Q(object_id__in=disputes)
    for event in WebhookEvent.objects.filter(about).order_by("received_at", "id"):
        state = "handled" if event.handled_at else f"not handled, {event.tries} tries"
        told = "Listed" if event.is_from_list else "Webhook"
        yield Line(event.received_at, f"{told}: {event.kind}", state, by=event.provider)


@order_desk.tell
def mails_told(order: Order, reader: Reader) -> Iterable[Line]:
    """The mails of an order, by the moment they left or were written."""
    if not reader.has_perm("privacy.view_outgoingmail"):
        return
    for mail in mails_of(order):
        what = f"Mail: {mail.kind.replace('_', ' ')}"
        yield Line(mail.sent_at or mail.created_at, what, mail.get_state_display())


def mails_of(order: Order) -> QuerySet[OutgoingMail]:
    """All mails about an order, its refunds and its disputes."""
    refunds = Refund.objects.filter(attempt__order=order).values("pk")
    disputes = Dispute.objects.filter(attempt__order=order).values("pk")
    about = (
        Q(kind__in=OF_ORDER, object_id=order.pk)
        | Q(kind__in=OF_ATTEMPT, object_id__in=Attempt.objects.filter(order=order).values("pk"))
        | Q(kind__in=OF_REFUND, object_id__in=refunds)
        | Q(kind__in=OF_DISPUTE, object_id__in=disputes)
    )
    return OutgoingMail.objects.filter(about).order_by("created_at", "id")
