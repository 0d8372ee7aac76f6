"""An order knows when its money first arrived: also one that is held, whose state doesn't say so.

Whether a person is kept for the order's period or for 30 days depends on it, so PostgreSQL writes it.
"""

from django.db import migrations

CAPTURED = """
CREATE FUNCTION payments_attempt_captures() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NEW.state = 'captured' THEN
        UPDATE shop_order SET captured_at = NEW.captured_at WHERE id = NEW.order_id AND captured_at IS NULL;
    END IF;
    RETURN NULL;
END $body$;
CREATE TRIGGER payments_attempt_captures AFTER INSERT OR UPDATE ON payments_attempt
    FOR EACH ROW EXECUTE FUNCTION payments_attempt_captures();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_dispute_moves"), ("shop", "0006_party_periods")]

    operations = [
        migrations.RunSQL(
            CAPTURED,
            "DROP TRIGGER payments_attempt_captures ON payments_attempt; DROP FUNCTION payments_attempt_captures();",
        ),
        # Of orders that were captured before; the trigger on shop_order brings their parties along.
        migrations.RunSQL(
            """
            UPDATE shop_order SET captured_at = first.at
            FROM (SELECT order_id, min(captured_at) AS at FROM payments_attempt WHERE state = 'captured' GROUP BY order_id)
                AS first
            WHERE shop_order.id = first.order_id
            """,
            migrations.RunSQL.noop,
        ),
    ]
