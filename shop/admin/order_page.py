"""What the desk shows of one order, as facts and tables."""

from django.db.models import Count, Q
from django.utils.formats import date_format
from django_countries import countries

from privacy.badges import badge
from shop import coupons, order_desk
from shop.models import Order, OrderUnit
from shop.order_desk import Line, Reader, Section, moment
from shop.templatetags.parts import money

Facts = list[tuple[str, object]]


def facts(order: Order) -> Facts:
    """What was agreed, naming nobody."""
    consent = f"{moment(order.consent_at)}, text {order.consent_version}" if order.consent_at else "none asked"
    agreed = [kind for kind, country in order.evidence.items() if country == order.country]
    return [
        ("State", badge(order.state, order.get_state_display())),
        ("Placed", moment(order.placed_at)),
        ("Paid", moment(order.paid_at)),
        ("Total", money(order.total, order.currency)),
        ("of it tax", money(order.tax, order.currency)),
        *_discount(order),
        ("Billing country", countries.name(order.country) or order.country),
        ("Also said by", ", ".join(kind for kind in agreed if kind != "billing") or "–"),
        ("Buyer is", "a business" if order.is_business else "a consumer"),
        ("Payment method", order.payment_method),
        ("Keys", order.get_delivery_display()),
        ("Consent to immediate performance", consent),
        ("Terms", str(order.terms)),
        ("E-mail address corrected", moment(order.email_corrected_at)),
    ]


def _discount(order: Order) -> Facts:
    """What a coupon took off, where the order has one."""
    if not order.discount:
        return []
    return [("Discount", f"{money(order.discount, order.currency)}, code {coupons.code_of(order)}")]


def party(order: Order, *, is_needed: bool = False) -> Facts:
    """Who bought, and where it goes; one line that says so where the period has ended, or the person was restricted.

    `is_needed`: for a refund or a dispute a restricted person is shown all the same.
    """
    party = getattr(order, "party", None)
    if party is None:
        day = date_format(order.party_removed_at, "j F Y") if order.party_removed_at else "an earlier day"
        return [("Party", f"Name and address removed on {day}.")]
    if party.restricted_at is not None and not is_needed:
        since = f"Name and address are restricted since {date_format(party.restricted_at, 'j F Y')}"
        until = f", and go on {date_format(party.expires_at, 'j F Y')}" if party.expires_at else ""
        return [("Party", f"{since}{until}.")]
    place = " ".join(part for part in (party.postal_code, party.city) if part)
    said: Facts = [
        ("Name", party.name),
        ("E-mail address", party.email),
        ("Keys are mailed to", party.keys_go_to),
        ("Company", party.company),
        ("VAT number", party.vat_number),
        ("Purchase order", party.purchase_order),
        ("Address", ", ".join(part for part in (party.street, place, party.region) if part)),
        ("Account", "linked" if party.user_id else "bought as a guest"),
        ("Leaves this order", moment(party.expires_at) if party.expires_at else "not before its legal hold is lifted"),
    ]
    return [(statement, value) for statement, value in said if value]


def lines(order: Order) -> Section:
    """What was bought, and how much of it was delivered."""
    delivered = Count("units", filter=Q(units__state=OrderUnit.State.FULFILLED))
    rows = [
        (
            f"{line.product_name} {line.edition_name}",
            line.quantity,
            money(line.unit_price, order.currency),
            *([money(line.discount, order.currency)] if order.discount else []),
            money(line.net, order.currency),
            f"{money(line.tax, order.currency)} ({line.tax_rate.normalize():f}%)",
            money(line.total, order.currency),
            f"{line.delivered} of {line.unit_count}",
        )
        for line in order.lines.annotate(delivered=delivered, unit_count=Count("units"))
    ]
    discount = ("Discount",) if order.discount else ()
    headers = ("Edition", "Quantity", "Price", *discount, "Net", "Tax", "Total", "Units delivered")
    return Section("Lines", headers, rows)


def holds(order: Order) -> Section:
    """Why it waited for a person, and who ended it."""
    rows = [
        (hold.reason, _who(hold.placed_by), moment(hold.placed_at), _who(hold.released_by), moment(hold.released_at))
        for hold in order.holds.select_related("placed_by", "released_by")
    ]
    headers = ("Reason", "Put on hold by", "At", "Ended by", "At ")
    return Section("Holds", headers, rows, empty="It was never on hold.")


def story(order: Order, reader: Reader) -> Section:
    """What happened, in order of time: the order's own events, and what the higher apps tell this reader."""
    own = [
        Line(event.at, event.get_kind_display(), event.detail, by=_who(event.by) if event.by_id else "the shop")
        for event in order.events.select_related("by")
    ]
    lines = sorted([*own, *order_desk.told_of(order, reader)], key=lambda line: line.at)
    rows = [(moment(line.at), line.what, line.detail or "–", line.by) for line in lines]
    return Section("Story", ("At", "What", "Detail", "By"), rows)


def _who(person: object | None) -> str:
    return str(person) if person else "–"
