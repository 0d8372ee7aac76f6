"""Forms about licenses."""

from django import forms

from accounts import license_keys
from shop.forms import visible_text


class LicenseKeyForm(forms.Form):
    """Asks for a key by which a license is added. Casing, spaces and dashes don't matter."""

    key = forms.CharField(
        label="License key",
        max_length=license_keys.LONGEST,
        help_text="As it was shown or mailed to you.",
        error_messages={"required": "Write the key."},
        validators=[visible_text],
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "mono"}
        ),
    )
