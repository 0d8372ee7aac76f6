"""Checks the JSON bodies of requests. Unknown fields are ignored, as at PayPal; known ones must have the right form."""

import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.paypal.errors import PayPalError


@dataclass(frozen=True)
class Kind:
    """How one field is checked; `path` is its JSON pointer."""

    required: bool = False

    def check(self, value: Any, path: str) -> None:
        raise NotImplementedError


@dataclass(frozen=True)
class Text(Kind):
    longest: int = 127
    shortest: int = 1
    pattern: str = ""

    def check(self, value: Any, path: str) -> None:
        if not isinstance(value, str):
            raise PayPalError("INVALID_PARAMETER_SYNTAX", field=path)
        if not self.shortest <= len(value) <= self.longest:
            raise PayPalError("INVALID_STRING_LENGTH", field=path, value=value)
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise PayPalError("INVALID_PARAMETER_SYNTAX", field=path, value=value)


@dataclass(frozen=True)
class Choice(Kind):
    values: tuple[str, ...] = ()

    def check(self, value: Any, path: str) -> None:
        if value not in self.values:
            raise PayPalError("INVALID_PARAMETER_VALUE", field=path, value=str(value))


@dataclass(frozen=True)
class ListOf(Kind):
    item: Kind = field(default_factory=Text)
    least: int = 0
    most: int = 1000

    def check(self, value: Any, path: str) -> None:
        if not isinstance(value, list):
            raise PayPalError("INVALID_PARAMETER_SYNTAX", field=path)
        if len(value) < self.least:
            raise PayPalError("INVALID_ARRAY_MIN_ITEMS", field=path)
        if len(value) > self.most:
            raise PayPalError("INVALID_ARRAY_MAX_ITEMS", field=path)
        for index, item in enumerate(value):
            self.item.check(item, f"{path}/{index}")


@dataclass(frozen=True)
class Fields(Kind):
    known: dict[str, Kind] = field(default_factory=dict)

    def check(self, value: Any, path: str = "") -> None:
        if not isinstance(value, dict):
            raise PayPalError("INVALID_PARAMETER_SYNTAX", field=path or "/")
        for name, kind in self.known.items():
            if name in value:
                kind.check(value[name], f"{path}/{name}")
            elif kind.required:
                raise PayPalError("MISSING_REQUIRED_PARAMETER", field=f"{path}/{name}")


def money(*, required: bool = False, **more: Kind) -> Fields:
    known: dict[str, Kind] = {
        "currency_code": Text(required=True, shortest=3, longest=3),
        "value": Text(required=True, longest=32, pattern=r"-?[0-9]+|-?[0-9]*\.[0-9]+"),
    }
    return Fields(required=required, known=known | more)


ADDRESS = Text(longest=2048, pattern=r"https?://\S+")
EXPERIENCE = Fields(
    known={
        "brand_name": Text(),
        "locale": Text(longest=10),
        "return_url": ADDRESS,
        "cancel_url": ADDRESS,
        "landing_page": Choice(values=("LOGIN", "GUEST_CHECKOUT", "BILLING", "NO_PREFERENCE")),
        "shipping_preference": Choice(values=("GET_FROM_FILE", "NO_SHIPPING", "SET_PROVIDED_ADDRESS")),
        "user_action": Choice(values=("CONTINUE", "PAY_NOW")),
        "payment_method_preference": Choice(values=("UNRESTRICTED", "IMMEDIATE_PAYMENT_REQUIRED")),
    }
)
PARTS_OF_AMOUNT = ("item_total", "tax_total", "shipping", "handling", "insurance", "shipping_discount", "discount")
ITEM = Fields(
    known={
        "name": Text(required=True),
        "quantity": Text(required=True, longest=10, pattern="[1-9][0-9]*"),
        "unit_amount": money(required=True),
        "tax": money(),
        "description": Text(shortest=0),
        "sku": Text(shortest=0),
        "category": Choice(values=("DIGITAL_GOODS", "PHYSICAL_GOODS", "DONATION")),
    }
)
UNIT = Fields(
    known={
        "reference_id": Text(longest=256),
        "description": Text(),
        "custom_id": Text(),
        "invoice_id": Text(),
        "soft_descriptor": Text(longest=22),
        "amount": money(required=True, breakdown=Fields(known={name: money() for name in PARTS_OF_AMOUNT})),
        "items": ListOf(item=ITEM),
    }
)
PAYER_ADDRESS = Fields(known={"country_code": Text(required=True, shortest=2, longest=2)})
PAYPAL_SOURCE = Fields(
    known={"experience_context": EXPERIENCE, "email_address": Text(longest=254), "address": PAYER_ADDRESS}
)
# PayPal takes up to ten purchase units and other intents; the sandbox, like the shop, knows one unit that is captured.
ORDER = Fields(
    known={
        "intent": Choice(required=True, values=("CAPTURE",)),
        "purchase_units": ListOf(required=True, item=UNIT, least=1, most=1),
        "payment_source": Fields(known={"paypal": PAYPAL_SOURCE}),
        "application_context": EXPERIENCE,
    }
)
REFUND = Fields(
    known={"amount": money(), "custom_id": Text(), "invoice_id": Text(), "note_to_payer": Text(longest=255)}
)
