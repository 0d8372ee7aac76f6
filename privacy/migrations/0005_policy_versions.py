from django.db import migrations, models

import privacy.clock

REFUSE_CHANGES = """
    CREATE FUNCTION privacy_policyversion_stays() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
        RAISE EXCEPTION 'A published version of the policy stays as it is.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'privacy_policyversion_stays';
    END $body$;
    CREATE TRIGGER privacy_policyversion_stays BEFORE UPDATE OR DELETE ON privacy_policyversion
        FOR EACH ROW EXECUTE FUNCTION privacy_policyversion_stays();
"""
ALLOW_CHANGES = """
    DROP TRIGGER privacy_policyversion_stays ON privacy_policyversion;
    DROP FUNCTION privacy_policyversion_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0004_retention")]

    operations = [
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(unique=True)),
                ("published_at", models.DateTimeField(default=privacy.clock.now)),
                ("digest", models.CharField(max_length=64)),
                ("content", models.JSONField()),
            ],
            options={
                "ordering": ["-number"],
                "permissions": [("view_processing_record", "Can see the record of processing")],
                "indexes": [models.Index(fields=["digest"], name="policyversion_digest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="policyversion_numbers_start_at_1"
                    )
                ],
            },
        ),
        migrations.RunSQL(REFUSE_CHANGES, ALLOW_CHANGES),
    ]
