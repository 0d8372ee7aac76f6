"""Forms of the purchase, and of finding one."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from privacy import clock
from shop import buyers, countries, payment_methods, territories, vat_numbers, words
from shop.eu_members import is_member
from shop.models import Order

REQUIRED = {
    "email": "Write your e-mail address. Your keys and the receipt go there.",
    "name": "Write your full name.",
    "country": "Choose the country you pay from.",
    "street": "Write the street and number.",
    "postal_code": "Write the postal code.",
    "city": "Write the town.",
    "company": "Write the company's name, or untick “I buy for a company”.",
    "payment_method": "Choose how you pay.",
    "delivery": "Choose what happens with your keys.",
}
#: Who is asked for a review later is told so where the address is typed, with the way to say no (UWG, section 7(3)).
INVITED = (
    "Some days later we ask there once how it works for you. Say no at any time, by that mail’s link or at {support}; "
    "it costs nothing."
)
LONGEST_VAT_NUMBER = 20
#: They would turn the rest of a line in mails and on the desk around, and are never needed in a name.
BIDI_CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
#: Member states in which addresses have no postal code, or many do without it.
WITHOUT_POSTAL_CODE = {"IE"}
NOT_AN_ADDRESS = "Write the address with an @, as in name@company.com."


def visible_text(value: str) -> None:
    """Refuses control characters, those that turn the direction of writing included; every script is welcome."""
    if any(unicodedata.category(character) == "Cc" for character in value):
        raise ValidationError("Leave out control characters. They can't be printed on a receipt.")
    if any(unicodedata.bidirectional(character) in BIDI_CONTROLS for character in value):
        raise ValidationError("Leave out the invisible signs that turn the direction of writing. The text needs none.")


def _text(
    label: str, autocomplete: str, length: int, *, required: bool = True, help_text: str = "", **attributes: str
) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        required=required,
        help_text=help_text,
        validators=[visible_text],
        widget=forms.TextInput(attrs={"autocomplete": autocomplete, **attributes}),
    )


def _email(label: str, autocomplete: str, *, required: bool = True, help_text: str = "") -> forms.EmailField:
    return forms.EmailField(
        label=label,
        max_length=254,
        required=required,
        help_text=help_text,
        error_messages={"invalid": NOT_AN_ADDRESS},
        widget=forms.EmailInput(attrs={"autocomplete": autocomplete, "inputmode": "email", "spellcheck": "false"}),
    )


class CheckoutForm(forms.Form):
    """What a purchase asks for (P5), and no more. Payment details are typed at the payment provider."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    shown_total = forms.DecimalField(widget=forms.HiddenInput, required=False)
    shown_terms = forms.IntegerField(widget=forms.HiddenInput, required=False)

    email = _email("E-mail address", "email")
    name = _text("Full name", "name", 120)
    delivery_email = _email(
        "Send the keys to another address",
        "off",
        required=False,
        help_text="For a colleague, say. It joins no account.",
    )
    country = forms.ChoiceField(
        label="Country", choices=countries.Choices(), widget=forms.Select(attrs={"autocomplete": "country"})
    )
    street = _text("Street and number", "street-address", 200)
    postal_code = _text("Postal code", "postal-code", 20, required=False)
    city = _text("Town", "address-level2", 100)
    region = _text("State or province", "address-level1", 100, required=False)
    is_business = forms.BooleanField(label="I buy for a company", required=False)
    company = _text("Company name", "organization", 120, required=False)
    vat_number = _text("VAT number", "off", 30, required=False, spellcheck="false", autocapitalize="characters")
    residence = forms.ChoiceField(label="Where you live", required=False, widget=forms.RadioSelect)
    purchase_order = _text("Your order number", "off", 60, required=False, help_text="It is printed on the receipt.")
    payment_method = forms.ChoiceField(label="Payment", widget=forms.RadioSelect)
    delivery = forms.ChoiceField(
        label="Your keys", choices=Order.Delivery.choices, initial=Order.Delivery.SEALED, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, currency: str, ip_country: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.buyer = buyers.typed(self.data if self.is_bound else self.initial, ip_country, self.billing_country)
        self.fields["residence"].choices = [  # type: ignore[attr-defined]
            (buyers.BILLING, countries.names().get(self.billing_country, "")),
            (buyers.CONNECTION, countries.names().get(ip_country or "", "")),
        ]
        self.methods = payment_methods.offered(self.billing_country, currency)
        self.fields["payment_method"].choices = [(method.name, method.label) for method in self.methods]  # type: ignore[attr-defined]
        if len(self.methods) == 1:
            self.fields["payment_method"].initial = self.methods[0].name
        if settings.REVIEW_INVITATION_DAYS:
            self.fields["email"].help_text = INVITED.format(support=settings.SUPPORT_EMAIL)
        self.fields["postal_code"].required = self.is_eu and self.billing_country not in WITHOUT_POSTAL_CODE
        for name, field in self.fields.items():
            field.error_messages["required"] = REQUIRED.get(name, field.error_messages["required"])
            field.error_messages["invalid_choice"] = "Choose one of the options shown."
        self.fields["payment_method"].error_messages["invalid_choice"] = (
            "This way to pay isn't offered in your country. Choose one of those shown."
        )

    @property
    def billing_country(self) -> str:
        """The billing country as far as it is known: typed, else suggested; empty where neither."""
        known = self.data.get("country") if self.is_bound else self.initial.get("country")
        return known if known in countries.names() else ""

    @property
    def chosen_method(self) -> payment_methods.PaymentMethod | None:
        """The way to pay as far as it is known: typed, or the only one that is offered."""
        return next((method for method in self.methods if method.name == self["payment_method"].value()), None)

    def ask_no_payment(self) -> None:
        """For a cart that costs nothing: whatever was chosen, or nothing, there is nothing to pay."""
        self.errors.pop("payment_method", None)
        self.cleaned_data["payment_method"] = payment_methods.FREE

    @property
    def is_eu(self) -> bool:
        return is_member(self.billing_country, clock.today())

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._clean_postal_code(data)
        if self.buyer.is_asked and not self.buyer.answer:
            self.add_error("residence", buyers.question(self.buyer))
        if data.get("is_business"):
            if not data.get("company") and "company" not in self.errors:
                self.add_error("company", REQUIRED["company"])
            self._clean_vat_number(data)
        else:
            data |= {"company": "", "vat_number": ""}
        if data.get("delivery_email", "").lower() == data.get("email"):
            data["delivery_email"] = ""
        return data

    def _clean_postal_code(self, data: dict[str, Any]) -> None:
        """A code of the wrong form might hide a territory with a tax of its own."""
        try:
            territories.of(data.get("country", ""), data.get("postal_code", ""))
        except territories.WrongPostalCode as error:
            self.add_error("postal_code", str(error))

    def _clean_vat_number(self, data: dict[str, Any]) -> None:
        number, country = data.get("vat_number", ""), data.get("country", "")
        if not number or not country or "vat_number" in self.errors:
            return
        # Monaco's companies have French numbers, and those of two German postal codes Austrian ones.
        country = territories.of(self.buyer.country, self.buyer.postal_code).country
        if not is_member(country, clock.today()):
            if len(number) > LONGEST_VAT_NUMBER:
                self.add_error("vat_number", f"Write {LONGEST_VAT_NUMBER} characters at most.")
            return
        try:
            data["vat_number"] = vat_numbers.clean(number, country)
        except vat_numbers.WrongVatNumber as error:
            self.add_error("vat_number", str(error))


class PlaceForm(forms.Form):
    """For which country and in which currency a visitor sees prices."""

    country = forms.ChoiceField(label="Country", choices=countries.Choices())
    currency = forms.ChoiceField(label="Currency")

    def __init__(self, *args: Any, currencies: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(code, f"{words.currency(code)} ({code})") for code in currencies]
        self.fields["currency"].choices = names  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.error_messages["required"] = "Choose one of the options shown."
            field.error_messages["invalid_choice"] = "Choose one of the options shown."


class CorrectEmailForm(forms.Form):
    """Puts a mistyped address right."""

    email = _email("Your e-mail address", "email")

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class FindOrderForm(CorrectEmailForm):
    """Asks for the links of one's own orders by mail."""

    email = _email("E-mail address", "email", help_text="The one you gave at checkout. The links go there.")
