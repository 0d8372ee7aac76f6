"""Orders that had ended before the moment was kept take it from their story."""

from django.db import migrations

ENDED = """
UPDATE shop_order SET ended_at = last.at
FROM (SELECT order_id, max(at) AS at FROM shop_orderevent WHERE kind IN ('expired', 'cancelled', 'held') GROUP BY order_id)
    AS last
WHERE shop_order.id = last.order_id AND state IN ('expired', 'cancelled', 'on_hold') AND ended_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("shop", "0007_more_of_the_story")]

    operations = [migrations.RunSQL(ENDED, migrations.RunSQL.noop)]
