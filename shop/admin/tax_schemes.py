"""How the shop itself is taxed, at the desk. What orders were made under stays as it is: it is ended, and followed."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from privacy import clock
from privacy.admin import Desk
from shop import countries
from shop.eu_members import is_member
from shop.models import TaxScheme


class TaxSchemeForm(forms.ModelForm):
    class Meta:
        model = TaxScheme
        fields = (
            "country",
            "scheme",
            "registration",
            "prices",
            "charges_uk",
            "uk_registration",
            "valid_from",
            "valid_until",
        )

    def clean_country(self) -> str:
        country: str = self.cleaned_data["country"]
        if country not in countries.names():
            raise forms.ValidationError("Write the code of a country, such as DE.")
        return country

    def clean_valid_until(self) -> Any:
        """An end before today would leave orders without the scheme that they were made under."""
        end = self.cleaned_data.get("valid_until")
        if end and self.instance.pk and self.instance.valid_from <= clock.today() and end < clock.today():
            raise forms.ValidationError("End it today at the earliest: orders were made under it until now.")
        return end

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("scheme") == TaxScheme.Scheme.OSS and not values.get("registration"):
            self.add_error("registration", "Write the number under which the shop takes part in the One-Stop-Shop.")
        country = values.get("country")
        of_members = {TaxScheme.Scheme.LOCAL, TaxScheme.Scheme.SMALL_BUSINESS}
        if country and not is_member(country, clock.today()) and values.get("scheme") in of_members:
            self.add_error("scheme", "This scheme is for shops in a member state of the EU.")
        if values.get("charges_uk") and not values.get("uk_registration"):
            self.add_error("uk_registration", "Write the shop's number in the United Kingdom, or untick it.")
        return values


@admin.register(TaxScheme)
class TaxSchemeAdmin(Desk):
    """Spans of days with a tax registration each; the database refuses two on one day."""

    form = TaxSchemeForm
    list_display = ("valid_from", "valid_until", "country", "scheme", "registration", "charges_uk", "prices")
    fields = (
        "country",
        "scheme",
        "registration",
        "prices",
        "charges_uk",
        "uk_registration",
        "valid_from",
        "valid_until",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: TaxScheme | None = None) -> tuple[str, ...]:
        return tuple(field for field in self.fields if field != "valid_until") if obj and _has_begun(obj) else ()

    def has_delete_permission(self, request: HttpRequest, obj: TaxScheme | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not _has_begun(obj))


def _has_begun(scheme: TaxScheme) -> bool:
    return scheme.valid_from <= clock.today()
