"""Who of the staff looked at whose data, for a year."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import privacy.clock
from privacy.retention import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0009_deletion_requests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(help_text="The staff member's role when they looked.", max_length=150)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("order", "an order"),
                            ("customer", "the account"),
                            ("license", "a license"),
                            ("payment", "a payment"),
                            ("case", "a case"),
                            ("deletion", "a deletion request"),
                            ("search", "a search"),
                            ("export", "a copy of the data"),
                            ("other", "another record"),
                        ],
                        max_length=10,
                    ),
                ),
                ("model", models.CharField(help_text="Label of the model, such as shop.OrderParty.", max_length=80)),
                ("object_id", models.CharField(blank=True, help_text="Empty for a search.", max_length=64)),
                ("purpose", models.CharField(max_length=200)),
                ("at", models.DateTimeField(default=privacy.clock.now)),
                ("expires_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["model", "object_id"], name="look_of_row"),
                    models.Index(fields=["at"], name="look_at"),
                    models.Index(fields=["expires_at", "id"], name="look_due"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("purpose", ""), _negated=True), name="look_has_purpose"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "search"), models.Q(("object_id", ""), _negated=True), _connector="OR"
                        ),
                        name="look_names_row_or_searches",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "order",
                                    "customer",
                                    "license",
                                    "payment",
                                    "case",
                                    "deletion",
                                    "search",
                                    "export",
                                    "other",
                                ],
                            )
                        ),
                        name="look_kind_known",
                    ),
                ],
            },
        ),
        triggers.period("privacy_look", model="privacy.Look", at="expires_at", since="NEW.at"),
    ]
