"""PostgreSQL refuses every move of a state that the tables beside the enums don't have."""

from django.db import migrations

from privacy.transitions import trigger_sql

MOVES = {
    "shop_order": (
        "pending_payment -> paid on_hold cancelled expired;"
        "paid -> on_hold;"
        "on_hold -> paid cancelled;"
        "cancelled -> paid on_hold;"
        "expired -> paid on_hold;"
    ),
    "shop_orderunit": (
        "ordered -> fulfilled backordered refunded;"
        "backordered -> fulfilled refunded;"
        "fulfilled -> refunded;"
        "refunded -> ordered fulfilled backordered;"
    ),
}


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_catalog_and_orders")]

    operations = [migrations.RunSQL(*trigger_sql(db_table, moves)) for db_table, moves in MOVES.items()]
