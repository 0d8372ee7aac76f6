"""What a deletion had to leave whole for a while."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from privacy import clock


class Remainder(models.Model):
    """A row that a deletion left as it is, restricted, because something still needs it: a legal hold, an open refund.

    It names the row by its key, and says why in a word. When nothing needs the row any more it is erased by the same
    rules, and this goes. `looked_at` is when that was last asked.
    """

    model = models.CharField(max_length=80, help_text="Label of the model, such as shop.OrderParty.")
    object_id = models.CharField(max_length=255)
    why = models.CharField(max_length=120)
    made_at = models.DateTimeField(default=clock.now)
    looked_at = models.DateTimeField(default=clock.now)

    class Meta:
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["model", "object_id"], name="remainder_once"),
            models.CheckConstraint(condition=~Q(why=""), name="remainder_has_reason"),
        ]
        indexes: ClassVar = [models.Index(fields=["looked_at", "id"], name="remainder_next")]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"
