"""Money at the providers' edge: minor units and plain decimal text. Inside the shop it is `Decimal` with a currency."""

from collections.abc import Mapping
from decimal import Decimal

from shop import money as rounding

#: Currencies whose smallest unit isn't a hundredth, ISO 4217. A provider may differ and says so itself.
EXPONENTS: Mapping[str, int] = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


def to_minor(amount: Decimal, currency: str, exponents: Mapping[str, int] = EXPONENTS) -> int:
    """`amount` in the currency's minor unit: 11.90 EUR is 1190. Raises ValueError where that isn't a whole number."""
    minor = amount.scaleb(exponents.get(currency, 2))
    if minor != minor.to_integral_value():
        raise ValueError(f"{amount} {currency} can't be paid: it has a fraction of the smallest unit.")
    return int(minor)


def from_minor(minor: int, currency: str, exponents: Mapping[str, int] = EXPONENTS) -> Decimal:
    """The amount of so many minor units: 1190 of EUR is 11.90."""
    return Decimal(minor).scaleb(-exponents.get(currency, 2))


def to_text(amount: Decimal, currency: str, exponents: Mapping[str, int] = EXPONENTS) -> str:
    """`amount` with exactly the decimals of its currency: 11.9 EUR is "11.90". Raises ValueError where it has more."""
    return str(from_minor(to_minor(amount, currency, exponents), currency, exponents))


def named(amount: Decimal, currency: str) -> str:
    """An amount as stories and alerts name it: `119.00 EUR`, whatever number of decimals the database gives it."""
    exact = amount.quantize(rounding.quantum(currency))
    return f"{exact if exact == amount else amount} {currency}"
