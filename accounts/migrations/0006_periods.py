"""When unused accounts, sessions and staff members' work go: dates that the sweep reads."""

from django.db import migrations, models

import privacy.clock
from privacy.retention import triggers

USER = """
CREATE FUNCTION accounts_user_periods() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    was accounts_user%ROWTYPE;
    warns timestamptz;
    ends timestamptz;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        was := OLD;
    END IF;
    IF NEW.closed_at IS NOT NULL THEN
        ends := NEW.closed_at;
    ELSIF NEW.is_staff OR NEW.is_superuser THEN
        NULL; -- an administrator closes it
    ELSIF NEW.warned_at IS NOT NULL THEN
        ends := privacy_period_end(NEW.warned_at, privacy_period('accounts.User.expires_at'));
    ELSE
        warns := privacy_period_end(
            NEW.last_used_on::timestamp AT TIME ZONE 'UTC', privacy_period('accounts.User.warn_at'));
    END IF;
    IF warns < NEW.in_use_until THEN
        warns := NEW.in_use_until;
    END IF;
    IF ends < NEW.in_use_until THEN
        ends := NEW.in_use_until;
    END IF;
    NEW.warn_at := privacy_watch(
        'accounts.User.warn_at', was.warn_at, privacy_held('accounts.User', NEW.id::text, warns));
    NEW.expires_at := privacy_watch(
        'accounts.User.expires_at', was.expires_at, privacy_held('accounts.User', NEW.id::text, ends));
    RETURN NEW;
END $body$;
CREATE TRIGGER accounts_user_periods BEFORE INSERT OR UPDATE ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION accounts_user_periods();
"""
NO_USER = "DROP TRIGGER accounts_user_periods ON accounts_user; DROP FUNCTION accounts_user_periods();"

LAST_USED = """
UPDATE accounts_user SET last_used_on = (greatest(
    joined_at, last_login, (SELECT max(last_seen_on) FROM accounts_device WHERE user_id = accounts_user.id)
) AT TIME ZONE 'UTC')::date
"""


def _date(model: str, name: str) -> migrations.AddField:
    field = models.DateTimeField(null=True, blank=True, editable=False)
    return migrations.AddField(model_name=model, name=name, field=field)


def _index(table: str, column: str) -> migrations.RunSQL:
    """On a table of a package, which has no model of ours to say so."""
    name = f"{table}_{column}_sweep"
    return migrations.RunSQL(f"CREATE INDEX {name} ON {table} ({column}, id)", f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_licenses_without_orders"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("sessions", "0001_initial"),
        ("privacy", "0004_retention"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="policy_version",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Of the privacy policy that registration showed; empty: none did.",
                max_length=20,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="user", name="last_used_on", field=models.DateField(default=privacy.clock.today)
        ),
        migrations.AddField(
            model_name="user",
            name="warned_at",
            field=models.DateTimeField(
                blank=True, help_text="When we wrote that the account, being unused, ends.", null=True
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="in_use_until",
            field=models.DateTimeField(
                blank=True,
                help_text="Until when something was found to keep the account, such as a license.",
                null=True,
            ),
        ),
        _date("user", "warn_at"),
        _date("user", "expires_at"),
        migrations.AddIndex(model_name="user", index=models.Index(fields=["warn_at", "id"], name="user_warn")),
        migrations.AddIndex(model_name="user", index=models.Index(fields=["expires_at", "id"], name="user_expires")),
        migrations.RunSQL(USER, NO_USER),
        _date("keyimport", "expires_at"),
        migrations.AddIndex(
            model_name="keyimport", index=models.Index(fields=["expires_at", "id"], name="keyimport_expires")
        ),
        triggers.period(
            "accounts_keyimport",
            model="accounts.KeyImport",
            at="expires_at",
            since="CASE WHEN NEW.imported_by_id IS NOT NULL THEN NEW.imported_at END",
        ),
        triggers.watch("django_session", model="sessions.Session", at="expire_date"),
        triggers.watch("django_admin_log", model="admin.LogEntry", at="action_time"),
        _index("django_admin_log", "action_time"),
        triggers.watch("account_emailconfirmation", model="account.EmailConfirmation", at="created"),
        _index("account_emailconfirmation", "created"),
        migrations.RunSQL(LAST_USED, migrations.RunSQL.noop),
    ]
