"""What staff type to place a legal hold."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from privacy import clock, holds
from privacy.models import LegalHold


class HoldForm(forms.ModelForm):
    """A legal hold: on what, why, and until which day (its first moment in UTC)."""

    kind = forms.ChoiceField(label="What", widget=UnfoldAdminSelectWidget)
    which = forms.CharField(
        max_length=60, widget=UnfoldAdminTextInputWidget, help_text="As it is written on its page: an order's number."
    )
    reason = forms.CharField(
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text="Which claim, proceeding or request needs it. Name no person.",
        error_messages={"required": "Say why: a hold without a reason can't be judged later."},
    )
    last_day = forms.DateField(
        label="Until", required=False, widget=UnfoldAdminDateWidget, help_text="Empty: until it is lifted."
    )

    class Meta:
        model = LegalHold
        fields = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [(kind.label, kind.word.capitalize()) for kind in holds.kinds()]  # type: ignore[attr-defined]

    def clean_last_day(self) -> datetime | None:
        """The moment at which the hold ends."""
        day = self.cleaned_data["last_day"]
        if day is None:
            return None
        if day <= clock.today():
            raise forms.ValidationError("This day has passed. Choose a later one, or none.")
        return datetime.combine(day, time(), UTC)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("which") and not self.held.find(typed["which"]).exists():
            self.add_error("which", f"Nothing is left to hold of this {self.held.word}. Check what you typed.")
        return typed

    @property
    def held(self) -> holds.Kind:
        """The kind that was chosen."""
        return next(kind for kind in holds.kinds() if kind.label == self.cleaned_data["kind"])
