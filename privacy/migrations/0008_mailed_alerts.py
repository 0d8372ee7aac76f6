"""Managers are mailed about alerts, once each."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("privacy", "0007_periods_of_small_tables")]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="mailed_at",
            field=models.DateTimeField(
                blank=True, help_text="When the mail to managers about it was written.", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(("mailed_at__isnull", True)), fields=["id"], name="alert_not_mailed"
            ),
        ),
    ]
