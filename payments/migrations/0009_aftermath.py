"""What is written about an order after its person has left it has a row by which it goes again."""

import django.db.models.deletion
from django.db import migrations, models

import privacy.clock
from privacy.retention import triggers

OF = """
CREATE FUNCTION payments_aftermath_of(late_order bigint) RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    INSERT INTO payments_aftermath (order_id, written_at)
        SELECT id, clock_timestamp() FROM shop_order WHERE id = late_order AND party_removed_at IS NOT NULL
        ON CONFLICT (order_id) DO UPDATE SET written_at = excluded.written_at;
END $body$;
"""

# The cuts of the sweep are writes as well: those of a party come before the order remembers that it is gone, those of an
# aftermath before its own row is deleted.
WATCH = """
CREATE FUNCTION {table}_aftermath() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM payments_aftermath_of({order});
    RETURN NULL;
END $body$;
CREATE TRIGGER {table}_aftermath AFTER INSERT OR UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_aftermath();
"""
OF_ATTEMPT = "(SELECT order_id FROM payments_attempt WHERE id = NEW.attempt_id)"
ORDERS = {
    "shop_orderevent": "NEW.order_id",
    "shop_orderhold": "NEW.order_id",
    "payments_reference": OF_ATTEMPT,
    "payments_refund": OF_ATTEMPT,
    "payments_dispute": OF_ATTEMPT,
}

# What isn't final is needed until it is; whoever ends it writes it, and so this date.
SINCE = """
CASE WHEN NOT EXISTS (
    SELECT FROM payments_refund JOIN payments_attempt ON payments_attempt.id = attempt_id
    WHERE order_id = NEW.order_id AND payments_refund.state IN ('requested', 'submitted')
) AND NOT EXISTS (
    SELECT FROM payments_dispute JOIN payments_attempt ON payments_attempt.id = attempt_id
    WHERE order_id = NEW.order_id AND payments_dispute.state = 'open'
) AND NOT EXISTS (
    SELECT FROM shop_orderhold WHERE order_id = NEW.order_id AND released_at IS NULL
) THEN NEW.written_at END
"""

BEFORE = """
SELECT payments_aftermath_of(id) FROM shop_order WHERE party_removed_at IS NOT NULL AND (
    EXISTS (SELECT FROM shop_orderevent WHERE order_id = shop_order.id)
    OR EXISTS (SELECT FROM shop_orderhold WHERE order_id = shop_order.id)
    OR EXISTS (SELECT FROM payments_attempt WHERE order_id = shop_order.id)
)
"""


def _watch(table: str, order: str) -> migrations.RunSQL:
    drop = f"DROP TRIGGER {table}_aftermath ON {table}; DROP FUNCTION {table}_aftermath();"
    return migrations.RunSQL(WATCH.format(table=table, order=order), drop)


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0008_periods_of_small_tables"),
        ("shop", "0011_less_to_write_when_the_party_goes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Aftermath",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "written_at",
                    models.DateTimeField(default=privacy.clock.now, help_text="When the last of it was written."),
                ),
                ("expires_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="aftermath", to="shop.order"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["expires_at", "id"], name="aftermath_due")],
            },
        ),
        triggers.period("payments_aftermath", model="payments.Aftermath", at="expires_at", since=SINCE.strip()),
        migrations.RunSQL(OF, "DROP FUNCTION payments_aftermath_of(bigint);"),
        *(_watch(table, order) for table, order in ORDERS.items()),
        migrations.RunSQL(BEFORE, migrations.RunSQL.noop),
    ]
