"""A form field for lists of pairs, typed as lines: `Formulas traced | 120,000 in 6.2 s`."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextareaWidget

SIGN = "|"


class PairsField(forms.CharField):
    """A statement and its figure on each line, with `|` between them; `[["statement", "figure"], ...]` in Python."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("widget", UnfoldAdminTextareaWidget)
        options.setdefault("help_text", "A line each: statement | figure")
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """Pairs as lines; what was typed and refused stays as it was typed."""
        if isinstance(value, list | tuple):
            return "\n".join(f"{statement} {SIGN} {figure}" for statement, figure in value)
        return value

    def to_python(self, value: Any) -> Any:
        """Lines as pairs. Raises ValidationError with a sentence for each line that isn't one."""
        if isinstance(value, list):
            return value
        pairs, errors = [], []
        for number, line in enumerate(str(super().to_python(value)).splitlines(), start=1):
            statement, sign, figure = (part.strip() for part in line.partition(SIGN))
            if statement and figure:
                pairs.append([statement, figure])
            elif statement or sign or figure:
                errors.append(f"Line {number}: write a statement, the sign {SIGN} and its figure.")
        if errors:
            raise forms.ValidationError(errors)
        return pairs

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the pairs differ, however their lines are spaced."""
        try:
            return [list(pair) for pair in initial or []] != self.to_python(data)
        except forms.ValidationError:
            return True
