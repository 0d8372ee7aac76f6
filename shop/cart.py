"""The cart: what a visitor wants to buy, at today's prices, with a sentence for everything that changed meanwhile."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db.models import F, Q
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase

from privacy import clock
from privacy.prepared_queries import AnyOf, PreparedQuery, Slot
from shop import cart_store, cookies, coupons, location, money, stock, tax, tax_schemes, words
from shop.cart_lines import Line
from shop.cart_store import MOST_LINES, MOST_OF_ONE, Kept
from shop.models import Coupon, Edition, Price

MOST_UNITS = 1000
#: Long columns that no cart, checkout or order needs.
NOT_IN_A_CART = (
    "edition__features",
    *(f"edition__product__{name}" for name in ("description", "facts", "requirements", "search")),
)
#: Stripe takes at most eight digits of the smallest unit: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts.
MOST_MONEY = Decimal("999999.99")


class CartError(Exception):
    """What can't be put in the cart; the text is a sentence for the customer."""


class Cart:
    """A cart for one buyer, who decides tax and price; lines that can't be bought any more are left out.

    It is in one currency: `wanted`, where all of it has a price in that one, else the shop's own. `notices` are
    sentences about what changed; `problems` are those that must be settled before paying. `code` is a coupon's, as it
    was kept; `coupon` is there where it takes something off.
    """

    def __init__(
        self, kept: cart_store.Lines, buyer: tax.Buyer, wanted: str, *, is_chosen: bool = False, code: str = ""
    ) -> None:
        self.code = code
        self.coupon: Coupon | None = None
        self.read, self.kept, self.buyer = dict(kept), dict(kept), buyer
        self.wanted, self._is_chosen, self._currency = wanted, is_chosen, wanted
        self.notices: list[str] = []
        self.problems: list[str] = []

    @property
    def country(self) -> str:
        """Where the buyer is, as far as it is known."""
        return self.buyer.country

    @property
    def currency(self) -> str:
        """The currency of every amount here."""
        return self._currency if self.lines else self.wanted

    @cached_property
    def treatment(self) -> tax.Treatment:
        return tax_schemes.treatment_of(self.buyer, clock.today())

    @cached_property
    def lines(self) -> list[Line]:
        return self._build(self._all_prices() if self.kept else [])

    def _all_prices(self, sku: str = "") -> list[Price]:
        return _prices(self.kept, {self.wanted, settings.STORE_CURRENCY}, sku=sku)

    def _in_one_currency(self, found: Iterable[Price]) -> dict[int, Price]:
        """The prices of the lines in the cart's currency, by edition; sets which one that is."""
        there: dict[str, dict[int, Price]] = {self.wanted: {}, settings.STORE_CURRENCY: {}}
        for price in found:
            if price.edition_id in self.kept:
                there[price.currency][price.edition_id] = price
        wanted, own = there[self.wanted], there[settings.STORE_CURRENCY]
        has_all = wanted.keys() >= own.keys()
        self._currency = self.wanted if has_all else settings.STORE_CURRENCY
        if not has_all and self._is_chosen:
            first = next(price for edition_id, price in own.items() if edition_id not in wanted)
            self.notices.append(words.no_price(str(first.edition), self.wanted, settings.STORE_CURRENCY))
        if not has_all:
            for edition_id in wanted.keys() - own.keys():
                self.problems.append(words.no_price(str(wanted[edition_id].edition), self._currency, self.wanted))
        return wanted if has_all else own

    def _build(self, found: list[Price]) -> list[Line]:
        prices = self._in_one_currency(found)
        if self.kept and self.treatment.problem:
            self.problems.append(self.treatment.problem)
        left = stock.left(price.edition_id for price in prices.values() if _has_pool(price))
        lines = []
        for edition_id, kept in self.kept.items():
            price = prices.get(edition_id)
            if price is None or not (price.edition.is_offered and price.edition.product.is_published):
                what = f"{price.edition}" if price else "A tool"
                self.notices.append(f"{what} is no longer sold. It isn't counted, and you don't pay for it.")
                continue
            lines.append(self._line(price, kept, left.get(edition_id)))
        if len(lines) > MOST_LINES:
            self.problems.append(f"The cart holds {MOST_LINES} lines at most. Please take some out and buy them later.")
        if sum(line.total for line in lines) > MOST_MONEY:
            self.problems.append("This is more than a card or PayPal can take at once. Please make two orders of it.")
        if sum(line.units for line in lines) > MOST_UNITS:
            self.problems.append(f"An order may have {MOST_UNITS:,} keys at most. Please make two orders of it.")
        return self._with_coupon(lines) if self.code and lines else lines

    def _with_coupon(self, lines: list[Line]) -> list[Line]:
        """The lines with what the kept code takes off; it says so where that is nothing any more."""
        try:
            return self._discounted(lines, coupons.find(self.code, self._currency))
        except coupons.Refused as why:
            self.notices.append(str(why))
            return lines

    def _discounted(self, lines: list[Line], offer: coupons.Offer) -> list[Line]:
        """Raises coupons.Refused."""
        prices = [(line.product.pk, money.rounded(line.list_price, self._currency) * line.quantity) for line in lines]
        shares = offer.shares(prices)
        self.coupon = offer.coupon
        return [
            replace(line, amounts=self.treatment.line(line.list_price, line.quantity, self._currency, off))
            for line, off in zip(lines, shares, strict=True)
        ]

    def redeem(self, typed: str) -> None:
        """Takes a code in the place of the one before. Raises CartError with a sentence, and keeps that one."""
        if not self.lines:
            raise CartError("Put a tool in the cart first, then its code.")
        try:
            offer = coupons.find(typed, self._currency)
            self._discounted(self.lines, offer)
        except coupons.Refused as why:
            raise CartError(str(why)) from why
        self.drop_code()
        self.code = offer.code

    def drop_code(self) -> None:
        """Leaves the coupon out."""
        self.code = ""
        self.forget()

    def _line(self, price: Price, kept: Kept, left: int | None) -> Line:
        unit_price = self.treatment.unit_price(price.amount, price.currency)
        full = self.treatment.line(price.amount, kept.quantity, price.currency)
        line = Line(
            edition=price.edition,
            quantity=kept.quantity,
            list_price=price.amount,
            price_seen=kept.price_seen,
            unit_price=unit_price,
            full=full,
            amounts=full,
            left=left,
        )
        if kept.price_seen != price.amount and kept.currency == price.currency:
            before = self.treatment.unit_price(kept.price_seen, price.currency)
            self.notices.append(words.price_change(line.label, before, unit_price, price.currency, line.unit))
        if left is not None and left < line.units:
            self.problems.append(words.stock_short(line.label, left))
        if kept.quantity < price.edition.quantity_min:
            self.problems.append(f"{line.label} is sold from {price.edition.quantity_min} on.")
        return line

    @cached_property
    def amounts(self) -> tax.Amounts:
        return tax.sum_of(line.amounts for line in self.lines)

    @property
    def total(self) -> Decimal:
        return self.amounts.total

    @property
    def discount(self) -> Decimal:
        """What the coupon takes off, tax included."""
        return sum((line.total - line.amounts.total for line in self.lines), Decimal(0))

    @property
    def is_free(self) -> bool:
        """Whether there is something to order and nothing to pay."""
        return bool(self.lines) and not self.total

    @property
    def count(self) -> int:
        """How many licenses and seats."""
        return sum(line.quantity for line in self.lines)

    def put(self, sku: str, text: str, *, add: bool) -> Line:
        """Adds to a line, or sets it, by what was typed; returns the line. Raises CartError with a sentence."""
        quantity = _quantity(text)
        found = self._all_prices(sku=sku[:60].replace("\0", ""))
        price = next((price for price in found if price.edition.sku == sku), None)
        if price is None or not (price.edition.is_offered and price.edition.product.is_published):
            raise CartError("We don't sell this edition. Please choose one on the product's page.")
        edition = price.edition
        before = self.kept.get(edition.pk)
        quantity += before.quantity if add and before else 0
        if quantity > MOST_OF_ONE:
            raise CartError(f"You can buy {MOST_OF_ONE} of one edition at most. For more, please write to us.")
        if quantity < edition.quantity_min:
            raise CartError(
                f"{edition} is sold from {edition.quantity_min} on. Please choose {edition.quantity_min} or more."
            )
        if before is None and len(self.kept) >= MOST_LINES:
            raise CartError(f"The cart holds {MOST_LINES} lines at most. Please buy these first.")
        self.kept[edition.pk] = Kept(quantity, price.amount, price.currency)
        self.notices, self.problems, self.coupon = [], [], None
        self.__dict__.pop("amounts", None)
        self.lines = self._build(found)
        return self._see(edition)

    def _see(self, edition: Edition) -> Line:
        """The line of an edition that was just put in; what is kept of it is the price that the buyer sees now."""
        line = next((line for line in self.lines if line.edition.pk == edition.pk), None)
        if line is None:
            raise CartError(words.no_price(str(edition), self._currency, self.wanted))
        self.kept[edition.pk] = Kept(line.quantity, line.list_price, self._currency)
        return line

    def remove(self, sku: str) -> None:
        """Takes a line out; one that isn't there is no error."""
        gone = Edition.objects.filter(sku=sku[:60].replace("\0", "")).values_list("pk", flat=True).first()
        if gone is not None:
            self.kept.pop(gone, None)
        self.forget()

    def empty(self) -> None:
        """Takes everything out, and the coupon's code with it."""
        self.kept.clear()
        self.drop_code()

    def forget(self) -> None:
        """Drops what was calculated."""
        self.notices, self.problems, self.coupon = [], [], None
        for name in ("lines", "amounts"):
            self.__dict__.pop(name, None)


def _has_pool(price: Price) -> bool:
    return price.edition.key_source == Edition.KeySource.POOL


#: The prices of some editions by id, and of one more by its number, in some currencies.
_PRICES = PreparedQuery(
    lambda: (
        Price.objects.filter(
            Q(AnyOf(F("edition_id"), Slot("ids"))) | Q(edition__sku=Slot("sku")),
            AnyOf(F("currency"), Slot("currencies")),
        )
        .select_related("edition__product")
        .defer(*NOT_IN_A_CART)
    )
)


def _prices(ids: Iterable[int], currencies: Iterable[str], *, sku: str = "") -> list[Price]:
    return _PRICES.rows(ids=list(ids), sku=sku, currencies=list(currencies))


def _quantity(text: str) -> int:
    try:
        quantity = int(text.strip()) if len(text) <= 12 else MOST_OF_ONE + 1
    except ValueError:
        raise CartError("Please write the quantity as a whole number, such as 1.") from None
    if quantity < 1:
        raise CartError("The quantity starts at 1. To take a tool out of the cart, choose Remove.")
    return quantity


def of(request: HttpRequest, buyer: tax.Buyer | None = None) -> Cart:
    """The visitor's cart, priced for `buyer`, or for the place that he sees prices for while no buyer is known."""
    kept = cart_store.read_rows(request.user) if request.user.is_authenticated else cart_store.read_cookie(request)
    place = location.place_of(request)
    code = cookies.COUPON.read(request) or ""
    return Cart(kept, buyer or tax.Buyer(place.country), place.currency, is_chosen=place.is_chosen, code=code)


def save(request: HttpRequest, response: HttpResponseBase, cart: Cart) -> None:
    """Keeps the cart: in the account, where the visitor is signed in, else in the cookie. The code has its own."""
    keep_code(request, response, cart)
    if request.user.is_authenticated:
        cart_store.write_rows(request.user, cart.read, cart.kept)
        forget_cookie(request, response)
    else:
        cart_store.write_cookie(response, cart.kept)


def keep_code(request: HttpRequest, response: HttpResponseBase, cart: Cart) -> None:
    """Keeps the coupon's code in a cookie, which stays through signing in; only one that was known is ever kept."""
    if cart.code and cart.code != cookies.COUPON.read(request):
        cookies.COUPON.write(response, cart.code)
    elif not cart.code and cookies.COUPON.name in request.COOKIES:
        cookies.COUPON.remove(response)


def forget_cookie(request: HttpRequest, response: HttpResponseBase) -> None:
    """Removes the cookie of a visitor who has signed in: its lines are the account's, and must not come back later."""
    if request.user.is_authenticated and request.COOKIES.get(cart_store.cookies.CART.name):
        cart_store.write_cookie(response, {})


@receiver(user_logged_in)
def merge_on_login(request: HttpRequest | None, user: object, **_kwargs: object) -> None:
    """The visitor's lines join the account's when he signs in."""
    if request is not None and (cookie := cart_store.read_cookie(request)):
        known = Edition.objects.filter(pk__in=cookie).values_list("pk", flat=True)
        cart_store.merge_cookie(request, user, known)  # type: ignore[arg-type]  # the signal's user is an account
