"""What customers type when they want something of us, and what they add to it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from accounts.cases import attachments, parts
from accounts.cases.parts import Choice
from accounts.images import NotTaken
from accounts.models import Case
from shop.forms import visible_text
from shop.forms.checkout import NOT_AN_ADDRESS
from shop.forms.posts import visible_lines

KINDS = (
    (Case.Kind.REFUND, "I want my money back"),
    (Case.Kind.COMPLAINT, "Something is wrong"),
    (Case.Kind.QUESTION, "I have a question"),
)
MOST_TEXT = 5_000
WHOLE, PART = "whole", "part"
WHOLE_OR_PART = ((WHOLE, "The whole order"), (PART, "Only a part of it"))
_FILES = "Up to three: pictures (PNG, JPEG, WebP), PDF or plain text, 2 MB each."


class _Several(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else []


class Files(forms.FileField):
    """Several files, each judged by its bytes; what the browser says of them doesn't count."""

    def __init__(self, **options: Any) -> None:
        widget = _Several(attrs={"accept": ".png,.jpg,.jpeg,.webp,.pdf,.txt", "multiple": True})
        super().__init__(required=False, widget=widget, **options)

    def clean(self, data: Any, initial: object = None) -> list[attachments.File]:
        """The files as they may be kept."""
        try:
            return attachments.check(data or [])
        except NotTaken as sentence:
            raise ValidationError(str(sentence)) from None


def _text(label: str, missing: str, *, required: bool = True, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=MOST_TEXT,
        required=required,
        help_text=help_text,
        error_messages={"required": missing},
        validators=[visible_lines],
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class MessageForm(forms.Form):
    """What a customer adds to a request."""

    text = _text("Your message", "Write what you want to tell us.")
    uploads = Files(label="Files", help_text=_FILES)


class OrderRequestForm(forms.Form):
    """A refund request or a complaint about an order that its reader may see."""

    text = _text("What is it about?", "Write in a sentence or two what it is about.")
    uploads = Files(label="Files", help_text=_FILES)


class OrderWithdrawalForm(forms.Form):
    """A withdrawal from an order that its reader may see: from all of it, or so many of some lines. It needs no reason.

    `choices` are the lines that are left, `known` the last withdrawal that the page showed.
    """

    name = forms.CharField(
        label="Your name",
        max_length=120,
        error_messages={"required": "Write your name."},
        validators=[visible_text],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    what = forms.ChoiceField(
        label="What do you withdraw from?",
        choices=WHOLE_OR_PART,
        initial=WHOLE,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of the options shown."},
    )
    known = forms.IntegerField(required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: Sequence[Choice] = (), known: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["known"].initial = known
        self._choices = choices
        if sum(choice.left for choice in choices) < 2:  # one thing is taken as a whole
            del self.fields["what"]
        else:
            self.fields |= {_line(choice): _count(choice) for choice in choices}

    @property
    def counts(self) -> list[BoundField]:
        """The fields that ask how many of a line."""
        return [self[_line(choice)] for choice in self._choices if _line(choice) in self.fields]

    def clean(self) -> dict[str, Any]:
        """With `part`: what is withdrawn from, as a case keeps it. All that is left, line by line, is all of it."""
        data = super().clean() or {}
        data["known"] = data.get("known") or 0
        counts = {choice.number: data.pop(_line(choice), None) or 0 for choice in self._choices}
        is_part = data.pop("what", WHOLE) == PART
        if is_part and not any(counts.values()) and not self.errors:
            self.add_error("what", "Type how many for at least one line, or choose the whole order.")
        is_all = all(counts[choice.number] == choice.left for choice in self._choices)
        data["part"] = parts.spelled(counts) if is_part and not is_all else parts.ALL
        return data


def _line(choice: Choice) -> str:
    return f"line_{choice.number}"


def _count(choice: Choice) -> forms.IntegerField:
    """How many of a line. An empty field takes none of it."""
    unit = "seats" if parts.is_per_seat(choice.line) else "licenses"
    wrong = f"Of {choice.name} {choice.left} can be returned. Type that or less."
    return forms.IntegerField(
        label=f"{choice.name}: how many {unit} of {choice.left}",
        required=False,
        min_value=0,
        max_value=choice.left,
        initial=0,
        error_messages={"invalid": "Type a number.", "max_value": wrong, "min_value": wrong},
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class _WithoutLogin(forms.Form):
    """Who asks, and about which order: neither is believed before the address has confirmed it."""

    name = OrderWithdrawalForm.base_fields["name"]
    stated_order = forms.CharField(
        label="Order number",
        max_length=40,
        help_text="It stands in our mails, as AO-123456.",
        error_messages={"required": "Write the number of the order."},
        validators=[visible_text],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="The one you gave at checkout. Our confirmation goes there.",
        error_messages={"required": "Write your e-mail address.", "invalid": NOT_AN_ADDRESS},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
    )

    def clean_stated_order(self) -> str:
        """As our numbers are written, where it is one."""
        typed = "".join(self.cleaned_data["stated_order"].split()).upper()
        return f"AO-{typed}" if typed.isascii() and typed.isdigit() else typed

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class WithdrawalForm(_WithoutLogin):
    """A withdrawal without login: name, contract, and where the confirmation goes (Directive 2011/83/EU, Art. 11a).

    It doesn't show what was bought, as nobody knows yet who asks: a part is said in words, and a person reads them.
    """

    text = forms.CharField(
        label="Only a part of the order? Say which",
        max_length=500,
        required=False,
        help_text="Leave it empty to withdraw from the whole order.",
        validators=[visible_lines],
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ("name", "stated_order", "email", "text")

    def clean(self) -> dict[str, Any]:
        """With `part`: the whole order, or what the words say."""
        data = super().clean() or {}
        data["part"] = parts.IN_WORDS if data.get("text") else parts.ALL
        return data


class RequestForm(_WithoutLogin):
    """A refund request, a complaint or a question without login."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is.", "invalid_choice": "Choose one of the options shown."},
    )
    text = _text("What is it about?", "Write in a sentence or two what it is about.")
    field_order = ("kind", "stated_order", "name", "email", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stated_order"].required = False
        self.fields["stated_order"].help_text = "If it is about one. It stands in our mails, as AO-123456."
