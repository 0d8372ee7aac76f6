"""Order numbers count up; a gap is possible and means nothing (receipts have gapless numbers of their own, later)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0004_order_verbs")]

    operations = [migrations.RunSQL("CREATE SEQUENCE shop_order_number START 4001", "DROP SEQUENCE shop_order_number")]
