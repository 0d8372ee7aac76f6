"""A party that a deletion request restricted says since when, and belongs to no account."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("shop", "0012_room_between_hashes")]

    operations = [
        migrations.AddField(
            model_name="orderparty",
            name="restricted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="orderparty",
            constraint=models.CheckConstraint(
                condition=Q(restricted_at__isnull=True) | Q(user__isnull=True),
                name="orderparty_restricted_is_nobodys_account",
            ),
        ),
    ]
