"""The index of the links' hashes is built with room: see accounts' 0009."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0011_less_to_write_when_the_party_goes")]

    operations = [
        migrations.RunSQL(
            "ALTER INDEX shop_order_link_hash_key SET (fillfactor = 70)",
            "ALTER INDEX shop_order_link_hash_key RESET (fillfactor)",
        )
    ]
