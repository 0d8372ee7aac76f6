"""Periods, holds, and the functions by which PostgreSQL itself writes when a row's period ends."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

import privacy.clock
from privacy.retention import triggers

# The end of a period, in UTC and whatever the time zone of the connection. PostgreSQL puts a year after 29 February on
# the 28th; a period of three years ends on 1 March instead.
PERIOD_END = """
CREATE FUNCTION privacy_period_end(since timestamptz, period jsonb) RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE
AS $body$
DECLARE
    starts timestamp := since AT TIME ZONE 'UTC';
    ends timestamp;
BEGIN
    IF period ? 'days' THEN
        RETURN (starts + make_interval(days => (period ->> 'days')::int)) AT TIME ZONE 'UTC';
    END IF;
    IF (period ->> 'from_year_end')::boolean THEN
        starts := date_trunc('year', starts) + interval '1 year';
    END IF;
    ends := starts + make_interval(years => (period ->> 'years')::int);
    IF extract(day FROM ends) <> extract(day FROM starts) THEN
        ends := ends + interval '1 day';
    END IF;
    RETURN ends AT TIME ZONE 'UTC';
END $body$;
"""

# The period that a row is written with. The lock is shared among writers; who announces another period takes it alone,
# and so waits for those that still compute with the old one. It is taken before the lock of any period's row.
PERIOD = """
CREATE FUNCTION privacy_period(rule_name text) RETURNS jsonb LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7710, 1);
    RETURN (SELECT coalesce(target, period) FROM privacy_retentionperiod WHERE rule = rule_name);
END $body$;
"""

# The later of a period's end and that of the row's holds; NULL, so never, under an open one.
HELD = """
CREATE FUNCTION privacy_held(model_label text, row_id text, ends timestamptz) RETURNS timestamptz LANGUAGE plpgsql
AS $body$
DECLARE
    held_until timestamptz;
BEGIN
    IF ends IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT max(coalesce(until, 'infinity')) INTO held_until FROM privacy_legalhold
        WHERE model = model_label AND object_id = row_id AND lifted_at IS NULL;
    RETURN nullif(greatest(ends, held_until), 'infinity');
END $body$;
"""

# Lowers the sweep's watermark below a date that lies behind it. A date that is due, or will be within the hour (longer
# than any transaction), is written under the lock of the rule's row, on which a batch of the sweep waits: otherwise the
# watermark could pass a row that isn't committed yet.
WATCH = """
CREATE FUNCTION privacy_watch(rule_name text, was timestamptz, becomes timestamptz) RETURNS timestamptz LANGUAGE plpgsql
AS $body$
BEGIN
    IF becomes < clock_timestamp() + interval '1 hour' AND (was IS NULL OR becomes < was) THEN
        PERFORM 1 FROM privacy_retentionperiod WHERE rule = rule_name FOR UPDATE;
        UPDATE privacy_retentionperiod SET watermark_at = becomes - interval '1 microsecond'
            WHERE rule = rule_name AND watermark_at >= becomes;
    END IF;
    RETURN becomes;
END $body$;
"""

# A hold that is placed, changed, lifted or deleted touches its row, whose own triggers compute its dates anew.
HOLD = """
CREATE FUNCTION privacy_touch(model_label text, row_id text) RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
    held record;
BEGIN
    FOR held IN SELECT DISTINCT ON (db_table) db_table, at_column, pk_column FROM privacy_retentionperiod
        WHERE model = model_label ORDER BY db_table, at_column
    LOOP
        EXECUTE format('UPDATE %I SET %I = %I WHERE %I = %L',
            held.db_table, held.at_column, held.at_column, held.pk_column, row_id);
    END LOOP;
END $body$;
CREATE FUNCTION privacy_legalhold_touches() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM privacy_touch(OLD.model, OLD.object_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM privacy_touch(NEW.model, NEW.object_id);
    END IF;
    RETURN NULL;
END $body$;
CREATE TRIGGER privacy_legalhold_touches AFTER INSERT OR UPDATE OR DELETE ON privacy_legalhold
    FOR EACH ROW EXECUTE FUNCTION privacy_legalhold_touches();
"""

_USER = {
    "null": True,
    "blank": True,
    "on_delete": django.db.models.deletion.SET_NULL,
    "related_name": "+",
    "to": settings.AUTH_USER_MODEL,
}


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0003_exports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RetentionPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rule",
                    models.CharField(
                        max_length=120,
                        unique=True,
                        help_text="Model and date column: shop.OrderParty.expires_at.",
                    ),
                ),
                ("model", models.CharField(max_length=80)),
                ("db_table", models.CharField(max_length=63)),
                ("at_column", models.CharField(max_length=63)),
                ("pk_column", models.CharField(max_length=63)),
                (
                    "period",
                    models.JSONField(null=True, blank=True, help_text="Empty: the dates were never computed."),
                ),
                (
                    "target",
                    models.JSONField(null=True, blank=True, help_text="Set while the dates are computed anew."),
                ),
                (
                    "computed_to",
                    models.CharField(blank=True, max_length=255, help_text="The last primary key computed anew."),
                ),
                ("watermark_at", models.DateTimeField(null=True, blank=True)),
                ("watermark_id", models.CharField(blank=True, max_length=255)),
                ("known_at", models.DateTimeField(default=privacy.clock.now)),
                ("started_at", models.DateTimeField(null=True, blank=True)),
                (
                    "finished_at",
                    models.DateTimeField(null=True, blank=True, help_text="Of the last run, however it ended."),
                ),
                ("succeeded_at", models.DateTimeField(null=True, blank=True)),
                ("removed", models.PositiveBigIntegerField(default=0, help_text="Rows in the last run.")),
            ],
            options={
                "ordering": ["rule"],
                "indexes": [models.Index(fields=["model"], name="retentionperiod_model")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(period__isnull=False) | Q(target__isnull=False),
                        name="retentionperiod_period_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "model",
                    models.CharField(max_length=80, help_text="Label of the model, such as shop.OrderParty."),
                ),
                ("object_id", models.CharField(max_length=255)),
                ("reason", models.CharField(max_length=200)),
                ("placed_at", models.DateTimeField(default=privacy.clock.now)),
                ("until", models.DateTimeField(null=True, blank=True, help_text="Empty: until it is lifted.")),
                ("lifted_at", models.DateTimeField(null=True, blank=True)),
                ("expires_at", models.DateTimeField(null=True, blank=True, editable=False)),
                ("placed_by", models.ForeignKey(**_USER)),
                ("lifted_by", models.ForeignKey(**_USER)),
            ],
            options={
                "ordering": ["-placed_at", "-id"],
                "default_permissions": ("view",),
                "permissions": [
                    ("place_legalhold", "Can place a legal hold"),
                    ("lift_legalhold", "Can lift a legal hold"),
                ],
                "indexes": [
                    models.Index(
                        fields=["model", "object_id"],
                        condition=Q(lifted_at__isnull=True),
                        name="legalhold_of_row",
                    ),
                    models.Index(fields=["expires_at", "id"], name="legalhold_due"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=~Q(reason=""), name="legalhold_has_reason"),
                    models.CheckConstraint(
                        condition=Q(until__isnull=True) | Q(until__gt=F("placed_at")),
                        name="legalhold_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.RunSQL(PERIOD_END, "DROP FUNCTION privacy_period_end(timestamptz, jsonb);"),
        migrations.RunSQL(PERIOD, "DROP FUNCTION privacy_period(text);"),
        migrations.RunSQL(HELD, "DROP FUNCTION privacy_held(text, text, timestamptz);"),
        migrations.RunSQL(WATCH, "DROP FUNCTION privacy_watch(text, timestamptz, timestamptz);"),
        migrations.RunSQL(
            HOLD,
            "DROP TRIGGER privacy_legalhold_touches ON privacy_legalhold; DROP FUNCTION privacy_legalhold_touches();"
            "DROP FUNCTION privacy_touch(text, text);",
        ),
        triggers.period(
            "privacy_legalhold",
            model="privacy.LegalHold",
            at="expires_at",
            since="coalesce(NEW.lifted_at, NEW.until)",
        ),
    ]
