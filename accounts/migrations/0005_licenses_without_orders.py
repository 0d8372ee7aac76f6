"""When a license leaves its order, nothing of it may tell any more which order that was."""

from typing import Any

from django.db import migrations

from shop.orders import keys_hash, token_of

# Order and license were written in the same second: the license keeps the days alone. Its end is rounded up, so that
# nobody loses an hour. The comparison stands inside, because `UPDATE OF` blocks later changes of the column's type.
MOMENTS = """
CREATE FUNCTION {table}_leaves_order() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF OLD.unit_id IS NOT NULL AND NEW.unit_id IS NULL THEN
        {act}
    END IF;
    RETURN NEW;
END $body$;
CREATE TRIGGER {table}_leaves_order BEFORE UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_leaves_order();
"""
LICENSE = """NEW.starts_at := date_trunc('day', NEW.starts_at, 'UTC');
        NEW.ends_at := date_trunc('day', NEW.ends_at + interval '24 hours' - interval '1 microsecond', 'UTC');"""
KEY = """NEW.assigned_at := date_trunc('day', NEW.assigned_at, 'UTC');
        NEW.opened_at := date_trunc('day', NEW.opened_at, 'UTC');"""


def _trigger(table: str, act: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        MOMENTS.format(table=table, act=act),
        f"DROP TRIGGER {table}_leaves_order ON {table}; DROP FUNCTION {table}_leaves_order();",
    )


def remember_by_another_hash(apps: Any, _editor: Any) -> None:
    """Licenses that were made before remember the order's own hash: from now on, another one of the same link."""
    for granted in apps.get_model("accounts", "License").objects.filter(unit__isnull=False).iterator():
        order = granted.unit.line.order
        granted.link_hash = keys_hash(token_of(order.link_nonce, order.link_hash)) if order.link_nonce else ""
        granted.save(update_fields=["link_hash"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_key_pools"), ("shop", "0009_links_go_with_the_party")]

    operations = [
        _trigger("accounts_license", LICENSE),
        _trigger("accounts_licensekey", KEY),
        migrations.RunPython(remember_by_another_hash, migrations.RunPython.noop),
    ]
