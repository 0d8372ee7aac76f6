"""Numbers and hashes are compared whole: the second index that Django gives to unique text, for LIKE, is never read.

Each index costs every order, and every order again when its person leaves.
"""

from django.db import migrations

UNREAD = {
    "shop_order_number_d6408b6d_like": "shop_order (number varchar_pattern_ops)",
    "shop_order_link_hash_cfab9ba8_like": "shop_order (link_hash varchar_pattern_ops)",
}


class Migration(migrations.Migration):
    dependencies = [("shop", "0009_links_go_with_the_party")]

    operations = [
        migrations.RunSQL(f"DROP INDEX IF EXISTS {name}", f"CREATE INDEX {name} ON {columns}")
        for name, columns in UNREAD.items()
    ]
