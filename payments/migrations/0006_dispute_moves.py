"""PostgreSQL refuses moves of a dispute that its table doesn't have, and refunds of money that a dispute withdrew.

Only what is asked for anew is refused: what a provider did is written down, whatever it is. The function replaces that
of 0003, with two more limits: the withdrawn money, and for refunds of tax the order's tax.
"""

from django.db import migrations

from privacy.transitions import trigger_sql

LIMITS = """
CREATE OR REPLACE FUNCTION payments_refund_limits() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    asked payments_refund;
    paid payments_attempt;
    given numeric;
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
    SELECT sum(amount) INTO given FROM payments_refund WHERE attempt_id = paid.id AND state <> 'failed';
    IF paid.state <> 'captured' THEN
        broken := 'refund_of_captured_attempt';
    ELSIF given > paid.amount THEN
        broken := 'refund_within_attempt';
    ELSIF asked.state = 'requested' AND given + (
        SELECT coalesce(sum(withdrawn), 0) FROM payments_dispute WHERE attempt_id = paid.id
    ) > paid.amount AND TG_OP = 'INSERT' THEN
        broken := 'refund_within_what_disputes_left';
    ELSIF asked.kind = 'tax' AND (
        SELECT sum(r.tax) FROM payments_refund r JOIN payments_attempt a ON a.id = r.attempt_id
        WHERE a.order_id = paid.order_id AND r.state <> 'failed'
    ) > (SELECT tax FROM shop_order WHERE id = paid.order_id) THEN
        broken := 'refund_of_tax_within_order';
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
"""
EARLIER_LIMITS = """
CREATE OR REPLACE FUNCTION payments_refund_limits() RETURNS trigger LANGUAGE plpgsql AS $body$
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
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_disputes_and_statements")]

    operations = [
        migrations.RunSQL(*trigger_sql("payments_dispute", "open -> won lost; lost -> won")),
        migrations.RunSQL(LIMITS, EARLIER_LIMITS),
    ]
