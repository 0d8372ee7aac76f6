"""Money on an order's page in the admin: each attempt to pay, and each refund."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from payments import providers, refund_seats
from payments.models import Attempt, Dispute, Refund
from privacy.badges import badge
from shop import order_desk
from shop.models import Order
from shop.order_desk import Reader, Section, moment
from shop.templatetags.parts import money


@order_desk.register
def payments_of(order: Order, reader: Reader) -> Section | None:
    """The attempts to pay an order."""
    if not reader.has_perm("payments.view_attempt"):
        return None
    may_record = reader.has_perm("payments.record_attempt")
    rows = [
        (
            attempt.number,
            attempt.provider,
            badge(attempt.state, attempt.get_state_display()),
            money(attempt.amount, attempt.currency),
            moment(attempt.created_at),
            moment(attempt.captured_at),
            _arrival(attempt) if may_record else attempt.problem or "–",
        )
        for attempt in order.attempts.all()
    ]
    headers = ("Attempt", "Provider", "State", "Amount", "Begun", "Captured", "Problem")
    return Section("Payments", headers, rows, empty="Nobody has tried to pay yet.")


def _arrival(attempt: Attempt) -> SafeString | str:
    """What a person can do about an attempt that nobody else can tell of; else its problem."""
    if not providers.is_by_hand(attempt.provider) or attempt.state == Attempt.State.CAPTURED:
        return attempt.problem or "–"
    return format_html(
        '<a href="{}">The money arrived</a>', reverse("admin:payments_attempt_arrival", args=[attempt.pk])
    )


@order_desk.register
def refunds_of(order: Order, reader: Reader) -> Section | None:
    """The money of an order that goes back."""
    if not reader.has_perm("payments.view_refund"):
        return None
    refunds = Refund.objects.filter(attempt__order=order).select_related("attempt", "requested_by", "repetition")
    refunds = refunds.prefetch_related("refund_units__unit__line")
    may_repeat = reader.has_perm("payments.repeat_refund")
    rows = [
        (
            _with_verb(refund) if may_repeat else badge(refund.state, refund.get_state_display()),
            money(refund.amount, refund.attempt.currency),
            refund_seats.in_words(refund) or refund.get_kind_display(),
            refund.reason or "–",
            str(refund.requested_by or "the shop"),
            moment(refund.requested_at),
            moment(refund.finished_at),
        )
        for refund in refunds
    ]
    headers = ("State", "Amount", "For", "Reason", "Asked for by", "At", "Finished")
    more = _more(order) if reader.has_perm("payments.request_refund") else ""
    return Section("Refunds", headers, rows, empty=more or "Nothing was given back.", note=more)


def _more(order: Order) -> SafeString | str:
    """The way to give back, where something was paid."""
    if not any(attempt.state == Attempt.State.CAPTURED and attempt.amount for attempt in order.attempts.all()):
        return ""
    return format_html('<a href="{}">Give money back</a>', reverse("admin:payments_refund_request", args=[order.pk]))


@order_desk.register
def disputes_of(order: Order, reader: Reader) -> Section | None:
    """What the buyer disputes; none where that has never been."""
    if not reader.has_perm("payments.view_dispute"):
        return None
    rows = [
        (
            format_html('<a href="{}">{}</a>', reverse("admin:payments_dispute_change", args=[dispute.pk]), dispute),
            badge(dispute.state, dispute.get_state_display()),
            money(dispute.amount, dispute.attempt.currency),
            dispute.reason.replace("_", " ").lower(),
            moment(dispute.respond_by),
            moment(dispute.decided_at),
        )
        for dispute in Dispute.objects.filter(attempt__order=order).select_related("attempt")
    ]
    headers = ("Dispute", "State", "Amount", "The buyer says", "Answer until", "Decided")
    return Section("Disputes", headers, rows) if rows else None


def _with_verb(refund: Refund) -> SafeString:
    """The state of a refund, and of a failed one what to do about it."""
    state = badge(refund.state, refund.get_state_display())
    if not refund.can_be_repeated:
        return state
    return format_html('{} <a href="{}">Again</a>', state, reverse("admin:payments_refund_again", args=[refund.pk]))
