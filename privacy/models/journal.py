"""How far this database is in the journal of erasures."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class JournalPosition(models.Model):
    """The last line of the journal that this database knows of: the one row of its kind.

    It is written in the transaction that destroys what the line names. So a dump holds the number of the last line
    whose deed it holds as well, and after a restore it is known what has to be done again.
    """

    only = models.BooleanField(primary_key=True, default=True)
    sequence = models.PositiveBigIntegerField(default=0)
    mac = models.CharField(max_length=64, help_text="Digest of that line.")
    written_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [models.CheckConstraint(condition=Q(only=True), name="journalposition_one_row")]

    def __str__(self) -> str:
        return f"Line {self.sequence}"
