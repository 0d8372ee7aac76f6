"""Rules, sightings and assessments of the fraud review, with the dates on which they go."""

import django.core.validators
import django.db.models.deletion
import privacy.clock
from django.db import migrations, models

from privacy.retention import triggers


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0012_redactions'),
        ('shop', '0019_vat_check_moves'),
        ('privacy', '0014_mails_tried_again'),
    ]

    operations = [
        migrations.CreateModel(
            name='FraudRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(unique=True)),
                ('hold_from', models.PositiveSmallIntegerField(default=60, verbose_name='points from which an order waits for a person')),
                ('refuse_from', models.PositiveSmallIntegerField(default=100, verbose_name='points from which an order is refused before it is paid')),
                ('connection_and_billing', models.PositiveSmallIntegerField(default=15, verbose_name='connection and billing address in two countries')),
                ('connection_and_card', models.PositiveSmallIntegerField(default=15, verbose_name='connection and card in two countries')),
                ('card_and_billing', models.PositiveSmallIntegerField(default=25, verbose_name='card and billing address in two countries')),
                ('other_browser', models.PositiveSmallIntegerField(default=10, verbose_name='a browser that the account never used')),
                ('disposable_email', models.PositiveSmallIntegerField(default=25, verbose_name='e-mail address to be thrown away')),
                ('many_of_address', models.PositiveSmallIntegerField(default=15, verbose_name='many orders by one e-mail address')),
                ('many_of_card', models.PositiveSmallIntegerField(default=25, verbose_name='many orders by one card')),
                ('many_of_network', models.PositiveSmallIntegerField(default=15, verbose_name='many orders from one network')),
                ('large_amount', models.PositiveSmallIntegerField(default=15, verbose_name='large amount')),
                ('provider_elevated', models.PositiveSmallIntegerField(default=25, verbose_name='the provider calls the risk elevated')),
                ('provider_highest', models.PositiveSmallIntegerField(default=60, verbose_name='the provider calls the risk very high')),
                ('provider_unprotected', models.PositiveSmallIntegerField(default=5, verbose_name="the provider doesn't protect the payment")),
                ('earlier_dispute', models.PositiveSmallIntegerField(default=40, verbose_name='an earlier payment was disputed')),
                ('address_limit', models.PositiveIntegerField(default=4, validators=[django.core.validators.MinValueValidator(1)], verbose_name='orders by one e-mail address')),
                ('card_limit', models.PositiveIntegerField(default=4, validators=[django.core.validators.MinValueValidator(1)], verbose_name='orders by one card')),
                ('network_limit', models.PositiveIntegerField(default=10, validators=[django.core.validators.MinValueValidator(1)], verbose_name='orders from one network')),
                ('amount_limit', models.PositiveIntegerField(default=10000, validators=[django.core.validators.MinValueValidator(1)], verbose_name='large from')),
            ],
            options={
                'verbose_name': 'fraud rules',
                'verbose_name_plural': 'fraud rules',
                'ordering': ['-valid_from'],
                'constraints': [models.CheckConstraint(condition=models.Q(('hold_from__gte', 1), ('refuse_from__gt', models.F('hold_from'))), name='fraudrules_hold_before_they_refuse', violation_error_message='Refusing must begin above the points from which an order waits.'), models.CheckConstraint(condition=models.Q(('address_limit__gte', 1), ('amount_limit__gte', 1), ('card_limit__gte', 1), ('network_limit__gte', 1)), name='fraudrules_limits_positive')],
            },
        ),
        migrations.CreateModel(
            name='FraudAssessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.PositiveIntegerField()),
                ('verdict', models.CharField(choices=[('pass', 'let through'), ('hold', 'waits for a person'), ('refuse', 'refused')], max_length=10)),
                ('reasons', models.JSONField()),
                ('made_at', models.DateTimeField(default=privacy.clock.now)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('expires_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='fraud_assessment', to='shop.order')),
                ('rules', models.ForeignKey(help_text='Empty: the rules of the code.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.fraudrules')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['expires_at', 'id'], name='fraudassessment_expires'), models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['id'], name='fraudassessment_waits')],
                'constraints': [models.CheckConstraint(condition=models.Q(('verdict__in', ['pass', 'hold', 'refuse'])), name='fraudassessment_known'), models.CheckConstraint(condition=models.Q(('verdict', 'hold'), ('settled_at__isnull', False), _connector='OR'), name='fraudassessment_only_holds_wait')],
            },
        ),
        migrations.CreateModel(
            name='FraudSighting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('address', 'e-mail address'), ('card', 'card'), ('network', 'network')], max_length=10)),
                ('hash', models.CharField(max_length=32)),
                ('seen_at', models.DateTimeField(default=privacy.clock.now)),
                ('expires_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('order', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shop.order')),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['hash', 'kind'], name='fraudsighting_hash'), models.Index(fields=['expires_at', 'id'], name='fraudsighting_expires')],
                'constraints': [models.UniqueConstraint(fields=('order', 'kind', 'hash'), name='fraudsighting_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['address', 'card', 'network'])), name='fraudsighting_kind_known'), models.CheckConstraint(condition=models.Q(('hash__regex', '^[0-9a-f]{32}$')), name='fraudsighting_is_a_hash')],
            },
        ),
        triggers.period(
            "payments_fraudsighting", model="payments.FraudSighting", at="expires_at", since="NEW.seen_at"
        ),
        triggers.period(
            "payments_fraudassessment", model="payments.FraudAssessment", at="expires_at", since="NEW.settled_at"
        ),
    ]
