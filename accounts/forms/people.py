"""Name, company and addresses."""

from typing import Any, ClassVar

from django import forms

from accounts.models import Address, User
from privacy import clock
from shop import countries, vat_numbers
from shop.eu_members import is_member
from shop.forms import LONGEST_VAT_NUMBER, visible_text


class ProfileForm(forms.ModelForm):
    """Name and company, offered again at checkout."""

    class Meta:
        model = User
        fields = ("name", "company")
        labels: ClassVar = {"name": "Full name", "company": "Company name"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, autocomplete in (("name", "name"), ("company", "organization")):
            self.fields[name].widget.attrs["autocomplete"] = autocomplete
            self.fields[name].validators.append(visible_text)


class AddressForm(forms.ModelForm):
    """A billing address."""

    AUTOCOMPLETE: ClassVar = {
        "name": "name",
        "company": "organization",
        "vat_number": "off",
        "street": "street-address",
        "postal_code": "postal-code",
        "city": "address-level2",
        "region": "address-level1",
        "country": "country",
    }
    REQUIRED: ClassVar = {
        "name": "Write the full name.",
        "street": "Write the street and number.",
        "city": "Write the town.",
        "country": "Choose the country.",
    }

    country = forms.ChoiceField(label="Country", choices=countries.Choices())
    vat_number = forms.CharField(label="VAT number", max_length=30, required=False)

    class Meta:
        model = Address
        fields = ("country", "name", "street", "postal_code", "city", "region", "company", "vat_number", "is_default")
        labels: ClassVar = {
            "name": "Full name",
            "street": "Street and number",
            "postal_code": "Postal code",
            "city": "Town",
            "region": "State or province",
            "company": "Company name",
            "is_default": "Offer this address first",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, autocomplete in self.AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = autocomplete
            if name != "country":
                self.fields[name].validators.append(visible_text)
        for name, sentence in self.REQUIRED.items():
            self.fields[name].error_messages["required"] = sentence

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        number, country = data.get("vat_number", ""), data.get("country", "")
        if not number or not country:
            return data
        if not is_member(country, clock.today()):
            if len(number) > LONGEST_VAT_NUMBER:
                self.add_error("vat_number", f"Write {LONGEST_VAT_NUMBER} characters at most.")
            return data
        try:
            data["vat_number"] = vat_numbers.clean(number, country)
        except vat_numbers.WrongVatNumber as error:
            self.add_error("vat_number", str(error))
        return data
