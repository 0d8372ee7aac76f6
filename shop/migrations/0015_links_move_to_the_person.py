"""The link's nonce, the form's token and the day on which the person left move off the order: the values."""

from django.db import migrations

FORWARD = """
UPDATE shop_orderparty SET link_nonce = shop_order.link_nonce, checkout_token = shop_order.checkout_token
    FROM shop_order WHERE shop_order.id = shop_orderparty.order_id;
INSERT INTO shop_partyremoval (order_id, removed_at)
    SELECT id, party_removed_at FROM shop_order WHERE party_removed_at IS NOT NULL ON CONFLICT DO NOTHING;
"""
BACK = """
UPDATE shop_order SET link_nonce = shop_orderparty.link_nonce, checkout_token = shop_orderparty.checkout_token
    FROM shop_orderparty WHERE shop_orderparty.order_id = shop_order.id;
UPDATE shop_order SET party_removed_at = removed_at
    FROM shop_partyremoval WHERE shop_partyremoval.order_id = shop_order.id;
DELETE FROM shop_partyremoval;
"""


class Migration(migrations.Migration):
    dependencies = [("shop", "0014_links_beside_the_person")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
