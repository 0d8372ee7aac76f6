"""Payments that providers are to be asked to erase, and a way from a payment's id to the messages about it."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import privacy.clock
from privacy.retention import triggers


class Migration(migrations.Migration):
    dependencies = [("payments", "0011_aftermath_once_a_statement"), ("privacy", "0011_remainders")]

    operations = [
        migrations.CreateModel(
            name="RedactionItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(help_text="As the provider's file names it.", max_length=20)),
                ("value", models.CharField(blank=True, max_length=255)),
                ("job", models.CharField(blank=True, max_length=255)),
                ("made_at", models.DateTimeField(default=privacy.clock.now)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="payments.attempt"
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="privacy.deletionstep"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["expires_at", "id"], name="redactionitem_expires")],
                "constraints": [
                    models.UniqueConstraint(fields=("step", "attempt", "kind"), name="redactionitem_once"),
                    models.CheckConstraint(
                        condition=Q(done_at__isnull=False, value="", job="")
                        | Q(done_at__isnull=True) & ~Q(value=""),
                        name="redactionitem_done_keeps_nothing",
                    ),
                ],
            },
        ),
        triggers.period(
            "payments_redactionitem", model="payments.RedactionItem", at="expires_at", since="NEW.done_at"
        ),
        migrations.AddIndex(
            model_name="webhookevent",
            index=models.Index(condition=~Q(object_id=""), fields=["object_id"], name="webhookevent_object"),
        ),
    ]
