"""Money: Decimal amounts in a currency, rounded half up to its exponent (ISO 4217: JPY 0, EUR 2, KWD 3)."""

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
