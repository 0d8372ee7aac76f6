"""Requests for deletion, with the moves of their state and the ends of their periods."""

import django.db.models.deletion
import privacy.clock
from django.conf import settings
from django.db import migrations, models

from privacy.retention import triggers
from privacy.transitions import trigger_sql

MOVES = (
    "received -> triaged duplicate refused withdrawn;"
    "triaged -> identity_pending duplicate refused withdrawn;"
    "identity_pending -> verified duplicate refused withdrawn unverified_closed;"
    "verified -> planned duplicate refused withdrawn;"
    "planned -> approved verified duplicate refused withdrawn;"
    "approved -> executing planned withdrawn;"
    "executing -> verifying; verifying -> executing notifying;"
    "notifying -> completed completed_with_retention executing"
)


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0008_mailed_alerts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DeletionRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('received', 'received'), ('triaged', 'taken up'), ('identity_pending', 'waits for proof'), ('verified', 'proven'), ('planned', 'planned'), ('approved', 'approved'), ('executing', 'being carried out'), ('verifying', 'being checked'), ('notifying', 'being told'), ('completed', 'completed'), ('completed_with_retention', 'completed, part is kept'), ('duplicate', 'duplicate'), ('refused', 'refused'), ('withdrawn', 'withdrawn'), ('unverified_closed', 'closed without proof')], default='received', max_length=30)),
                ('channel', models.CharField(choices=[('mail', 'mail'), ('phone', 'phone'), ('letter', 'letter'), ('desk', 'desk')], max_length=10)),
                ('law', models.CharField(choices=[('gdpr', 'GDPR'), ('ccpa', 'CCPA (California)')], default='gdpr', max_length=10)),
                ('language', models.CharField(blank=True, help_text='Of the request, where it is known: de, en ...', max_length=2)),
                ('is_doubtful', models.BooleanField(default=False, help_text='A person says first whether it asks for deletion.')),
                ('received_at', models.DateTimeField(default=privacy.clock.now)),
                ('due_at', models.DateTimeField(help_text='End of the legal time to answer.')),
                ('extended_at', models.DateTimeField(blank=True, null=True)),
                ('needs_two', models.BooleanField(default=False, help_text='Planned and approved by two people.')),
                ('told_at', models.DateTimeField(blank=True, help_text='When a mail server accepted the notice.', null=True)),
                ('bounced_at', models.DateTimeField(blank=True, help_text='When the notice came back.', null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('retained', models.BooleanField(default=False)),
                ('receipt', models.JSONField(blank=True, default=dict)),
                ('rounds', models.PositiveSmallIntegerField(default=0, help_text='How often residue sent it back.')),
                ('next_try_at', models.DateTimeField(default=privacy.clock.now)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('problem', models.CharField(blank=True, help_text="Why it doesn't go on, in a word.", max_length=60)),
                ('expires_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('duplicate_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='duplicates', to='privacy.deletionrequest')),
                ('planned_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['due_at', 'id'],
                'permissions': [('handle_deletionrequest', 'Can take up, plan, refuse and close deletion requests'), ('approve_deletionrequest', 'Can approve a deletion')],
                'default_permissions': ('add', 'view'),
            },
        ),
        migrations.CreateModel(
            name='DeletionPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('made_at', models.DateTimeField(default=privacy.clock.now)),
                ('content', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('inventory_digest', models.CharField(max_length=64)),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='plans', to='privacy.deletionrequest')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='DeletionStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('local', 'here'), ('provider', 'at a service provider'), ('manual', 'by hand at a service provider')], default='local', max_length=10)),
                ('state', models.CharField(choices=[('pending', 'to do'), ('waiting', 'waits'), ('done', 'done'), ('failed', 'failed')], default='pending', max_length=10)),
                ('count', models.PositiveIntegerField(default=0, help_text='Rows, or things, that the step removed.')),
                ('detail', models.CharField(blank=True, help_text="Words and counts; never a person's values.", max_length=300)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('next_try_at', models.DateTimeField(default=privacy.clock.now)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='privacy.deletionrequest')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ReceivedMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mailbox', models.CharField(max_length=100)),
                ('uid_validity', models.CharField(max_length=40)),
                ('uid', models.CharField(max_length=120)),
                ('digest', models.CharField(max_length=64)),
                ('taken_at', models.DateTimeField(default=privacy.clock.now)),
                ('verdict', models.CharField(choices=[('request', 'asks for deletion'), ('doubtful', 'may ask for deletion'), ('proof', 'proves an address'), ('answer', 'an answer that a person reads'), ('withdrawal', 'withdraws a request'), ('bounce', 'a mail of ours came back'), ('handled', 'taken by another part of the shop'), ('other', 'left alone'), ('broken', 'could not be read')], max_length=12)),
                ('expires_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('request', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mails', to='privacy.deletionrequest')),
            ],
        ),
        migrations.CreateModel(
            name='RequestAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=254)),
                ('open_address', models.CharField(max_length=254, null=True, unique=True)),
                ('proved_at', models.DateTimeField(blank=True, null=True)),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='ProofToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('proof', 'proof'), ('notice', 'notice')], max_length=10)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('nonce', models.UUIDField(help_text="Of the token; without the shop's secret it says nothing.")),
                ('made_at', models.DateTimeField(default=privacy.clock.now)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('used_way', models.CharField(blank=True, choices=[('link', 'by the link'), ('reply', 'by a reply')], max_length=10)),
                ('expires_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='privacy.deletionrequest')),
                ('address', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='privacy.requestaddress')),
            ],
        ),
        migrations.CreateModel(
            name='RequestEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('received', 'Request received'), ('triaged', 'Taken up'), ('address_added', 'Address added'), ('proof_asked', 'Proof asked'), ('proved', 'Address proven'), ('proof_doubtful', 'Answer to the proof needs a person'), ('proof_bounced', 'Mail asking for proof came back'), ('planned', 'Plan made'), ('outdated', 'Plan outdated'), ('approved', 'Approved'), ('taken_back', 'Approval taken back'), ('extended', 'Time extended'), ('started', 'Deletion started'), ('step_done', 'Step done'), ('checked', 'Looked for what is left'), ('residue', 'Something was left'), ('notice_written', 'Notice written'), ('told', 'Notice accepted by the mail server'), ('bounced', 'Notice came back'), ('provider', 'Service provider'), ('completed', 'Completed'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('duplicate', 'Duplicate'), ('unverified', 'Closed without proof'), ('message', 'Message received')], max_length=20)),
                ('at', models.DateTimeField(default=privacy.clock.now)),
                ('detail', models.CharField(blank=True, help_text="Words and counts; never a person's values.", max_length=300)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='privacy.deletionrequest')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RequestSubject',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sender', models.CharField(blank=True, help_text='From of the mail. It proves nothing.', max_length=320)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('title', models.CharField(blank=True, help_text='Subject of the mail.', max_length=200)),
                ('text', models.TextField(blank=True, max_length=4000)),
                ('reasons', models.JSONField(blank=True, default=list, help_text='Which rules recognised it, in words.')),
                ('hints', models.JSONField(blank=True, default=dict, help_text='SPF, DKIM and DMARC as our own server saw them.')),
                ('message_id', models.CharField(blank=True, max_length=255)),
                ('note', models.TextField(blank=True, help_text='Of the staff, for the staff.', max_length=2000)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('expires_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='subject', to='privacy.deletionrequest')),
            ],
        ),
        migrations.AddField(
            model_name='requestaddress',
            name='subject',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to='privacy.requestsubject'),
        ),
        migrations.CreateModel(
            name='SealedAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ciphertext', models.BinaryField()),
                ('key', models.BinaryField(null=True)),
                ('sealed_at', models.DateTimeField(default=privacy.clock.now)),
                ('key_destroyed_at', models.DateTimeField(blank=True, null=True)),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sealed_address', to='privacy.deletionrequest')),
            ],
            options={
                'verbose_name_plural': 'sealed addresses',
            },
        ),
        migrations.AddIndex(
            model_name='deletionrequest',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['due_at', 'id'], name='deletionrequest_open'),
        ),
        migrations.AddIndex(
            model_name='deletionrequest',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['next_try_at', 'id'], name='deletionrequest_try'),
        ),
        migrations.AddIndex(
            model_name='deletionrequest',
            index=models.Index(fields=['expires_at', 'id'], name='deletionrequest_expires'),
        ),
        migrations.AddConstraint(
            model_name='deletionrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state__in', ['completed', 'completed_with_retention', 'duplicate', 'refused', 'withdrawn', 'unverified_closed'])), models.Q(('closed_at__isnull', True), ('state__in', ['received', 'triaged', 'identity_pending', 'verified', 'planned', 'approved', 'executing', 'verifying', 'notifying'])), _connector='OR'), name='deletionrequest_closed_iff_over'),
        ),
        migrations.AddConstraint(
            model_name='deletionrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['completed', 'completed_with_retention']), _negated=True), ('told_at__isnull', False), _connector='OR'), name='deletionrequest_completed_is_told'),
        ),
        migrations.AddConstraint(
            model_name='deletionrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('retained', True), ('state', 'completed'), _negated=True), models.Q(('retained', False), ('state', 'completed_with_retention'), _negated=True)), name='deletionrequest_completed_says_retention'),
        ),
        migrations.AddConstraint(
            model_name='deletionrequest',
            constraint=models.CheckConstraint(condition=models.Q(('needs_two', False), ('approved_by__isnull', True), models.Q(('approved_by', models.F('planned_by')), _negated=True), _connector='OR'), name='deletionrequest_two_people'),
        ),
        migrations.AddConstraint(
            model_name='deletionrequest',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__gt', models.F('received_at'))), name='deletionrequest_due_after_receipt'),
        ),
        migrations.AddConstraint(
            model_name='deletionplan',
            constraint=models.UniqueConstraint(fields=('request', 'number'), name='deletionplan_number_once'),
        ),
        migrations.AddIndex(
            model_name='deletionstep',
            index=models.Index(condition=models.Q(('state__in', ['pending', 'waiting'])), fields=['next_try_at', 'id'], name='deletionstep_due'),
        ),
        migrations.AddConstraint(
            model_name='deletionstep',
            constraint=models.UniqueConstraint(fields=('request', 'name'), name='deletionstep_once'),
        ),
        migrations.AddConstraint(
            model_name='deletionstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('done_at__isnull', True)), _connector='OR'), name='deletionstep_done_has_time'),
        ),
        migrations.AddIndex(
            model_name='receivedmail',
            index=models.Index(fields=['expires_at', 'id'], name='receivedmail_expires'),
        ),
        migrations.AddConstraint(
            model_name='receivedmail',
            constraint=models.UniqueConstraint(fields=('mailbox', 'uid_validity', 'uid'), name='receivedmail_taken_once'),
        ),
        migrations.AddConstraint(
            model_name='receivedmail',
            constraint=models.UniqueConstraint(fields=('mailbox', 'digest'), name='receivedmail_same_mail_once'),
        ),
        migrations.AddIndex(
            model_name='prooftoken',
            index=models.Index(fields=['expires_at', 'id'], name='prooftoken_expires'),
        ),
        migrations.AddConstraint(
            model_name='prooftoken',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('used_at__isnull', True), ('used_way', '')), models.Q(('used_at__isnull', False), models.Q(('used_way', ''), _negated=True)), _connector='OR'), name='prooftoken_used_in_a_way'),
        ),
        migrations.AddConstraint(
            model_name='prooftoken',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'proof'), models.Q(('kind', 'notice'), ('used_at__isnull', True)), _connector='OR'), name='prooftoken_notice_proves_nothing'),
        ),
        migrations.AddIndex(
            model_name='requestsubject',
            index=models.Index(fields=['expires_at', 'id'], name='requestsubject_expires'),
        ),
        migrations.AddConstraint(
            model_name='sealedaddress',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('key__isnull', False), ('key_destroyed_at__isnull', True)), models.Q(('key__isnull', True), ('key_destroyed_at__isnull', False)), _connector='OR'), name='sealedaddress_key_or_its_end'),
        ),
        migrations.RunSQL(*trigger_sql("privacy_deletionrequest", MOVES)),
        triggers.period(
            "privacy_deletionrequest", model="privacy.DeletionRequest", at="expires_at", since="NEW.closed_at"
        ),
        triggers.period("privacy_requestsubject", model="privacy.RequestSubject", at="expires_at", since="NEW.ended_at"),
        triggers.period("privacy_prooftoken", model="privacy.ProofToken", at="expires_at", since="NEW.made_at"),
        triggers.period("privacy_receivedmail", model="privacy.ReceivedMail", at="expires_at", since="NEW.taken_at"),
    ]
