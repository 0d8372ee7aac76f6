"""Of a unit that is sold per seat, fewer seats than all can go back; PostgreSQL counts them.

More seats than a unit has, more money than these seats cost, and a unit whose seats don't say what is left are refused at
the commit. The unit's row is locked inside the trigger, so that two refunds of the same unit can't pass together.
"""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION payments_seat_limits() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    one shop_orderunit;
    line shop_orderline;
    touched bigint[];
    gone bigint;
    broken text;
BEGIN
    IF TG_TABLE_NAME = 'payments_refund' THEN
        touched := ARRAY(SELECT unit_id FROM payments_refundunit WHERE refund_id = NEW.id);
    ELSIF TG_TABLE_NAME = 'payments_refundunit' THEN
        touched := ARRAY[NEW.unit_id];
    ELSE
        touched := ARRAY[NEW.id];
    END IF;
    FOR one IN SELECT * FROM shop_orderunit WHERE id = ANY(touched) ORDER BY id FOR NO KEY UPDATE LOOP
        SELECT * INTO line FROM shop_orderline WHERE id = one.line_id;
        SELECT coalesce(sum(coalesce(ru.seats, line.seats)), 0) INTO gone
            FROM payments_refundunit ru JOIN payments_refund r ON r.id = ru.refund_id
            WHERE ru.unit_id = one.id AND r.state <> 'failed';
        IF gone > line.seats THEN
            broken := 'refund_within_seats';
        ELSIF gone < line.seats AND one.seats <> line.seats - gone THEN
            broken := 'orderunit_has_seats_left';
        END IF;
        IF broken IS NOT NULL THEN
            RAISE EXCEPTION 'unit %, of % seats % refunded: %', one.id, line.seats, gone, broken
                USING ERRCODE = 'check_violation', CONSTRAINT = broken;
        END IF;
    END LOOP;
    RETURN NULL;
END $body$;

CREATE FUNCTION payments_refundunit_price() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    line shop_orderline;
    broken text;
BEGIN
    SELECT l.* INTO line FROM shop_orderline l JOIN shop_orderunit u ON u.line_id = l.id WHERE u.id = NEW.unit_id;
    IF line.sold_per <> 'seat' THEN
        broken := 'refundunit_seats_of_what_is_sold_per_seat';
    ELSIF NEW.amount >= line.total * NEW.seats / line.seats
            / (SELECT count(*) FROM shop_orderunit WHERE line_id = line.id) + 0.01 THEN
        broken := 'refund_within_price_of_seats';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'refund % of % seats of unit %: %', NEW.refund_id, NEW.seats, NEW.unit_id, broken
            USING ERRCODE = 'check_violation', CONSTRAINT = broken;
    END IF;
    RETURN NULL;
END $body$;

CREATE CONSTRAINT TRIGGER payments_refund_seats AFTER UPDATE ON payments_refund
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION payments_seat_limits();
CREATE CONSTRAINT TRIGGER payments_refundunit_seats AFTER INSERT OR UPDATE ON payments_refundunit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_seat_limits();
CREATE CONSTRAINT TRIGGER payments_orderunit_seats AFTER UPDATE ON shop_orderunit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.seats IS DISTINCT FROM NEW.seats)
    EXECUTE FUNCTION payments_seat_limits();
CREATE CONSTRAINT TRIGGER payments_refundunit_price AFTER INSERT OR UPDATE ON payments_refundunit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.seats IS NOT NULL)
    EXECUTE FUNCTION payments_refundunit_price();
"""
BACKWARD = """
DROP TRIGGER payments_refund_seats ON payments_refund;
DROP TRIGGER payments_refundunit_seats ON payments_refundunit;
DROP TRIGGER payments_orderunit_seats ON shop_orderunit;
DROP TRIGGER payments_refundunit_price ON payments_refundunit;
DROP FUNCTION payments_seat_limits();
DROP FUNCTION payments_refundunit_price();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0009_aftermath"), ("shop", "0012_room_between_hashes")]

    operations = [
        migrations.AddField(
            model_name="refundunit",
            name="seats",
            field=models.PositiveIntegerField(
                null=True, help_text="Of a unit that is sold per seat, how many go back; empty: all that were bought."
            ),
        ),
        migrations.AddConstraint(
            model_name="refundunit",
            constraint=models.CheckConstraint(
                condition=models.Q(("seats__isnull", True), ("seats__gte", 1), _connector="OR"),
                name="refundunit_has_seats",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
