"""PostgreSQL refuses at the commit what would give back more than was taken.

The attempt's row is locked inside the trigger: of two transactions that each would be within the limit, the second waits
for the first and counts its refund.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION payments_refund_limits() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    asked payments_refund;
    paid payments_attempt;
    broken text;
BEGIN
    IF TG_TABLE_NAME = 'payments_refund' THEN
        SELECT * INTO asked FROM payments_refund WHERE id = NEW.id;
    ELSE
        SELECT * INTO asked FROM payments_refund WHERE id = NEW.refund_id;
    END IF;
    IF NOT FOUND OR asked.state = 'failed' THEN
        RETURN NULL;
    END IF;
    SELECT * INTO paid FROM payments_attempt WHERE id = asked.attempt_id FOR NO KEY UPDATE;
    IF paid.state <> 'captured' THEN
        broken := 'refund_of_captured_attempt';
    ELSIF (SELECT sum(amount) FROM payments_refund WHERE attempt_id = paid.id AND state <> 'failed') > paid.amount THEN
        broken := 'refund_within_attempt';
    ELSIF (SELECT coalesce(sum(amount), CASE WHEN asked.kind = 'units' THEN -1 ELSE asked.amount END)
           FROM payments_refundunit WHERE refund_id = asked.id) <> asked.amount THEN
        broken := 'refund_is_sum_of_units';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'refund % of attempt %: %', asked.id, paid.id, broken
            USING ERRCODE = 'check_violation', CONSTRAINT = broken;
    END IF;
    RETURN NULL;
END $body$;

CREATE FUNCTION payments_refundunit_limits() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    paid payments_attempt;
    line shop_orderline;
    given numeric;
BEGIN
    SELECT a.* INTO paid FROM payments_attempt a JOIN payments_refund r ON r.attempt_id = a.id
        WHERE r.id = NEW.refund_id FOR NO KEY UPDATE OF a;
    SELECT l.* INTO line FROM shop_orderline l JOIN shop_orderunit u ON u.line_id = l.id WHERE u.id = NEW.unit_id;
    IF line.order_id <> paid.order_id THEN
        RAISE EXCEPTION 'unit % is not of the order of refund %', NEW.unit_id, NEW.refund_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refundunit_of_same_order';
    END IF;
    SELECT sum(ru.amount) INTO given FROM payments_refundunit ru JOIN payments_refund r ON r.id = ru.refund_id
        WHERE ru.unit_id = NEW.unit_id AND r.state <> 'failed';
    IF given >= line.total / (SELECT count(*) FROM shop_orderunit WHERE line_id = line.id) + 0.01 THEN
        RAISE EXCEPTION 'unit % would get back %', NEW.unit_id, given
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_within_unit';
    END IF;
    RETURN NULL;
END $body$;

CREATE CONSTRAINT TRIGGER payments_refund_limits AFTER INSERT OR UPDATE ON payments_refund
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_refund_limits();
CREATE CONSTRAINT TRIGGER payments_refundunit_sum AFTER INSERT OR UPDATE ON payments_refundunit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_refund_limits();
CREATE CONSTRAINT TRIGGER payments_refundunit_limits AFTER INSERT OR UPDATE ON payments_refundunit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_refundunit_limits();
"""

BACKWARD = """
DROP TRIGGER payments_refund_limits ON payments_refund;
DROP TRIGGER payments_refundunit_sum ON payments_refundunit;
DROP TRIGGER payments_refundunit_limits ON payments_refundunit;
DROP FUNCTION payments_refund_limits();
DROP FUNCTION payments_refundunit_limits();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_state_moves"), ("shop", "0002_state_moves")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
