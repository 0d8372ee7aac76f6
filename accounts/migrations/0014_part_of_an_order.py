"""A withdrawal may be from a part of an order; from all of it there is one, as before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_cases"), ("shop", "0021_posts")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="part",
            field=models.CharField(
                blank=True, db_default="", help_text="Of a withdrawal: empty for the whole order.", max_length=400
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(kind="withdrawal", part="")
                & ~models.Q(state="unproven")
                & ~models.Q(outcome__in=["repeated", "unproven"]),
                fields=("order",),
                name="case_one_withdrawal_of_all",
            ),
        ),
        migrations.RemoveConstraint(model_name="case", name="case_one_withdrawal_per_order"),
    ]
