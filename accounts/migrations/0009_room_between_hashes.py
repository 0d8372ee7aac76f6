"""Indexes of hashes are built with room, as they have where rows came one by one.

Their keys lie at random: each batch of the sweep puts a few entries on every page, and on full ones PostgreSQL looks for
old entries to delete first. It counts when an index is built, as after a restore or a REINDEX.
"""

from django.db import migrations

HASHES = ("accounts_license_link_hash_926f1f7e", "accounts_licensekey_digest_key")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_no_entries_of_cut_links")]

    operations = [
        migrations.RunSQL(f"ALTER INDEX {name} SET (fillfactor = 70)", f"ALTER INDEX {name} RESET (fillfactor)")
        for name in HASHES
    ]
