"""Receipts, credit notes and their reversals: written in the transaction of what they are about, and never changed.

The number comes from PostgreSQL, which locks the series until the transaction ends: no gap, no double. So a document is
the last thing that a transaction writes. The caller holds the order's lock, and may call again: each thing has one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from privacy import clock
from privacy.prepared_queries import PreparedInsert, PreparedQuery, Slot
from shop import money, orders, words
from shop.models import AccountingDocument, DocumentLine, Order, OrderLine

Kind = AccountingDocument.Kind
PAID = "paid"
NOTHING = Decimal(0)
#: The rule of a sale whose tax was given back because a business elsewhere in the EU owes it itself.
REVERSE_CHARGE = "reverse_charge"
_ARTICLE = "Directive 2006/112/EC, Art. 196"

_ISSUED = PreparedQuery(lambda: AccountingDocument.objects.filter(order_id=Slot("order"), about=Slot("about")))
_OF_ORDER = PreparedQuery(lambda: AccountingDocument.objects.filter(order_id=Slot("order")))
_LINES = PreparedInsert(DocumentLine)


@dataclass(frozen=True)
class Left:
    """What of an order's line was sold and not given back: the sum of its lines in all documents."""

    line: OrderLine
    net: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        return self.net + self.tax


def of(order: Order) -> list[AccountingDocument]:
    """The documents of an order, in the order in which they were issued."""
    return _OF_ORDER.rows(order=order.pk)


def issue(order: Order) -> AccountingDocument | None:
    """The receipt of an order that is paid. None, and nothing written, where it has one."""
    if _ISSUED.first(order=order.pk, about=PAID) is not None:
        return None
    lines = [
        _line(line, words=_words(line), quantity=line.quantity, net=line.net, tax=line.tax)
        for line in orders.lines_of(order)
    ]
    return _write(order, Kind.RECEIPT, PAID, lines, supplied_on=_supplied_on(order))


def credit(
    order: Order, *, about: str, amount: Decimal, tax: Decimal, by_line: Mapping[int, Decimal] | None = None
) -> list[AccountingDocument]:
    """The credit note for money that went back: `amount` gross, of which `tax`, in the order's currency.

    `by_line` says what of it belongs to which line (ids), where it does; else all lines bear it in proportion. More
    than was sold and not given back is never credited. Where all tax goes back and nothing else, a business owes it
    itself: the sale is credited whole, and a new receipt without tax takes its place. Empty where nothing is credited.
    """
    receipt = _latest_receipt(order)
    if receipt is None or _ISSUED.first(order=order.pk, about=about) is not None:
        return []
    left = _left(order)
    of_all = sum((each.tax for each in left), NOTHING)
    if tax == amount and tax >= of_all > 0:
        return _without_tax(order, receipt, about, left)
    given = _allocated(order, left, amount, tax, by_line or {})
    if not given:
        return []
    lines = [_line(each.line, words=_words(each.line), quantity=0, net=-net, tax=-share) for each, net, share in given]
    return [_write(order, Kind.CREDIT_NOTE, about, lines, corrects=receipt)]


def left_of(order: Order) -> tuple[Decimal, Decimal]:
    """What of the sale was not given back, by its documents: gross, and the tax in it."""
    left = _left(order)
    return sum((each.total for each in left), NOTHING), sum((each.tax for each in left), NOTHING)


def reverse(order: Order, *, about: str) -> AccountingDocument | None:
    """Takes back what was credited for `about`, as the money never arrived, by a document of its own."""
    credited = AccountingDocument.objects.filter(order=order, about=about, kind=Kind.CREDIT_NOTE).first()
    undone = _undone(about)
    if credited is None or _ISSUED.first(order=order.pk, about=undone) is not None:
        return None
    written = DocumentLine.objects.filter(document__order=order, document__about__in=[about, _renewed(about)])
    # A receipt that took the place of the credited one is undone with it, rate by rate.
    lines = [
        DocumentLine(
            order_line=line.order_line,
            words=line.words,
            quantity=0,
            tax_country=line.tax_country,
            tax_rate=line.tax_rate,
            tax_rule=line.tax_rule,
            tax_article=line.tax_article,
            net=-line.net,
            tax=-line.tax,
            total=-line.total,
        )
        for line in written.select_related("order_line")
    ]
    return _write(order, Kind.REVERSAL, undone, lines, corrects=credited)


def find(order: Order, label: str) -> AccountingDocument | None:
    """The document of this order with this printed number, or None: also for one of another order."""
    return next((document for document in of(order) if document.label == label), None)


def is_of(document: AccountingDocument, about: str) -> bool:
    """Whether a document was written when money went back for `about`."""
    return document.about in {about, _renewed(about)}


def is_reversal_of(document: AccountingDocument, about: str) -> bool:
    """Whether a document took back what was written for `about`."""
    return document.about == _undone(about)


def _undone(about: str) -> str:
    return f"{about}:failed"


def _without_tax(order: Order, receipt: AccountingDocument, about: str, left: list[Left]) -> list[AccountingDocument]:
    back = [_line(each.line, words=_words(each.line), quantity=0, net=-each.net, tax=-each.tax) for each in left]
    credited = _write(order, Kind.CREDIT_NOTE, about, back, corrects=receipt)
    anew = [
        _line(
            each.line,
            words=_words(each.line),
            quantity=each.line.quantity,
            net=each.net,
            tax=NOTHING,
            rate=NOTHING,
            rule=REVERSE_CHARGE,
            article=_ARTICLE,
        )
        for each in left
    ]
    renewed = _write(order, Kind.RECEIPT, _renewed(about), anew, supplied_on=receipt.supplied_on)
    return [credited, renewed]


def _renewed(about: str) -> str:
    return f"{about}:receipt"


def _latest_receipt(order: Order) -> AccountingDocument | None:
    receipts = [document for document in of(order) if document.kind == Kind.RECEIPT]
    return receipts[-1] if receipts else None


def _left(order: Order) -> list[Left]:
    """What is left of each line, by the documents. Lines of which nothing is left are not in it."""
    sums = (
        DocumentLine.objects.filter(document__order=order)
        .order_by("order_line")
        .values("order_line")
        .annotate(net_left=Sum("net"), tax_left=Sum("tax"))
    )
    by_id = {line.pk: line for line in orders.lines_of(order)}
    found = [Left(by_id[row["order_line"]], row["net_left"], row["tax_left"]) for row in sums]
    return [each for each in found if each.net or each.tax]


def _allocated(
    order: Order, left: list[Left], amount: Decimal, tax: Decimal, by_line: Mapping[int, Decimal]
) -> list[tuple[Left, Decimal, Decimal]]:
    """Lines with the net and the tax that go back of each: they sum to `amount`, or to what is left where that is less.

    The tax of all is `tax`, or less where less is left.
    """
    part = money.quantum(order.currency)
    wanted = [min(by_line.get(each.line.pk, NOTHING), each.total) if by_line else each.total for each in left]
    tax_alone = tax == amount
    most = [each.tax if tax_alone else share for each, share in zip(left, wanted, strict=True)]
    gross = spread(min(amount, sum(most, NOTHING)), most, most, part)
    if tax_alone:
        taxes = gross
    else:
        # Each line's own part of tax first, as at its sale; what rounding leaves goes where there is room.
        caps = [min(each.tax, share) for each, share in zip(left, gross, strict=True)]
        weights = [
            share * each.tax / each.total if each.total else NOTHING for each, share in zip(left, gross, strict=True)
        ]
        taxes = spread(min(tax, sum(caps, NOTHING)), weights, caps, part)
    rows = zip(left, gross, taxes, strict=True)
    return [(each, whole - share, share) for each, whole, share in rows if whole or share]


def spread(amount: Decimal, weights: list[Decimal], caps: list[Decimal], part: Decimal) -> list[Decimal]:
    """`amount` in parts of `part`, in proportion to `weights`, none above its cap; the parts sum to `amount` exactly.

    `amount` is at most the sum of the caps, all of them multiples of `part`.
    """
    whole = sum(weights, NOTHING)
    shares = [
        min(cap, (amount * weight / whole // part) * part if whole else NOTHING)
        for weight, cap in zip(weights, caps, strict=True)
    ]
    rest = amount - sum(shares, NOTHING)
    in_turn = sorted(range(len(weights)), key=lambda place: (-weights[place], place))
    while rest > 0 and in_turn:
        in_turn = [place for place in in_turn if caps[place] > shares[place]]
        for place in in_turn:
            step = min(part, rest, caps[place] - shares[place])
            shares[place] += step
            rest -= step
            if rest <= 0:
                break
    return shares


def _line(
    line: OrderLine,
    *,
    words: str,
    quantity: int,
    net: Decimal,
    tax: Decimal,
    rate: Decimal | None = None,
    rule: str = "",
    article: str = "",
) -> DocumentLine:
    return DocumentLine(
        order_line=line,
        words=words,
        quantity=quantity,
        tax_country=line.tax_country,
        tax_rate=line.tax_rate if rate is None else rate,
        tax_rule=rule or line.tax_rule,
        tax_article=article or line.tax_article,
        net=net,
        tax=tax,
        total=net + tax,
    )


def _write(
    order: Order,
    kind: AccountingDocument.Kind,
    about: str,
    lines: Iterable[DocumentLine],
    *,
    corrects: AccountingDocument | None = None,
    supplied_on: date | None = None,
) -> AccountingDocument:
    written = list(lines)
    net = sum((line.net for line in written), NOTHING)
    tax = sum((line.tax for line in written), NOTHING)
    document = AccountingDocument(
        order=order,
        kind=kind,
        series=AccountingDocument.SERIES[kind],
        about=about,
        corrects=corrects,
        supplied_on=supplied_on or (corrects.supplied_on if corrects else clock.today()),
        is_invoice=order.is_business,
        currency=order.currency,
        net=net,
        tax=tax,
        total=net + tax,
    )
    document.save(force_insert=True)
    for line in written:
        line.document = document
    _LINES.write(*written)
    return document


def _supplied_on(order: Order) -> date:
    """Keys are there when the money is: the day of the payment."""
    return (order.paid_at or clock.now()).date()


def _words(line: OrderLine) -> str:
    return f"{line.product_name} {line.edition_name}, {words.term(line.term_months).lower()}"
