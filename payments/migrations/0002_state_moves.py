"""PostgreSQL refuses every move of a state that the tables beside the enums don't have."""

from django.db import migrations

from privacy.transitions import trigger_sql

MOVES = {
    "payments_attempt": (
        "created -> requires_action processing captured failed expired cancelled;"
        "requires_action -> processing captured failed expired cancelled;"
        "processing -> captured failed;"
        "failed -> processing captured;"
        "expired -> processing captured;"
        "cancelled -> processing captured;"
    ),
    "payments_refund": (
        "requested -> submitted failed;"
        "submitted -> succeeded failed;"
        "succeeded -> failed;"
    ),
}


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_attempts_and_refunds")]

    operations = [
        migrations.RunSQL(*trigger_sql(db_table, moves)) for db_table, moves in MOVES.items()
    ]
