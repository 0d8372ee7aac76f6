"""Rows that a deletion left whole for now."""

from django.db import migrations, models
from django.db.models import Q

import privacy.clock


class Migration(migrations.Migration):
    dependencies = [("privacy", "0010_looks")]

    operations = [
        migrations.CreateModel(
            name="Remainder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("model", models.CharField(help_text="Label of the model, such as shop.OrderParty.", max_length=80)),
                ("object_id", models.CharField(max_length=255)),
                ("why", models.CharField(max_length=120)),
                ("made_at", models.DateTimeField(default=privacy.clock.now)),
                ("looked_at", models.DateTimeField(default=privacy.clock.now)),
            ],
            options={
                "default_permissions": ("view",),
                "indexes": [models.Index(fields=["looked_at", "id"], name="remainder_next")],
                "constraints": [
                    models.UniqueConstraint(fields=["model", "object_id"], name="remainder_once"),
                    models.CheckConstraint(condition=~Q(why=""), name="remainder_has_reason"),
                ],
            },
        ),
    ]
