"""What customers type when they want something of us, and what they add to it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.cases import attachments
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
    """A withdrawal from an order that its reader may see. It needs no reason."""

    name = forms.CharField(
        label="Your name",
        max_length=120,
        error_messages={"required": "Write your name."},
        validators=[visible_text],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
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
    """A withdrawal without login: name, contract, and where the confirmation goes (Directive 2011/83/EU, Art. 11a)."""


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
