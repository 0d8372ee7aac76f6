import django.db.models.deletion
import privacy.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("privacy", "0001_mails_and_alerts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40)),
                ("version", models.CharField(max_length=20)),
                ("digest", models.CharField(help_text="SHA-256 of the words, in hex.", max_length=64)),
                ("given_at", models.DateTimeField(default=privacy.clock.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end", models.CharField(blank=True, choices=[("withdrawn", "taken back"), ("replaced", "replaced by a newer text"), ("account", "the account ended")], max_length=10)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("user", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="consents", to=settings.AUTH_USER_MODEL)),
            ],
            options={"ordering": ["-given_at", "-id"]},
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(condition=models.Q(("ended_at__isnull", True)), fields=("user", "key"), name="consent_one_open_per_purpose"),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end", ""), ("ended_at__isnull", True), ("expires_at__isnull", True)),
                    models.Q(("end__in", ["withdrawn", "replaced", "account"]), ("ended_at__gte", models.F("given_at")), ("expires_at__isnull", False)),
                    _connector="OR",
                ),
                name="consent_end_is_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(fields=["expires_at", "id"], name="consent_expires"),
        ),
    ]
