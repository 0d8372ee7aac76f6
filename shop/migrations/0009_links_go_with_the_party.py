"""With the party goes what would still tell the shop whose order it was: the link's nonce and the form's token."""

import uuid

from django.db import migrations, models

REMOVED = """
CREATE OR REPLACE FUNCTION shop_orderparty_removed() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    UPDATE shop_order SET party_removed_at = clock_timestamp(){more}
        FROM gone WHERE shop_order.id = gone.order_id;
    RETURN NULL;
END $body$;
"""
NOW, BEFORE = REMOVED.format(more=", link_nonce = NULL, checkout_token = NULL"), REMOVED.format(more="")


class Migration(migrations.Migration):
    dependencies = [("shop", "0008_when_orders_ended")]

    operations = [
        migrations.AlterField(
            model_name="order",
            name="checkout_token",
            field=models.UUIDField(
                default=uuid.uuid4, help_text="Of the form: one form, one order.", null=True, unique=True
            ),
        ),
        migrations.AlterField(
            model_name="order", name="link_nonce", field=models.UUIDField(default=uuid.uuid4, null=True)
        ),
        migrations.RunSQL(NOW, BEFORE),
    ]
