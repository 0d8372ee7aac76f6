"""The mails of a paid order: what was bought, and where its keys are."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.conf import settings
from django.urls import reverse

from accounts import license_keys, license_words, licenses
from accounts.licenses.opening import AGREED, OPENED_MAIL
from accounts.models import LicenseKey
from privacy import consents
from privacy.mails import Mail, NotNow, kind
from shop import (
    coupons,
    order_consents,
    orders,
    payment_methods,
    receipt_page,
    receipts,
    tax_words,
    withdrawal_period,
    words,
)
from shop.models import AccountingDocument, Edition, Order, OrderLine, OrderUnit

# More keys than this are listed a line each, so that the mail stays small enough to be shown whole.
MOST_DRAWN = 20
SHOW = "“Show my key”"


@dataclass(frozen=True)
class MailedKeys:
    """The keys of one line: the product, its terms, and each key as text with the groups to draw it in, if any."""

    title: str
    terms: str
    drawn: list[tuple[str, list[str]]]


@kind("order_confirmation")
def order_confirmation(order_id: int) -> Mail | None:
    """To the buyer: the sum with its tax, the way to the order, and the keys where they were wanted at once."""
    order = _to_write_about(order_id)
    if order is None:
        return None
    keys = [] if order.party.delivery_email else _mailed(order)
    count, waiting = _counted(order)
    documents = receipts.of(order)
    return Mail(
        to=order.party.email,
        subject=f"Your order {order.number}: {license_words.keys(count)}"
        if count
        else f"Your order {order.number} is paid",
        template="mails/order_confirmation",
        context={
            "title": _confirmed(count, is_shown=bool(keys), is_elsewhere=bool(order.party.delivery_email)),
            "name": order.party.name,
            "sentences": [*_what_to_do(order, count, is_shown=bool(keys)), *_still_waiting(count, waiting)],
            "keys": keys,
            "order": order,
            "order_url": orders.link(order),
            "documents": receipt_page.listed(documents, orders.link(order)),
            "given_back": _given_back(order, documents),
            **_summary(order),
        },
    )


@kind("license_keys")
def license_keys_mail(order_id: int) -> Mail | None:
    """To the address that keys go to: the keys themselves where they were wanted at once, else how to open them."""
    order = _to_write_about(order_id)
    if order is None:
        return None
    count, waiting = _counted(order)
    if not count:
        return None
    keys = _mailed(order)
    start = (
        f"{order.party.name} bought from {settings.STORE_NAME} and gave this address to deliver the keys to."
        if order.party.delivery_email
        else f"Your order {order.number} waited for keys. Now they are here."
    )
    where = "Each key also stands on the order’s page." if keys else f"To see a key, open the order and choose {SHOW}."
    return Mail(
        to=order.party.keys_go_to,
        subject=f"{license_words.keys(count)} of order {order.number}",
        template="mails/license_keys",
        context={
            "title": "License keys for you." if keys else "License keys are ready for you.",
            "sentences": [f"{start} {where}", *_still_waiting(count, waiting)],
            "keys": keys,
            "order": order,
            "order_url": orders.link(order),
        },
    )


@kind(OPENED_MAIL)
def keys_opened(order_id: int) -> Mail | None:
    """To the buyer: which keys were opened when, after which words, and that they can't be returned any more.

    Without this mail the right to withdraw hasn't ended (Directive 2011/83/EU, Art. 16(m)(iii) and 8(7)(b)).
    """
    order = _to_write_about(order_id)
    if order is None:
        return None
    opened = licenses.keys_of(order).filter(state=LicenseKey.State.ASSIGNED, opened_at__isnull=False)
    if not opened:
        return None
    return Mail(
        to=order.party.email,
        subject=f"Order {order.number}: {license_words.keys(len(opened))} opened",
        template="mails/keys_opened",
        context={
            "name": order.party.name,
            "opened": [
                (f"{key.license.product_name} {key.license.edition_name}", words.moment(key.opened_at))
                for key in opened
                if key.license and key.opened_at
            ],
            "agreed": AGREED,
            "last_day": words.day(withdrawal_period.last_day(order.paid_at, order.country)) if order.paid_at else "",
            "order": order,
            "order_url": orders.link(order),
        },
    )


def _to_write_about(order_id: int) -> Order | None:
    """The paid order, or None where it isn't paid or has lost its person. Raises NotNow while it is on hold."""
    order = Order.objects.select_related("party").get(pk=order_id)
    if not hasattr(order, "party"):
        return None
    if order.state == Order.State.ON_HOLD:
        raise NotNow
    return order if order.state == Order.State.PAID else None


def _confirmed(count: int, *, is_shown: bool, is_elsewhere: bool) -> str:
    if not count:
        return "Paid. Your keys follow."
    if is_elsewhere:
        return "Paid. Your keys are on their way."
    if is_shown:
        return "Paid. Here is your key." if count == 1 else "Paid. Here are your keys."
    return "Paid. Your key is ready." if count == 1 else "Paid. Your keys are ready."


def _what_to_do(order: Order, count: int, *, is_shown: bool) -> list[str]:
    if not count:
        return [
            "Our stock of keys is empty at the moment. Yours come by mail as soon as we have them.",
            _or_money_back(),
            *_right_to_withdraw(order),
        ]
    if is_shown:
        said = "You chose to have the keys at once. Each one also stands on your order page."
    elif order.party.delivery_email:
        said = "A mail about the keys goes to the other address you gave us. They also stand on your order page."
    else:
        said = f"To see a key, open your order and choose {SHOW}."
    return [said, *_right_to_withdraw(order)]


def _right_to_withdraw(order: Order) -> list[str]:
    """The consent to delivery at once, confirmed on a durable medium, or how long and how a consumer may withdraw
    (Directive 2011/83/EU, Art. 8(7) and 16(m)); nothing for a company, which has no such right."""
    if order.is_business or order.paid_at is None:
        return []
    if order.consent_at:
        agreed = consents.words_of(order_consents.TEXT.key, order.consent_version) or order_consents.TEXT.words
        return [f"On {words.moment(order.consent_at)} you agreed: “{agreed}” This mail confirms it."]
    day = words.day(withdrawal_period.last_day(order.paid_at, order.country))
    page = f"{settings.SITE_URL}{reverse('withdraw')}"
    how = f"choose “Withdraw from contract here” on your order’s page or at {page}"
    return [f"Until {day} you can return what stays sealed without a reason: {how}. The terms have a form for it, too."]


def _still_waiting(count: int, waiting: int) -> list[str]:
    if not count or not waiting:
        return []
    follow = "follows" if waiting == 1 else "follow"
    return [f"{license_words.keys(waiting)} more {follow} by mail as soon as we have them.", _or_money_back()]


def _or_money_back() -> str:
    days = "1 day" if settings.BACKORDER_DAYS == 1 else f"{settings.BACKORDER_DAYS} days"
    return f"What we can't deliver within {days}, we give back to you by ourselves."


def _counted(order: Order) -> tuple[int, int]:
    """How many keys the order has that can be used, and how many of its units wait for one."""
    usable = licenses.keys_of(order).filter(state=LicenseKey.State.ASSIGNED).count()
    waiting = OrderUnit.objects.filter(line__order=order, state=OrderUnit.State.BACKORDERED).count()
    return usable, waiting


def _mailed(order: Order) -> list[MailedKeys]:
    """The keys in clear, by line: only those that count as opened, for an order whose buyer wanted them mailed."""
    if order.delivery != Order.Delivery.AT_ONCE:
        return []
    usable = list(licenses.keys_of(order).filter(state=LicenseKey.State.ASSIGNED, opened_at__isnull=False))
    few = len(usable) <= MOST_DRAWN
    mailed = []
    for _, of_line in groupby(usable, key=lambda key: key.unit.line_id if key.unit else 0):
        found = list(of_line)
        granted = found[0].license
        if granted is None:
            continue
        texts = [license_keys.text_of(key) for key in found]
        drawn = [(text, license_keys.groups(text) if few else []) for text in texts]
        mailed.append(MailedKeys(granted.product_name, license_words.terms(granted), drawn))
    return mailed


def _summary(order: Order) -> dict[str, object]:
    """Lines without tax, what a coupon took off them, each tax by its name, and the total, as text."""
    lines = list(order.lines.all())
    return {
        "lines": [
            *((_line_words(line), words.money(line.full_net, order.currency)) for line in lines),
            *((name, words.money(off, order.currency)) for name, off in coupons.lines_off(order, lines)),
        ],
        "taxes": [(name, words.money(amount, order.currency)) for name, amount in tax_words.of_lines(lines)],
        "total": words.money(order.total, order.currency),
        "paid_by": _paid_by(order),
        "paid_on": words.day(order.paid_at.date()) if order.paid_at else "",
    }


def _given_back(order: Order, documents: list[AccountingDocument]) -> str:
    """What went back since, where the mail is sent again: its sums are those of the sale, and would be wrong alone."""
    back = sum((each.total for each in documents[1:]), Decimal(0))
    if not back:
        return ""
    total, tax = (sum((getattr(each, name) for each in documents), Decimal(0)) for name in ("total", "tax"))
    gone, left, of_it = (words.money(amount, order.currency) for amount in (-back, total, tax))
    return f"Since then {gone} went back to you. What is left is {left}, of which {of_it} is tax."


def _line_words(line: OrderLine) -> str:
    if line.sold_per == Edition.SoldPer.SEAT:
        return f"{line.product_name} {line.edition_name}, {words.seats(line.quantity)}"
    return f"{line.product_name} {line.edition_name}, {words.licenses(line.quantity)}"


def _paid_by(order: Order) -> str:
    """How it was paid; a method that is no longer offered is left unnamed."""
    if order.payment_method == payment_methods.FREE:
        return "Nothing to pay"
    try:
        label = payment_methods.get(order.payment_method).label
    except KeyError:
        return "Paid"
    # "Card" is a word and loses its capital inside a sentence; "PayPal" is a name and keeps it.
    return f"Paid by {label.lower() if label.istitle() else label}"
