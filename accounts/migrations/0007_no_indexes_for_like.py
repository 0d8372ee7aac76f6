"""Hashes are compared whole: the second index that Django gives to indexed text, for LIKE, is never read."""

from django.db import migrations

UNREAD = {
    "accounts_license_link_hash_926f1f7e_like": "accounts_license (link_hash varchar_pattern_ops)",
    "accounts_licensekey_digest_c6dee706_like": "accounts_licensekey (digest varchar_pattern_ops)",
}


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_periods")]

    operations = [
        migrations.RunSQL(f"DROP INDEX IF EXISTS {name}", f"CREATE INDEX {name} ON {columns}")
        for name, columns in UNREAD.items()
    ]
