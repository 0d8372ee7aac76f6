"""PostgreSQL refuses every move of a state that the tables beside the enums don't have."""

from django.db import migrations

from privacy.transitions import trigger_sql

MOVES = {
    "accounts_licensekey": (
        "available -> reserved assigned void;"
        "reserved -> available assigned;"
        "assigned -> suspended revoked available;"
        "suspended -> assigned revoked available;"
        "revoked -> assigned;"
    ),
}


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_licenses")]

    operations = [
        migrations.RunSQL(*trigger_sql(db_table, moves)) for db_table, moves in MOVES.items()
    ]
