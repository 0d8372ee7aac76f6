"""To whom mails went, for thirty days; which came back; and the words that managers give them."""

import django.db.models.deletion
import privacy.clock
from privacy.retention import triggers
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0014_mails_tried_again'),
    ]

    operations = [
        migrations.AddField(
            model_name='outgoingmail',
            name='bounce',
            field=models.CharField(blank=True, db_default='', default='', help_text='Why, as a code of RFC 3463: 5.1.1 is no such mailbox.', max_length=12),
        ),
        migrations.AddField(
            model_name='outgoingmail',
            name='bounced_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='came back'),
        ),
        migrations.CreateModel(
            name='MailWording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60)),
                ('language', models.CharField(default='en', max_length=5)),
                ('subject', models.CharField(blank=True, max_length=150)),
                ('intro', models.TextField(blank=True, max_length=2000)),
                ('changed_at', models.DateTimeField(default=privacy.clock.now)),
            ],
            options={
                'default_permissions': ('view', 'change'),
                'constraints': [models.UniqueConstraint(fields=('kind', 'language'), name='mailwording_of_each_once')],
            },
        ),
        migrations.CreateModel(
            name='MailRecipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(max_length=254)),
                ('message_id', models.CharField(max_length=200, unique=True)),
                ('sent_at', models.DateTimeField(default=privacy.clock.now)),
                ('expires_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('mail', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='recipient', to='privacy.outgoingmail')),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['expires_at', 'id'], name='mailrecipient_expires')],
            },
        ),
        triggers.period(
            "privacy_mailrecipient", model="privacy.MailRecipient", at="expires_at", since="NEW.sent_at"
        ),
    ]
