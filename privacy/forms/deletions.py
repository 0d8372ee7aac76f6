"""What staff type about a request for deletion."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminEmailInputWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from privacy import clock
from privacy.models import DeletionRequest

LANGUAGES = (
    ("", "Not known: English"),
    *(("en", "English"), ("de", "German"), ("fr", "French"), ("es", "Spanish")),
    *(("it", "Italian"), ("nl", "Dutch"), ("pl", "Polish"), ("pt", "Portuguese")),
)
_TO_PERSON = "The person reads it, in the mail. Whole sentences, please."


class ReasonForm(forms.Form):
    """Why, in words that the person or the story of the request gets."""

    reason = forms.CharField(
        max_length=300,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_TO_PERSON,
        error_messages={"required": "Say why, in a sentence."},
    )


class WithdrawalForm(forms.Form):
    """How the person took it back."""

    reason = forms.CharField(
        label="How we know",
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text="Stays in the story of the request. Name no person.",
        error_messages={"required": "Say how the person took it back, such as “by a reply to our mail”."},
    )


class RefusalForm(ReasonForm):
    """Why not, and whether the person is told."""

    tell_person = forms.BooleanField(
        label="Tell the person by mail",
        required=False,
        initial=True,
        widget=UnfoldBooleanWidget,
        help_text="Leave it off only for a mail that asked for nothing.",
    )


class AddressForm(forms.Form):
    """Another address of the same person."""

    address = forms.EmailField(label="E-mail address", max_length=254, widget=UnfoldAdminEmailInputWidget)


class DuplicateForm(forms.Form):
    """Which request it repeats."""

    of = forms.CharField(
        label="Repeats request", max_length=20, widget=UnfoldAdminTextInputWidget, help_text="Its number, as D-000123."
    )

    def clean_of(self) -> int:
        """The id of that request."""
        found = number_of(self.cleaned_data["of"])
        if found is None or not DeletionRequest.objects.filter(pk=found).exists():
            raise forms.ValidationError("There is no request with this number.")
        return found


class ApprovalForm(forms.Form):
    """Which plan the approver saw: another one isn't approved."""

    plan = forms.IntegerField(widget=forms.HiddenInput)


class NoteForm(forms.Form):
    """What was done at a provider."""

    note = forms.CharField(
        label="What was done",
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text="Such as the provider’s case number. Name no person.",
        error_messages={"required": "Say what was done there."},
    )


class StaffNoteForm(forms.Form):
    """Notes for colleagues; they go with the person."""

    note = forms.CharField(
        label="Note for colleagues",
        max_length=2000,
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="Goes with the person’s name once the notice has been sent. The person can read it in their copy.",
    )


class FindForm(forms.Form):
    """Whom to look for beside the address of the request."""

    term = forms.CharField(
        label="Address, order number or account number", max_length=254, widget=UnfoldAdminTextInputWidget
    )


class EntryForm(forms.ModelForm):
    """A request that came by phone or by letter."""

    channel = forms.ChoiceField(
        label="It came by",
        choices=[("phone", "phone"), ("letter", "letter")],
        widget=UnfoldAdminSelectWidget,
    )
    address = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=UnfoldAdminEmailInputWidget,
        help_text="The one we know the person by: it is asked for proof. The voice on the phone proves nothing.",
    )
    name = forms.CharField(label="Name", max_length=120, required=False, widget=UnfoldAdminTextInputWidget)
    received_on = forms.DateField(
        label="Received on", widget=UnfoldAdminDateWidget, help_text="The time to answer begins on this day."
    )
    language = forms.ChoiceField(
        choices=LANGUAGES, required=False, widget=UnfoldAdminSelectWidget, help_text="Of our mails to the person."
    )
    law = forms.ChoiceField(
        choices=DeletionRequest.Law.choices, widget=UnfoldAdminSelectWidget, help_text="California has 45 days."
    )
    text = forms.CharField(
        label="What was asked",
        max_length=4000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text="In the person’s words, as far as you have them.",
    )

    class Meta:
        model = DeletionRequest
        fields = ("channel", "law", "language")

    def clean_received_on(self) -> datetime:
        """The moment from which the time counts: the beginning of that day in UTC, or now."""
        day = self.cleaned_data["received_on"]
        if day > clock.today():
            raise forms.ValidationError("This day is still to come.")
        if (clock.today() - day).days > 366:
            raise forms.ValidationError("This is more than a year ago. Check the year.")
        return min(datetime.combine(day, time(), UTC), clock.now())

    def clean(self) -> dict[str, Any]:
        return super().clean() or self.cleaned_data


def number_of(typed: str) -> int | None:
    """The id in what people type as a request's number: D-000123, d-123 or 123."""
    digits = typed.strip().upper().removeprefix("D-")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None
