"""When the person of an order goes: dates of the party, written by PostgreSQL from the facts of the order."""

from django.db import migrations, models

# One definition for insert, change of the order, hold and recomputation. What was captured is kept for the order's
# period, else the person goes some days after the order ended (or its time to pay did). The address goes days after the
# payment, but a business's receipt keeps it; what is cleared already has no date.
PARTY = """
CREATE FUNCTION shop_orderparty_periods() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    bought record;
    was shop_orderparty%ROWTYPE;
    whole jsonb := privacy_period('shop.OrderParty.expires_at');
    row_ends timestamptz;
    address_ends timestamptz;
    browser_ends timestamptz;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        was := OLD;
    END IF;
    SELECT placed_at, coalesce(paid_at, captured_at) AS captured_at, coalesce(ended_at, expires_at) AS ended_at, is_business
        INTO bought FROM shop_order WHERE id = NEW.order_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'shop_orderparty: order % must be written before its party', NEW.order_id
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'shop_orderparty_periods';
    END IF;
    IF bought.captured_at IS NOT NULL THEN
        row_ends := privacy_period_end(bought.placed_at, whole);
    ELSE
        row_ends := privacy_period_end(bought.ended_at, whole -> 'unless');
    END IF;
    IF NOT bought.is_business AND NEW.street || NEW.postal_code || NEW.city || NEW.region <> '' THEN
        address_ends := privacy_period_end(bought.captured_at, privacy_period('shop.OrderParty.address_expires_at'));
    END IF;
    IF NEW.browser_family <> '' THEN
        browser_ends := privacy_period_end(bought.placed_at, privacy_period('shop.OrderParty.browser_expires_at'));
    END IF;
    NEW.expires_at := privacy_watch('shop.OrderParty.expires_at', was.expires_at,
        privacy_held('shop.OrderParty', NEW.id::text, row_ends));
    NEW.address_expires_at := privacy_watch('shop.OrderParty.address_expires_at', was.address_expires_at,
        privacy_held('shop.OrderParty', NEW.id::text, address_ends));
    NEW.browser_expires_at := privacy_watch('shop.OrderParty.browser_expires_at', was.browser_expires_at,
        privacy_held('shop.OrderParty', NEW.id::text, browser_ends));
    RETURN NEW;
END $body$;
CREATE TRIGGER shop_orderparty_periods BEFORE INSERT OR UPDATE ON shop_orderparty
    FOR EACH ROW EXECUTE FUNCTION shop_orderparty_periods();
"""

# The moment at which an order ends is written where the code that ends it didn't.
ENDED = """
CREATE FUNCTION shop_order_ended() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NEW.state NOT IN ('expired', 'cancelled', 'on_hold') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        NEW.ended_at := coalesce(NEW.ended_at, clock_timestamp());
    ELSIF NEW.state <> OLD.state AND NEW.ended_at IS NOT DISTINCT FROM OLD.ended_at THEN
        NEW.ended_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $body$;
CREATE TRIGGER shop_order_ended BEFORE INSERT OR UPDATE ON shop_order
    FOR EACH ROW EXECUTE FUNCTION shop_order_ended();
"""

# The party's own trigger computes; this one only sees that it has to.
ORDER = """
CREATE FUNCTION shop_order_moves_periods() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF (NEW.placed_at, NEW.paid_at, NEW.captured_at, NEW.ended_at, NEW.expires_at, NEW.is_business) IS DISTINCT FROM
        (OLD.placed_at, OLD.paid_at, OLD.captured_at, OLD.ended_at, OLD.expires_at, OLD.is_business)
    THEN
        UPDATE shop_orderparty SET expires_at = expires_at WHERE order_id = NEW.id;
    END IF;
    RETURN NULL;
END $body$;
CREATE TRIGGER shop_order_moves_periods AFTER UPDATE ON shop_order
    FOR EACH ROW EXECUTE FUNCTION shop_order_moves_periods();
"""

# Once a statement, not once a row: a batch of the sweep removes thousands.
REMOVED = """
CREATE FUNCTION shop_orderparty_removed() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    UPDATE shop_order SET party_removed_at = clock_timestamp() FROM gone WHERE shop_order.id = gone.order_id;
    RETURN NULL;
END $body$;
CREATE TRIGGER shop_orderparty_removed AFTER DELETE ON shop_orderparty REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION shop_orderparty_removed();
"""


def _drop(name: str, table: str) -> str:
    return f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();"


class Migration(migrations.Migration):
    dependencies = [("shop", "0005_order_number"), ("privacy", "0004_retention")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="ended_at",
            field=models.DateTimeField(
                blank=True, help_text="When it last expired, was cancelled or was put on hold.", null=True
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="captured_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When money first arrived, also where the order was held and isn't paid.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="party_removed_at",
            field=models.DateTimeField(blank=True, help_text="When the person left this order.", null=True),
        ),
        migrations.AddField(
            model_name="orderparty",
            name="expires_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="orderparty",
            name="address_expires_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="orderparty",
            name="browser_expires_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="orderparty",
            index=models.Index(fields=["expires_at", "id"], name="orderparty_due"),
        ),
        migrations.AddIndex(
            model_name="orderparty",
            index=models.Index(fields=["address_expires_at", "id"], name="orderparty_address_due"),
        ),
        migrations.AddIndex(
            model_name="orderparty",
            index=models.Index(fields=["browser_expires_at", "id"], name="orderparty_browser_due"),
        ),
        migrations.RunSQL(PARTY, _drop("shop_orderparty_periods", "shop_orderparty")),
        migrations.RunSQL(ENDED, _drop("shop_order_ended", "shop_order")),
        migrations.RunSQL(ORDER, _drop("shop_order_moves_periods", "shop_order")),
        migrations.RunSQL(REMOVED, _drop("shop_orderparty_removed", "shop_orderparty")),
    ]
