"""What staff type about a case."""

from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.cases import canned
from accounts.models import CannedAnswer, Case, User
from shop.forms.posts import visible_lines

Outcome = Case.Outcome
#: What follows an answer.
THEN = (
    ("", "wait for the customer"),
    (Outcome.ANSWERED, "close it as answered"),
    (Outcome.REFUSED, "close it as refused"),
)
ENDS = ((Outcome.ANSWERED, "answered"), (Outcome.REFUNDED, "refunded"), (Outcome.REFUSED, "refused"))


class AnswerForm(forms.Form):
    """What the customer gets by mail, and what follows."""

    text = forms.CharField(
        label="Answer",
        max_length=10_000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 12}),
        help_text="The customer gets it by mail, word for word, and sees it on the page. Whole sentences, please.",
        error_messages={"required": "Write the answer."},
        validators=[visible_lines],
    )
    outcome = forms.ChoiceField(label="Then", choices=THEN, required=False, widget=UnfoldAdminSelectWidget)
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class CaseNoteForm(forms.Form):
    """A note for colleagues."""

    text = forms.CharField(
        label="Note for colleagues",
        max_length=2_000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
        help_text="The customer isn’t shown it here, but can read it in the copy of their data.",
        error_messages={"required": "Write the note."},
        validators=[visible_lines],
    )


class AssignForm(forms.Form):
    """Who of the staff goes on with it."""

    to = forms.ModelChoiceField(
        label="Who goes on",
        queryset=User.objects.none(),
        required=False,
        empty_label="nobody in particular",
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = User.objects.filter(is_staff=True, is_active=True).order_by("name", "pk")  # type: ignore[attr-defined]


class GiveBackForm(forms.Form):
    """What of the order goes back: whole lines, as far as something of them is left."""

    lines = forms.TypedMultipleChoiceField(
        label="What goes back",
        coerce=int,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        error_messages={"required": "Choose what goes back.", "invalid_choice": "This was given back meanwhile."},
    )

    def __init__(self, *args: Any, offers: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"].choices = offers  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """How a case ends."""

    outcome = forms.ChoiceField(label="It is", choices=ENDS, widget=UnfoldAdminSelectWidget)


class CannedAnswerForm(forms.ModelForm):
    """An answer that fits many cases."""

    class Meta:
        model = CannedAnswer
        fields = ("title", "text")
        widgets = {
            "title": UnfoldAdminTextInputWidget,
            "text": UnfoldAdminTextareaWidget(attrs={"rows": 12}),
        }

    def clean_text(self) -> str:
        """Only the names that stand for something may stand in braces."""
        text: str = self.cleaned_data["text"]
        visible_lines(text)
        unknown = canned.unknown(text)
        if unknown:
            known = ", ".join(f"{{{name}}}" for name in canned.NAMES)
            raise forms.ValidationError(f"{{{unknown[0]}}} stands for nothing. These do: {known}.")
        return text
