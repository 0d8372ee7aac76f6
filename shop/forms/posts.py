"""What an author types: a review, a question or a comment; and what a visitor reports."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from shop.forms.checkout import visible_text
from shop.models import Post, PostAuthor, PostReport
from shop.posts import names
from shop.posts.writing import Words

_LONGEST_NAME = PostAuthor._meta.get_field("shown_as").max_length
_LONGEST = {"title": Post.LONGEST_TITLE, "text": Post.LONGEST_TEXT, "shown_as": _LONGEST_NAME or 0}


def visible_lines(value: str) -> None:
    """As `visible_text`, for texts of several lines."""
    for line in value.splitlines():
        visible_text(line.replace("\t", " "))


def seen(value: str) -> None:
    """Refuses what nobody could see."""
    if not names.is_visible(value):
        raise ValidationError("Nothing of this can be seen. Write letters, digits or signs.")


def not_ours(value: str) -> None:
    """Refuses a name that others could take for the shop's."""
    if names.is_like_ours(value):
        raise ValidationError("This could be taken for our own name. Choose another one.")


class PostForm(forms.Form):
    """A question or a comment.

    What is longer than allowed is kept as far as it fits, and a sentence says so: nobody types a page twice, and no
    megabyte is sent back.
    """

    text = forms.CharField(
        label="Your words",
        help_text="Everybody can read them. Leave out names, addresses and keys. Links don’t become clickable.",
        validators=[visible_lines, seen],
        error_messages={"required": "Write a few words."},
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    shown_as = forms.CharField(
        label="Name to show",
        help_text="Your first name, or any other. We never show the name of your account or order.",
        validators=[visible_text, seen, not_ours],
        error_messages={"required": "Write the name to show."},
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    wish = forms.ChoiceField(
        label="When you close your account, or ask for deletion",
        choices=PostAuthor.Wish.choices,
        initial=PostAuthor.Wish.ERASE,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the two.", "invalid_choice": "Choose one of the two."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._was_long: dict[str, int] = {}
        if self.is_bound:
            self.data = self.data.copy()  # type: ignore[attr-defined]
            for name in self.fields.keys() & _LONGEST.keys():
                self._cut(name)

    def _cut(self, name: str) -> None:
        typed = str(self.data.get(name, "")).replace("\r\n", "\n").strip()
        self.data[name] = typed[: _LONGEST[name]]  # type: ignore[index]
        if len(typed) > _LONGEST[name]:
            self._was_long[name] = len(typed)

    def clean(self) -> dict[str, Any]:
        for name, length in self._was_long.items():
            most = _LONGEST[name]
            self.add_error(
                name,
                ValidationError(
                    f"You wrote {length:,} characters, and {most:,} fit. The first {most:,} are kept here: shorten "
                    "them to what matters most, then send it again."
                ),
            )
        return super().clean() or {}

    def words(self) -> Words:
        """What was typed, once the form is valid."""
        data = self.cleaned_data
        return Words(
            text=data["text"],
            shown_as=data["shown_as"],
            title=data.get("title", ""),
            stars=data.get("stars"),
            wish=data["wish"],
        )


class ReviewForm(PostForm):
    """A review: stars, title and words."""

    stars = forms.TypedChoiceField(
        label="Stars",
        coerce=int,
        choices=[(5, "5 of 5"), (4, "4 of 5"), (3, "3 of 5"), (2, "2 of 5"), (1, "1 of 5")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how many stars.", "invalid_choice": "Choose one to five stars."},
    )
    title = forms.CharField(
        label="Title",
        validators=[visible_text, seen],
        error_messages={"required": "Write a title."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ReportForm(forms.Form):
    """Why a visitor thinks that something must not stand there."""

    reason = forms.ChoiceField(
        label="What is wrong with it",
        choices=PostReport.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is wrong.", "invalid_choice": "Choose one of the reasons shown."},
    )
