"""An order whose person leaves is written once more: fewer indexes get an entry for it, and no trigger looks in vain."""

import django.db.models.deletion
from django.db import migrations, models

# Django's unique columns are constraints, which can't leave rows out. The name stays.
TOKEN = """
ALTER TABLE shop_order DROP CONSTRAINT shop_order_checkout_token_key;
CREATE UNIQUE INDEX shop_order_checkout_token_key ON shop_order (checkout_token) WHERE checkout_token IS NOT NULL;
"""
WHOLE_TOKEN = """
DROP INDEX shop_order_checkout_token_key;
ALTER TABLE shop_order ADD CONSTRAINT shop_order_checkout_token_key UNIQUE (checkout_token);
"""

# Compared before the function is called: what it waits for are moments, whose columns keep their type.
PERIODS = """
DROP TRIGGER shop_order_moves_periods ON shop_order;
CREATE TRIGGER shop_order_moves_periods AFTER UPDATE ON shop_order FOR EACH ROW {when}
    EXECUTE FUNCTION shop_order_moves_periods();
"""
MOVED = """WHEN (
    (NEW.placed_at, NEW.paid_at, NEW.captured_at, NEW.ended_at, NEW.expires_at, NEW.is_business) IS DISTINCT FROM
    (OLD.placed_at, OLD.paid_at, OLD.captured_at, OLD.ended_at, OLD.expires_at, OLD.is_business)
)"""


class Migration(migrations.Migration):
    dependencies = [("shop", "0010_no_indexes_for_like")]

    operations = [
        migrations.AlterField(
            model_name="order",
            name="terms",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="shop.pageversion",
            ),
        ),
        migrations.RunSQL(TOKEN, WHOLE_TOKEN),
        migrations.RunSQL(PERIODS.format(when=MOVED), PERIODS.format(when="")),
    ]
