"""A license has as many seats as its unit: PostgreSQL refuses at the commit that one changes without the other."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION accounts_license_seats() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    of_unit bigint;
BEGIN
    IF TG_TABLE_NAME = 'shop_orderunit' THEN
        of_unit := NEW.id;
    ELSE
        of_unit := NEW.unit_id;
    END IF;
    IF EXISTS (
        SELECT 1 FROM accounts_license l JOIN shop_orderunit u ON u.id = l.unit_id
        WHERE u.id = of_unit AND l.seats <> u.seats
    ) THEN
        RAISE EXCEPTION 'the license of unit % has other seats', of_unit
            USING ERRCODE = 'check_violation', CONSTRAINT = 'license_has_seats_of_its_unit';
    END IF;
    RETURN NULL;
END $body$;

CREATE CONSTRAINT TRIGGER accounts_orderunit_seats AFTER UPDATE ON shop_orderunit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.seats IS DISTINCT FROM NEW.seats)
    EXECUTE FUNCTION accounts_license_seats();
CREATE CONSTRAINT TRIGGER accounts_license_seats AFTER UPDATE ON accounts_license
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.unit_id IS NOT NULL AND OLD.seats IS DISTINCT FROM NEW.seats)
    EXECUTE FUNCTION accounts_license_seats();
"""
BACKWARD = """
DROP TRIGGER accounts_orderunit_seats ON shop_orderunit;
DROP TRIGGER accounts_license_seats ON accounts_license;
DROP FUNCTION accounts_license_seats();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_room_between_hashes"), ("shop", "0012_room_between_hashes")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
