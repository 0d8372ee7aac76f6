"""Whether enough pieces say that a buyer is where his tax was calculated for, and a call for a person where not.

Two pieces that agree are wanted of sales to consumers: Implementing Regulation (EU) 282/2011, Art. 24b(d); what counts
as a piece is in its Art. 24f: billing address, IP address, place of the bank or card. Up to 100,000 EUR of such sales
in this calendar year and the one before, one piece from a third party is enough (Art. 24b, second paragraph): what the
payment provider says. What the buyer answers when he is asked is no piece. Nothing here ever changes a tax.
"""

from datetime import datetime

from privacy import alerts
from shop import tax_schemes, territories, thresholds
from shop.eu_members import is_member
from shop.models import Order
from shop.tax_rates import CannotSell

PIECES = {"billing": "Billing address", "ip": "Connection", "payment": "Card or account"}
#: What the buyer said, which is shown beside the pieces and isn't one.
ANSWER = "answer"
THIRD_PARTY = "payment"


def taxed_country(order: Order) -> str:
    """The country that the tax was calculated for: the buyer's answer, where he was asked, else the billing country."""
    return _as_tax_sees(order.evidence.get(ANSWER) or order.country)


def _as_tax_sees(country: str) -> str:
    return territories.of(country).country


def agreeing(order: Order) -> list[str]:
    """The pieces that say the country of the tax."""
    wanted = taxed_country(order)
    return [piece for piece in PIECES if _as_tax_sees(order.evidence.get(piece, "")) == wanted]


def is_enough(order: Order) -> bool:
    """Whether the tax of this order stands on enough pieces, or on none, as that of a business under reverse charge."""
    pieces = agreeing(order)
    if len(pieces) >= 2 or not order.total or _is_reverse_charge(order):
        return True
    return THIRD_PARTY in pieces and sales_are_small(order.placed_at)


def _is_reverse_charge(order: Order) -> bool:
    is_in_the_union = is_member(_as_tax_sees(order.country), order.placed_at.date())
    return order.is_business and order.tax == 0 and is_in_the_union


def sales_are_small(at: datetime) -> bool:
    """Whether sales to consumers in other member states stay below the limit, in this year and the one before.

    The limit is for sellers in a member state alone.
    """
    try:
        is_in_the_union = is_member(tax_schemes.seller(at.date()).country, at.date())
    except CannotSell:
        is_in_the_union = False
    return is_in_the_union and max(thresholds.sold_abroad(at.year)) <= thresholds.EVIDENCE.amount


def watch(order: Order) -> None:
    """Flags an order that was just paid on too few pieces. Its tax stays as it is."""
    if is_enough(order):
        return
    said = ", ".join(f"{PIECES[piece].lower()} {order.evidence[piece]}" for piece in PIECES if piece in order.evidence)
    alerts.raise_alert(
        "location_evidence",
        order.number,
        f"Fewer than two pieces of evidence say {taxed_country(order)}, whose tax order {order.number} bears: {said}. "
        "Ask the buyer, or keep a reason. The tax stays.",
    )
