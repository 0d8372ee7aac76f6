"""What people at the desk type about money."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextInputWidget,
)

from payments import refund_shares
from payments.refund_plans import What, Wish
from payments.refund_shares import Share
from shop import words
from shop.models import Edition, Order, OrderLine, OrderUnit

#: More units than this are given back by lines.
MOST_UNITS = 100
#: How the fields begin that ask for seats; the id of the unit follows.
SEATS = "seats_"
WIDE = {"class": "max-w-2xl"}


def _amount(**fields: Any) -> forms.DecimalField:
    widget = UnfoldAdminDecimalFieldWidget(attrs=WIDE)
    return forms.DecimalField(min_value=Decimal("0.001"), max_digits=12, decimal_places=3, widget=widget, **fields)


class ArrivalForm(forms.Form):
    """How much of a payment arrived that nobody else can tell of."""

    amount = _amount(
        help_text="As the bank statement says, in the order's currency.",
        error_messages={"required": "Type the amount that arrived."},
    )


class RefundForm(forms.Form):
    """What of an order is given back, and why. The confirmation sends `seen`, what was left when the plan was shown."""

    what = forms.ChoiceField(
        label="Give back",
        choices=[
            (What.EVERYTHING, "everything that is left"),
            (What.UNITS, "some lines, units or seats"),
            (What.AMOUNT, "an amount, and no key changes"),
            (What.TAX, "tax alone, and no key changes"),
        ],
        initial=What.EVERYTHING,
        widget=UnfoldAdminRadioSelectWidget,
    )
    lines = forms.MultipleChoiceField(
        label="Whole lines",
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="For lines or units.",
    )
    units = forms.MultipleChoiceField(
        label="Units",
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="For lines or units.",
    )
    amount = _amount(
        required=False, help_text="For an amount. For tax alone, leave it empty to give back all tax that is left."
    )
    reason = forms.CharField(
        max_length=200,
        widget=UnfoldAdminTextInputWidget(attrs=WIDE),
        help_text="Kept with the refund. Name no person.",
        error_messages={"required": "Say why, in a few words."},
    )
    seen = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shares = refund_shares.units_left(order)
        left = [share.unit for share in shares]
        self.fields["lines"].choices = _lines(left)  # type: ignore[attr-defined]
        self.fields["units"].choices = [(str(share.unit.pk), _named(share)) for share in shares[:MOST_UNITS]]  # type: ignore[attr-defined]
        for share in shares:
            if share.unit.line.sold_per == Edition.SoldPer.SEAT and share.seats > 1:
                self.fields[f"{SEATS}{share.unit.pk}"] = _seats(share)
        self.order_fields(["what", "lines", "units", *self._seats(), "amount", "reason", "seen"])

    def clean(self) -> dict[str, Any]:
        """An amount is needed where an amount is chosen."""
        data = super().clean() or {}
        if data.get("what") == What.AMOUNT and data.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", "Type the amount to give back.")
        for name, pk in self._seats().items():
            if data.get(name) and str(pk) in data.get("units", []):
                self.add_error(name, "Type seats to give back some, or choose the unit to give back all. Not both.")
        return data

    def _seats(self) -> dict[str, int]:
        """The fields for seats by their name, each with the id of its unit."""
        return {name: int(name.removeprefix(SEATS)) for name in self.fields if name.startswith(SEATS)}

    @property
    def wish(self) -> Wish:
        """What was wanted, once the form is valid. What belongs to another choice is left out."""
        data = self.cleaned_data
        what = What(data["what"])
        by_units, by_amount = what == What.UNITS, what in {What.AMOUNT, What.TAX}
        return Wish(
            what=what,
            lines={int(pk) for pk in data["lines"]} if by_units else (),
            units={int(pk) for pk in data["units"]} if by_units else (),
            seats={pk: data[name] for name, pk in self._seats().items() if data[name]} if by_units else {},
            amount=data["amount"] if by_amount else None,
        )


def _lines(units: Collection[OrderUnit]) -> list[tuple[str, str]]:
    counted: dict[OrderLine, int] = {}
    for unit in units:
        counted[unit.line] = counted.get(unit.line, 0) + 1
    return [
        (str(line.pk), f"{line.product_name} {line.edition_name}, {count} {'unit' if count == 1 else 'units'}")
        for line, count in counted.items()
    ]


def name_of(unit: OrderUnit) -> str:
    """A unit, as people at the desk tell it from others."""
    return f"{unit.line.product_name} {unit.line.edition_name}, unit {unit.position}"


def _named(share: Share) -> str:
    size = f", {words.seats(share.seats)}" if share.seats > 1 else ""
    return f"{name_of(share.unit)}{size}, {share.unit.get_state_display()}"


def _seats(share: Share) -> forms.IntegerField:
    return forms.IntegerField(
        label=f"Seats of {name_of(share.unit)}",
        min_value=1,
        max_value=share.seats,
        required=False,
        widget=UnfoldAdminIntegerFieldWidget(attrs=WIDE),
        help_text=f"To give back some of its {words.seats(share.seats)}. Its key goes on working.",
        error_messages={"max_value": f"Of this unit {words.seats(share.seats)} are left. Type that or less."},
    )
