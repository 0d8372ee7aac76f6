"""How far the sweep is, and by which period."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from privacy import clock


class RetentionPeriod(models.Model):
    """One rule of retention: the period in force, how far the sweep is, and when it last ran.

    `period` is what all rows were computed with; `target` is set while they are computed anew, and is what new rows are
    computed with meanwhile. Every row whose `(at, primary key)` is not above the watermark is gone already. Triggers
    read and lower this row (`privacy.retention.triggers`), so its columns are an interface.
    """

    rule = models.CharField(max_length=120, unique=True, help_text="Model and date column: shop.OrderParty.expires_at.")
    model = models.CharField(max_length=80)
    db_table = models.CharField(max_length=63)
    at_column = models.CharField(max_length=63)
    pk_column = models.CharField(max_length=63)
    period = models.JSONField(null=True, blank=True, help_text="Empty: the dates were never computed.")
    target = models.JSONField(null=True, blank=True, help_text="Set while the dates are computed anew.")
    computed_to = models.CharField(max_length=255, blank=True, help_text="The last primary key computed anew.")
    watermark_at = models.DateTimeField(null=True, blank=True)
    watermark_id = models.CharField(max_length=255, blank=True)
    known_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True, help_text="Of the last run, however it ended.")
    succeeded_at = models.DateTimeField(null=True, blank=True)
    removed = models.PositiveBigIntegerField(default=0, help_text="Rows in the last run.")

    class Meta:
        ordering: ClassVar = ["rule"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(period__isnull=False) | Q(target__isnull=False), name="retentionperiod_period_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["model"], name="retentionperiod_model")]

    def __str__(self) -> str:
        return self.rule
