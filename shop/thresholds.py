"""Limits of what a shop in the EU may sell in a year to consumers in other member states before another rule applies.

Both are counted without tax, in the calendar year and in the one before (Directive 2006/112/EC, Art. 59c; Implementing
Regulation (EU) 282/2011, Art. 24b). Refunds aren't taken off: the limit is rather passed too early than too late.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.db.models import F, Q, Sum
from django.db.models.functions import ExtractYear

from privacy import alerts, clock
from privacy.models import Alert
from shop import tax_schemes, words
from shop.eu_members import is_member, members
from shop.models import OrderLine
from shop.tax import Rule, Scheme
from shop.tax_rates import CannotSell

#: No exchange rates are known here. Other currencies count for more than they ever were worth in euros since 2011.
CAUTION = Decimal("1.5")
ABROAD = (Rule.EU_DESTINATION, Rule.EU_HOME)
#: From which part of a limit on the manager hears of it.
NEAR = Decimal("0.8")


@dataclass(frozen=True)
class Limit:
    """A limit in EUR, whom it concerns, and what to do about it."""

    name: str
    title: str
    amount: Decimal
    law: str
    schemes: frozenset[str]
    advice: str


HOME = Limit(
    "home",
    "Tax of the home country",
    Decimal(10_000),
    "Directive 2006/112/EC, Art. 59c",
    frozenset({Scheme.LOCAL, Scheme.SMALL_BUSINESS}),
    "From the sale that passes it on, tax is owed where the consumer is: end the tax scheme, and write one of the "
    "One-Stop-Shop.",
)
EVIDENCE = Limit(
    "evidence",
    "One piece of evidence is enough",
    Decimal(100_000),
    "Implementing Regulation (EU) 282/2011, Art. 24b",
    frozenset({Scheme.OSS, Scheme.LOCAL}),
    "Beyond it two pieces must agree on where a consumer is. Orders with fewer are flagged; nothing has to be set.",
)
LIMITS = (HOME, EVIDENCE)


@dataclass(frozen=True)
class Watched:
    """A limit and what was sold, in EUR or in what is counted for it. `concerns` says whether today's scheme has it."""

    limit: Limit
    year: int
    sold: Decimal
    before: Decimal
    concerns: bool

    @property
    def state(self) -> str:
        """`passed` for the whole year where the year before passed it, too."""
        if max(self.sold, self.before) > self.limit.amount:
            return "passed"
        return "near" if self.sold >= self.limit.amount * NEAR else "below"


def sold_abroad(year: int) -> tuple[Decimal, Decimal]:
    """Sales to consumers in other member states, net: in this year, and in the one before."""
    of_small_business = Q(tax_rule=Rule.SMALL_BUSINESS, order__country__in=members(clock.today())) & ~Q(
        order__country=F("tax_country")
    )
    sums = (
        OrderLine.objects.filter(Q(tax_rule__in=ABROAD) | of_small_business)
        .filter(order__paid_at__gte=_start(year - 1), order__paid_at__lt=_start(year + 1))
        .annotate(year=ExtractYear("order__paid_at"))
        .values_list("year", "order__currency")
        .annotate(sum=Sum("net"))
        .order_by()
    )
    sold = {year: Decimal(0), year - 1: Decimal(0)}
    for of_year, currency, net in sums:
        sold[of_year] += net if currency == "EUR" else net * CAUTION
    return sold[year], sold[year - 1]


def _start(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC)


def watched(year: int | None = None) -> list[Watched]:
    """Every limit with what was sold in a year, this one by default."""
    today = clock.today()
    year = year or today.year
    try:
        seller = tax_schemes.seller(today)
        scheme = seller.scheme if is_member(seller.country, today) else ""
    except CannotSell:
        scheme = ""
    sold, before = sold_abroad(year)
    return [Watched(limit, year, sold, before, concerns=scheme in limit.schemes) for limit in LIMITS]


def watch() -> int:
    """Calls a person once a year for each limit that comes near, and once when it is passed; returns how many calls."""
    calls = 0
    for each in watched():
        key = f"{each.limit.name}:{each.year}:{each.state}"
        if each.state == "below" or not each.concerns or Alert.objects.filter(kind="tax_limit", key=key).exists():
            continue
        most = max(each.sold, each.before)
        alerts.raise_alert(
            "tax_limit",
            key,
            f"Sales to consumers in other member states: {words.money(most, 'EUR')} of "
            f"{words.money(each.limit.amount, 'EUR')}, {each.year}. {each.limit.advice}",
        )
        calls += 1
    return calls
