"""The link of an export ends by the sweep's own trigger."""

from django.db import migrations

from privacy.retention import triggers


class Migration(migrations.Migration):
    dependencies = [("privacy", "0005_policy_versions")]

    operations = [
        triggers.period("privacy_export", model="privacy.Export", at="expires_at", since="NEW.finished_at"),
    ]
