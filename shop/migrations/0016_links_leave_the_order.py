"""The link's nonce, the form's token and the day on which the person left move off the order: the former columns go."""

import uuid

from django.db import migrations, models

# As in 0014, but for the columns. Writing them took the order's lock: the sweep now takes it first of all.
REMOVED = """
CREATE OR REPLACE FUNCTION shop_orderparty_removed() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    {on_the_order}INSERT INTO shop_partyremoval (order_id, removed_at) SELECT order_id, clock_timestamp() FROM gone
        ON CONFLICT (order_id) DO UPDATE SET removed_at = excluded.removed_at;
    RETURN NULL;
END $body$;
"""
WRITTEN = """UPDATE shop_order SET party_removed_at = clock_timestamp(), link_nonce = NULL, checkout_token = NULL
        FROM gone WHERE shop_order.id = gone.order_id;
    """

# The way back: Django makes a constraint of the token's column, where 0011 had made an index.
TOKEN = """
ALTER TABLE shop_order DROP CONSTRAINT shop_order_checkout_token_key;
CREATE UNIQUE INDEX shop_order_checkout_token_key ON shop_order (checkout_token) WHERE checkout_token IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("shop", "0015_links_move_to_the_person")]

    operations = [
        migrations.RunSQL(REMOVED.format(on_the_order=""), REMOVED.format(on_the_order=WRITTEN)),
        migrations.AlterField(
            model_name="orderparty",
            name="link_nonce",
            field=models.UUIDField(default=uuid.uuid4, editable=False),
        ),
        migrations.AlterField(
            model_name="orderparty",
            name="checkout_token",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, TOKEN),
        # Without a default, so that on the way back nothing is put into the columns but what was moved.
        migrations.AlterField(
            model_name="order", name="checkout_token", field=models.UUIDField(null=True, unique=True)
        ),
        migrations.AlterField(model_name="order", name="link_nonce", field=models.UUIDField(null=True)),
        migrations.RemoveField(model_name="order", name="checkout_token"),
        migrations.RemoveField(model_name="order", name="link_nonce"),
        migrations.RemoveField(model_name="order", name="party_removed_at"),
    ]
