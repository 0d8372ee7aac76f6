"""Amounts are integers in minor units; these turn them into decimal text and back."""

from decimal import Decimal

# ISO 4217 currencies without a minor unit that the providers take.
WITHOUT_MINOR_UNIT = frozenset("BIF CLP DJF GNF JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split())


def exponent(currency: str) -> int:
    return 0 if currency.upper() in WITHOUT_MINOR_UNIT else 2


def to_text(minor: int, currency: str) -> str:
    """1190 in EUR is `11.90`, 1190 in JPY is `1190`."""
    digits = exponent(currency)
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"


def to_minor(value: str, currency: str) -> int:
    """The reverse of `to_text`. Raises ValueError when the amount has more digits than the currency."""
    amount = Decimal(value).scaleb(exponent(currency))
    if amount != amount.to_integral_value():
        raise ValueError(f"{value} has more digits than {currency}.")
    return int(amount)
