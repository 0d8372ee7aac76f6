"""Whether somebody has dealt with a mail that came back; and a kind for looks at mails."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0015_mail_log_and_wordings'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='look',
            name='look_kind_known',
        ),
        migrations.AddField(
            model_name='outgoingmail',
            name='bounce_closed_at',
            field=models.DateTimeField(blank=True, help_text='When somebody sent it once more, or said that nothing is left to do.', null=True),
        ),
        migrations.AlterField(
            model_name='look',
            name='kind',
            field=models.CharField(choices=[('order', 'an order'), ('customer', 'the account'), ('license', 'a license'), ('payment', 'a payment'), ('case', 'a case'), ('deletion', 'a deletion request'), ('mail', 'a mail'), ('search', 'a search'), ('export', 'a copy of the data'), ('other', 'another record')], max_length=10),
        ),
        migrations.AddIndex(
            model_name='outgoingmail',
            index=models.Index(condition=models.Q(('bounce_closed_at__isnull', True), ('bounced_at__isnull', False)), fields=['bounced_at'], name='outgoingmail_back'),
        ),
        migrations.AddConstraint(
            model_name='look',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['order', 'customer', 'license', 'payment', 'case', 'deletion', 'mail', 'search', 'export', 'other'])), name='look_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='outgoingmail',
            constraint=models.CheckConstraint(condition=models.Q(('bounced_at__isnull', False), ('bounce_closed_at__isnull', True), _connector='OR'), name='outgoingmail_closed_only_if_back'),
        ),
    ]
