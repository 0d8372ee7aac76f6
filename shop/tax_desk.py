"""The tax of an order at the desk: its rule and law, who said where the buyer is, and what VIES said of his number."""

from shop import evidence, order_desk, tax_words
from shop.location import country_name
from shop.models import Order, VatCheck
from shop.order_desk import Reader, Row, Section, moment


@order_desk.register
def tax_of(order: Order, reader: Reader) -> Section | None:
    """What was decided, and on what it rests."""
    if not reader.has_perm("shop.view_order"):
        return None
    rows: list[Row] = []
    for line in order.lines.all():
        name = tax_words.of(line.tax_rule, line.tax_rate, line.tax_country, line.tax_territory)
        row = (name, line.tax_article or "–")
        rows += [] if row in rows else [row]
    rows += [(words, country_name(order.evidence[piece])) for piece, words in _pieces() if piece in order.evidence]
    rows += _of_number(order, reader)
    few = "" if evidence.is_enough(order) else "Fewer than two pieces of evidence agree with the tax."
    return Section("Tax", ("What", "Law, country or answer"), rows, note=few)


def _pieces() -> list[tuple[str, str]]:
    return [*evidence.PIECES.items(), (evidence.ANSWER, "The buyer’s answer")]


def _of_number(order: Order, reader: Reader) -> list[Row]:
    """The consultation number leads to a company's number, so it is for those who may see whose order it is."""
    check: VatCheck | None = getattr(order, "vat_check", None)
    if check is None:
        return []
    state = f"{check.get_state_display()}, {moment(check.answered_at or check.asked_at)}"
    proof = check.consultation if reader.has_perm("shop.view_orderparty") else ""
    return [("VAT number at VIES", f"{state}, consultation number {proof}" if proof else state)]
