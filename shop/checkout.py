"""Checkout: from a cart and a form to an order that waits for its payment."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest

from privacy import clock, policy
from privacy.prepared_queries import PreparedInsert, PreparedQuery, Slot
from shop import buyers, coupons, location, order_consents, orders, pages, stock, tax, vat_checks
from shop.cart import Cart
from shop.cart_lines import Line
from shop.models import Edition, Order, OrderEvent, OrderLine, OrderParty, OrderUnit
from shop.models.pages import PageVersion

#: How long an order waits for its payment. Stripe's shortest session is 30 minutes.
TIME_TO_PAY = timedelta(minutes=35)
_ORDER, _PARTY, _LINE = PreparedInsert(Order), PreparedInsert(OrderParty), PreparedInsert(OrderLine)
_BY_TOKEN = PreparedQuery(
    lambda: Order.objects.select_related("party").filter(party__checkout_token=Slot("token")).order_by()
)
PARTY_COLUMNS = "email delivery_email name company vat_number purchase_order street postal_code city region".split()


@dataclass(frozen=True)
class Purchase:
    """Everything an order is made of, apart from the cart."""

    token: uuid.UUID
    country: str
    party: Mapping[str, str]
    is_business: bool
    payment_method: str
    delivery: Order.Delivery
    terms: PageVersion
    user: AbstractBaseUser | None
    ip_country: str | None
    browser_family: str
    #: The country that the buyer said he is in, where he was asked; empty otherwise.
    answer: str = ""
    #: What is known of his VAT number, where the tax depends on it.
    vat: vat_checks.Known = vat_checks.NOTHING

    @property
    def evidence(self) -> dict[str, str]:
        """Which piece said which country, and nothing of the pieces themselves."""
        said = {"billing": self.country, "ip": self.ip_country, "answer": self.answer}
        return {piece: country for piece, country in said.items() if country}


def purchase(
    request: HttpRequest,
    data: Mapping[str, Any],
    terms: PageVersion,
    typed: buyers.Typed,
    vat: vat_checks.Known,
) -> Purchase:
    """The purchase of a valid checkout form, with what the connection says: a country and a browser family (P3)."""
    return Purchase(
        token=data["token"],
        country=data["country"],
        party={column: data.get(column, "") for column in PARTY_COLUMNS},
        is_business=bool(data.get("is_business")),
        payment_method=data["payment_method"],
        delivery=Order.Delivery(data["delivery"]),
        terms=terms,
        user=request.user if request.user.is_authenticated else None,
        ip_country=typed.ip_country,
        browser_family=location.browser_family(request),
        answer=typed.answer,
        vat=vat,
    )


def placed(token: uuid.UUID) -> Order | None:
    """The order that was placed with this form, if it was: one form, one order."""
    return _BY_TOKEN.first(token=token)


def place(cart: Cart, purchase: Purchase) -> Order:
    """Writes the order, its party, lines and units, in one transaction and a fixed number of queries.

    The cart must be priced for the purchase's buyer, at a tax that is known. Two submits of one form at once give one
    order: the second finds the first's. Keys of pools are reserved with it, and the use of its coupon. Raises
    stock.SoldOut where fewer keys are left, and coupons.Refused where the coupon has no use left, with nothing written.
    """
    if cart.treatment.problem:
        raise ValueError(f"Nothing is sold at a tax that isn't known: {cart.treatment.problem}")
    try:
        with transaction.atomic():
            return _place(cart, purchase)
    except IntegrityError:
        order = placed(purchase.token)
        if order is None:
            raise
        return order


def _place(cart: Cart, purchase: Purchase) -> Order:
    now, link = clock.now(), orders.new_link()
    at_once = purchase.delivery == Order.Delivery.AT_ONCE
    order = Order(
        number=_next_number(),
        currency=cart.currency,
        country=purchase.country,
        evidence=purchase.evidence,
        is_business=purchase.is_business,
        net=cart.amounts.net,
        tax=cart.amounts.tax,
        total=cart.amounts.total,
        discount=cart.discount,
        payment_method=purchase.payment_method,
        delivery=purchase.delivery,
        consent_version=order_consents.TEXT.version if at_once else "",
        consent_at=now if at_once else None,
        terms=purchase.terms,
        policy_version=policy.in_force().number,
        placed_at=now,
        expires_at=now + TIME_TO_PAY,
        link_hash=link.hash,
    )
    _ORDER.write(order)
    party = OrderParty(
        order=order,
        user_id=purchase.user.pk if purchase.user else None,
        browser_family=purchase.browser_family,
        checkout_token=purchase.token,
        link_nonce=link.nonce,
        **purchase.party,
    )
    _PARTY.write(party)
    lines = [_line(order, line, cart.treatment) for line in cart.lines]
    _LINE.write(*lines)
    if purchase.vat.state is not tax.Number.NONE:
        vat_checks.write(order, purchase.vat)
    units = _write_units(order)
    stock.reserve(_limited(lines, units), until=order.expires_at)
    orders.record(order, OrderEvent.Kind.PLACED)
    if cart.coupon is not None:
        coupons.use(order, cart.coupon)
    return order


def _limited(lines: Iterable[OrderLine], units: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Edition ids by unit id, of the units (with their line's id) whose keys come from a pool."""
    sold = ((line.pk, line.edition) for line in lines)
    pools = {pk: edition.pk for pk, edition in sold if edition and edition.key_source == Edition.KeySource.POOL}
    return {unit: pools[line] for unit, line in units if line in pools}


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('shop_order_number')")
        return f"AO-{cursor.fetchone()[0]}"


def _line(order: Order, line: Line, treatment: tax.Treatment) -> OrderLine:
    edition = line.edition
    return OrderLine(
        order=order,
        edition=edition,
        sku=edition.sku,
        product_name=edition.product.name,
        edition_name=edition.name,
        mark=edition.product.mark,
        sold_per=edition.sold_per,
        seats=line.quantity if edition.sold_per == Edition.SoldPer.SEAT else edition.seats,
        devices=edition.devices,
        term_months=edition.term_months,
        quantity=line.quantity,
        unit_price=line.unit_price,
        net=line.amounts.net,
        tax=line.amounts.tax,
        total=line.amounts.total,
        discount=line.full.total - line.amounts.total,
        discount_net=line.full.net - line.amounts.net,
        tax_rate=treatment.percent,
        tax_rule=treatment.rule,
        tax_country=treatment.country,
        tax_territory=treatment.territory,
        tax_article=treatment.article,
    )


#: A line that is sold per seat is one unit with all its seats, any other a unit a license.
_UNITS = """
    INSERT INTO shop_orderunit (line_id, position, seats, state)
    SELECT line.id, position, line.seats, %(state)s
    FROM shop_orderline line
    CROSS JOIN generate_series(1, CASE line.sold_per WHEN %(per_seat)s THEN 1 ELSE line.quantity END) AS position
    WHERE line.order_id = %(order)s
    ORDER BY line.id, position
    RETURNING id, line_id
"""


def _write_units(order: Order) -> list[tuple[int, int]]:
    """Writes the units; returns the id of each with its line's."""
    with connection.cursor() as cursor:
        cursor.execute(_UNITS, {"order": order.pk, "state": OrderUnit.State.ORDERED, "per_seat": Edition.SoldPer.SEAT})
        return cursor.fetchall()


def what_changed(cart: Cart, shown_total: Decimal | None, shown_terms: int | None, terms: PageVersion) -> list[str]:
    """Sentences about what is no longer as the buyer saw it when he pressed the button; empty when nothing changed."""
    sentences = []
    if shown_total is not None and shown_total != cart.total:
        sentences.append("The total has changed since you saw it. Please look at your order again before you pay.")
    if shown_terms is not None and shown_terms != terms.number:
        sentences.append("The terms of sale have changed meanwhile. Please read them before you pay.")
    return sentences


def terms() -> PageVersion:
    """The terms of sale in force. Raises PageVersion.DoesNotExist in a shop that has none."""
    return pages.current("terms")
