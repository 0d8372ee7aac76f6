"""A link that is empty or cut stands in no index.

The sweep cuts two of them for each order, and an UPDATE writes every index of its row anew. An edition's index on
licenses is read by nobody.
"""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q
from django.db.models.deletion import PROTECT, SET_NULL

# Django's own one-to-one is a constraint, which can't leave rows out. The name stays.
UNIT = """
ALTER TABLE accounts_license DROP CONSTRAINT accounts_license_unit_id_key;
CREATE UNIQUE INDEX accounts_license_unit_id_key ON accounts_license (unit_id) WHERE unit_id IS NOT NULL;
"""
WHOLE_UNIT = """
DROP INDEX accounts_license_unit_id_key;
ALTER TABLE accounts_license ADD CONSTRAINT accounts_license_unit_id_key UNIQUE (unit_id);
"""


def _link(model: str, name: str, to: str, related_name: str, on_delete: object = SET_NULL) -> migrations.AlterField:
    field = models.ForeignKey(to, null=True, blank=True, on_delete=on_delete, related_name=related_name, db_index=False)
    return migrations.AlterField(model_name=model, name=name, field=field)


def _index(model: str, name: str, index: str) -> migrations.AddIndex:
    condition = Q(**{f"{name}__isnull": False})
    return migrations.AddIndex(model_name=model, index=models.Index(fields=[name], condition=condition, name=index))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_no_indexes_for_like")]

    operations = [
        _link("license", "user", settings.AUTH_USER_MODEL, "licenses"),
        _index("license", "user", "license_of_user"),
        _link("license", "edition", "shop.edition", "+"),
        migrations.RunSQL(UNIT, WHOLE_UNIT),
        _link("licensekey", "unit", "shop.orderunit", "license_keys"),
        _index("licensekey", "unit", "licensekey_of_unit"),
        _link("licensekey", "key_import", "accounts.keyimport", "license_keys", PROTECT),
        _index("licensekey", "key_import", "licensekey_of_import"),
        migrations.RemoveConstraint(model_name="licensekey", name="licensekey_one_per_unit"),
        migrations.AddConstraint(
            model_name="licensekey",
            constraint=models.UniqueConstraint(
                fields=["unit"],
                condition=Q(state__in=["reserved", "assigned", "suspended"], unit__isnull=False),
                name="licensekey_one_per_unit",
            ),
        ),
    ]
