"""The rules that amounts of an order must keep, beyond their form."""

from decimal import Decimal
from typing import Any

from sandbox.money import to_minor, to_text
from sandbox.objects import Document
from sandbox.paypal.errors import PayPalError

# https://developer.paypal.com/api/rest/reference/currency-codes/
CURRENCIES = frozenset(
    {
        "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "JPY",
        "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "SEK", "SGD", "THB", "TWD", "USD",
    }
)  # fmt: skip
WITHOUT_DECIMALS = frozenset({"HUF", "JPY", "TWD"})
SUBTRACTED = ("shipping_discount", "discount")


def money(minor: int, currency: str) -> Document:
    """`minor` units as PayPal writes an amount."""
    return {"currency_code": currency, "value": to_text(minor, currency)}


def minor(amount: Document, path: str, *, zero: bool = True) -> int:
    """The amount in minor units. Raises PayPalError when the currency or the digits are impossible."""
    currency, value = amount["currency_code"], Decimal(amount["value"])
    if currency not in CURRENCIES:
        raise PayPalError("INVALID_CURRENCY_CODE", field=f"{path}/currency_code", value=currency)
    digits = 0 if currency in WITHOUT_DECIMALS else 2
    if value != round(value, digits):
        raise PayPalError("DECIMAL_PRECISION", field=f"{path}/value", value=amount["value"])
    if value < 0 or (value == 0 and not zero):
        issue = "CANNOT_BE_NEGATIVE" if zero else "CANNOT_BE_ZERO_OR_NEGATIVE"
        raise PayPalError(issue, field=f"{path}/value", value=amount["value"])
    return to_minor(amount["value"], currency)


def check_unit(unit: dict[str, Any], path: str) -> None:
    """Raises PayPalError when total, breakdown and items of a purchase unit don't add up."""
    amount = unit["amount"]
    total = minor(amount, f"{path}/amount", zero=False)
    parts = {name: minor(part, f"{path}/amount/breakdown/{name}") for name, part in amount.get("breakdown", {}).items()}
    items = [
        (int(item["quantity"]), *_prices(item, f"{path}/items/{index}"))
        for index, item in enumerate(unit.get("items", []))
    ]
    used = {part["currency_code"] for part in _amounts(unit)}
    if len(used) > 1:
        raise PayPalError("MULTI_CURRENCY_ORDER", field=f"{path}/amount/currency_code")
    if parts and total != sum(-part if name in SUBTRACTED else part for name, part in parts.items()):
        raise PayPalError("AMOUNT_MISMATCH", field=f"{path}/amount/value", value=amount["value"])
    if not items:
        return
    _check_sum(parts, "item_total", sum(quantity * price for quantity, price, _ in items), path)
    if any("tax" in item for item in unit["items"]):
        _check_sum(parts, "tax_total", sum(quantity * tax for quantity, _, tax in items), path)


def _check_sum(parts: dict[str, int], name: str, total: int, path: str) -> None:
    field = f"{path}/amount/breakdown/{name}"
    if name not in parts:
        raise PayPalError(f"{name.upper()}_REQUIRED", field=field)
    if parts[name] != total:
        raise PayPalError(f"{name.upper()}_MISMATCH", field=field)


def _prices(item: dict[str, Any], path: str) -> tuple[int, int]:
    tax = minor(item["tax"], f"{path}/tax") if "tax" in item else 0
    return minor(item["unit_amount"], f"{path}/unit_amount"), tax


def _amounts(unit: dict[str, Any]) -> list[dict[str, str]]:
    of_items = [item[name] for item in unit.get("items", []) for name in ("unit_amount", "tax") if name in item]
    return [unit["amount"], *unit["amount"].get("breakdown", {}).values(), *of_items]
