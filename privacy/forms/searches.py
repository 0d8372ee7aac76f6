"""What staff type to search for people."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget

from privacy.searches import LONGEST


class ReasonField(forms.CharField):
    """Why somebody's data is looked at, in words."""

    def __init__(self, **options: Any) -> None:
        options = {
            "max_length": 200,
            "widget": UnfoldAdminTextInputWidget,
            "help_text": "Stays on record for a year, and the customer reads it. Name no person.",
            "error_messages": {"required": "Say why, in a few words."},
        } | options
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        """Raises ValidationError for a single word, which says too little to be judged later."""
        words = " ".join(str(super().clean(value)).split())
        if len(words.split()) < 2:
            raise forms.ValidationError("Say why in a few words, such as “Refund of AO-1042”.")
        return words


class SearchForm(forms.Form):
    """What is searched for, and why."""

    term = forms.CharField(max_length=LONGEST, label="Search for", widget=UnfoldAdminTextInputWidget)
    reason = ReasonField(label="Why")
