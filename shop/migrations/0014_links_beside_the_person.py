"""The link's nonce, the form's token and the day on which the person left move off the order: places for them.

They were the only columns of an order that the sweep wrote: it is wide, and stands in six indexes.
"""

import django.db.models.deletion
from django.db import migrations, models

REMOVED = """
CREATE OR REPLACE FUNCTION shop_orderparty_removed() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    {on_the_order}
    INSERT INTO shop_partyremoval (order_id, removed_at) SELECT order_id, clock_timestamp() FROM gone
        ON CONFLICT (order_id) DO UPDATE SET removed_at = excluded.removed_at;
    RETURN NULL;
END $body$;
"""
WRITTEN = """UPDATE shop_order SET party_removed_at = clock_timestamp(), link_nonce = NULL, checkout_token = NULL
        FROM gone WHERE shop_order.id = gone.order_id;"""
# As 0009 made it.
BEFORE = f"""
CREATE OR REPLACE FUNCTION shop_orderparty_removed() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    {WRITTEN}
    RETURN NULL;
END $body$;
"""

# The foreign key of a removal: it is written of an order that had a party, and goes with the order.
DELETED = """
CREATE FUNCTION shop_order_deleted() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    DELETE FROM shop_partyremoval USING gone WHERE shop_partyremoval.order_id = gone.id;
    RETURN NULL;
END $body$;
CREATE TRIGGER shop_order_deleted AFTER DELETE ON shop_order REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION shop_order_deleted();
"""
NOT_DELETED = "DROP TRIGGER shop_order_deleted ON shop_order; DROP FUNCTION shop_order_deleted();"


class Migration(migrations.Migration):
    dependencies = [("shop", "0013_restricted_parties")]

    operations = [
        migrations.AddField(
            model_name="orderparty", name="link_nonce", field=models.UUIDField(editable=False, null=True)
        ),
        migrations.AddField(
            model_name="orderparty",
            name="checkout_token",
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
        migrations.CreateModel(
            name="PartyRemoval",
            fields=[
                (
                    "order",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="party_removal",
                        serialize=False,
                        to="shop.order",
                    ),
                ),
                ("removed_at", models.DateTimeField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunSQL(REMOVED.format(on_the_order=WRITTEN), BEFORE),
        migrations.RunSQL(DELETED, NOT_DELETED),
    ]
