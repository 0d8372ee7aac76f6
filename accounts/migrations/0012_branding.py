"""Logos of companies. With the last person who manages one, the logo goes, whatever took that person away."""

import django.db.models.deletion
import privacy.clock
from django.conf import settings
from django.db import migrations, models

from privacy.retention import triggers
from privacy.transitions import trigger_sql

MOVES = "submitted -> published declined; published -> submitted declined; declined -> submitted"
# The logo's lock comes before the look whether anybody is left: of two colleagues who leave at once, the second sees
# that the first is gone.
LAST_MANAGER = """
CREATE FUNCTION accounts_logomanager_last() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM 1 FROM accounts_logo WHERE id = OLD.logo_id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM accounts_logomanager WHERE logo_id = OLD.logo_id) THEN
        RETURN NULL;
    END IF;
    DELETE FROM accounts_logoinvitation WHERE logo_id = OLD.logo_id;
    DELETE FROM accounts_logopicture WHERE logo_id = OLD.logo_id;
    DELETE FROM accounts_logo_products WHERE logo_id = OLD.logo_id;
    DELETE FROM accounts_logo WHERE id = OLD.logo_id;
    RETURN NULL;
END $body$;
CREATE TRIGGER accounts_logomanager_last AFTER DELETE ON accounts_logomanager
    FOR EACH ROW EXECUTE FUNCTION accounts_logomanager_last();
"""
NO_LAST_MANAGER = "DROP TRIGGER accounts_logomanager_last ON accounts_logomanager; DROP FUNCTION accounts_logomanager_last();"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_fewer_entries_of_hashes'),
        ('shop', '0019_vat_check_moves'),
    ]

    operations = [
        migrations.CreateModel(
            name='Logo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('company', models.CharField(max_length=120)),
                ('state', models.CharField(choices=[('submitted', 'waits for a look'), ('published', 'shown'), ('declined', 'not shown')], default='submitted', max_length=20)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('submitted_at', models.DateTimeField(default=privacy.clock.now)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, help_text="Why it isn't shown, in a sentence for the company.", max_length=200)),
                ('expires_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('products', models.ManyToManyField(related_name='+', to='shop.product')),
            ],
            options={
                'permissions': [('decide_logo', 'Can publish and decline logos')],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='LogoInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('link_nonce', models.UUIDField()),
                ('link_hash', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField(default=privacy.clock.now)),
                ('expires_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('logo', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='invitation', to='accounts.logo')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='LogoManager',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(default=privacy.clock.now)),
                ('logo', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='managers', to='accounts.logo')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='logo_manager', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['since', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='LogoPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('size', models.CharField(choices=[('full', 'for the page of companies'), ('small', 'for strips')], max_length=10)),
                ('name', models.CharField(max_length=32, unique=True)),
                ('kind', models.CharField(help_text='As `accounts.images` calls it.', max_length=4)),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('content', models.BinaryField()),
                ('logo', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pictures', to='accounts.logo')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='logo',
            index=models.Index(fields=['expires_at', 'id'], name='logo_expires'),
        ),
        migrations.AddConstraint(
            model_name='logo',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['submitted', 'published', 'declined'])), name='logo_state_known'),
        ),
        migrations.AddConstraint(
            model_name='logo',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'submitted')), models.Q(models.Q(('state', 'submitted'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='logo_decided_has_time'),
        ),
        migrations.AddConstraint(
            model_name='logo',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('state', 'declined'), _negated=True), ('reason', '')), _connector='OR'), name='logo_declined_has_reason'),
        ),
        migrations.AddIndex(
            model_name='logoinvitation',
            index=models.Index(fields=['expires_at', 'id'], name='logoinvitation_expires'),
        ),
        migrations.AddConstraint(
            model_name='logopicture',
            constraint=models.UniqueConstraint(fields=('logo', 'size'), name='logopicture_one_of_size'),
        ),
        migrations.RunSQL(*trigger_sql("accounts_logo", MOVES)),
        triggers.period(
            "accounts_logo",
            model="accounts.Logo",
            at="expires_at",
            since="CASE WHEN NEW.state = 'declined' THEN NEW.decided_at END",
        ),
        triggers.period(
            "accounts_logoinvitation", model="accounts.LogoInvitation", at="expires_at", since="NEW.made_at"
        ),
        migrations.RunSQL(LAST_MANAGER, NO_LAST_MANAGER),
    ]
