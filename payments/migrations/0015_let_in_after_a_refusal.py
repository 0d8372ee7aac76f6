"""A person may let in what the fraud review refused by itself."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0014_fraud_review_words'),
        ('shop', '0021_posts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='fraudassessment',
            name='let_in_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='fraudassessment',
            name='let_in_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='fraudassessment',
            name='let_in_order',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shop.order'),
        ),
        migrations.AddField(
            model_name='fraudassessment',
            name='let_in_reason',
            field=models.CharField(blank=True, db_default='', editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name='fraudassessment',
            name='let_in_until',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name='fraudassessment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('let_in_at', None), ('let_in_by', None), ('let_in_order', None), ('let_in_reason', ''), ('let_in_until', None)), models.Q(('let_in_at__isnull', False), ('let_in_until__isnull', False), ('verdict', 'refuse'), models.Q(('let_in_reason', ''), _negated=True)), _connector='OR'), name='fraudassessment_let_in_with_a_reason'),
        ),
    ]
