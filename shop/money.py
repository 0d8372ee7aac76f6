"""Money: Decimal amounts in a currency, rounded half up to its exponent (ISO 4217: JPY 0, EUR 2, KWD 3)."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import get_currency_precision


@lru_cache(maxsize=64)
def quantum(currency: str) -> Decimal:
    """The smallest amount of a currency: 0.01 for EUR."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """`amount` rounded half up to the currency's exponent."""
    return amount.quantize(quantum(currency), ROUND_HALF_UP)


def shared(amount: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """`amount` in parts in proportion to `weights`, which sum to exactly it: the largest remainders are rounded up.

    Amount and weights are multiples of the currency's smallest amount, and the amount is at most the weights' sum: so
    no part is above its weight, or below zero.
    """
    unit, whole = quantum(currency), sum(weights, Decimal(0))
    shares = [divmod(int(amount / unit) * int(weight / unit), int(whole / unit)) for weight in weights]
    short = int(amount / unit) - sum(share for share, _ in shares)
    up = sorted(range(len(shares)), key=lambda place: (-shares[place][1], place))[:short]
    return [(share + (place in up)) * unit for place, (share, _) in enumerate(shares)]
