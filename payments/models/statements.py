"""How far the providers' own lists have been compared with our books."""

from typing import ClassVar

from django.db import models


class Statement(models.Model):
    """What is known of a provider's statement: until when it was compared, entry by entry and day by day.

    `is_blind`: the account has no such list. Then each payment that we know is asked for, and money that we know
    nothing of can't be seen.
    """

    provider = models.CharField(max_length=20, unique=True)
    compared_until = models.DateTimeField(help_text="Every entry before this moment is in our books, or has an alert.")
    balanced_until = models.DateField(help_text="The first day (UTC) whose totals weren't compared yet.")
    is_blind = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["provider"]

    def __str__(self) -> str:
        return f"Statement of {self.provider}"
