"""PostgreSQL refuses every move of a VAT check that the table beside its states doesn't have."""

from django.db import migrations

from privacy.transitions import trigger_sql


class Migration(migrations.Migration):
    dependencies = [("shop", "0018_tax_and_currencies")]

    operations = [migrations.RunSQL(*trigger_sql("shop_vatcheck", "pending -> valid invalid given_up; given_up -> pending"))]
