"""What the sweep, and each purchase, writes into the indexes of licenses and keys, and the calls of a trigger in vain.

A license is looked up by its link's hash only when it has left its order: until then it stands in no such index, and
then in one of another kind, which keeps four bytes of a hash instead of the text. Keys are looked up by their edition
where they are stock; what was sold is found by its license or unit.
"""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

# The index that Django made of `db_index`, as 0009 left it, comes back with its room.
ROOM = "ALTER INDEX accounts_license_link_hash_926f1f7e SET (fillfactor = 70)"

MOVES = """
DROP TRIGGER accounts_licensekey_state_moves ON accounts_licensekey;
CREATE TRIGGER accounts_licensekey_state_moves BEFORE UPDATE ON accounts_licensekey FOR EACH ROW {when}
    EXECUTE FUNCTION accounts_licensekey_state_moves();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_seats_of_the_unit")]

    operations = [
        migrations.RunSQL(migrations.RunSQL.noop, ROOM),
        migrations.AlterField(
            model_name="license", name="link_hash", field=models.CharField(blank=True, max_length=64)
        ),
        migrations.AddIndex(
            model_name="license",
            index=django.contrib.postgres.indexes.HashIndex(
                fields=["link_hash"], condition=Q(unit__isnull=True), name="license_of_link"
            ),
        ),
        migrations.AlterField(
            model_name="licensekey",
            name="edition",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="license_keys",
                to="shop.edition",
            ),
        ),
        migrations.RunSQL(
            MOVES.format(when="WHEN (OLD.state IS DISTINCT FROM NEW.state)"),
            MOVES.format(when=""),
        ),
    ]
