"""When mails, alerts and consents go: dates that the sweep reads."""

from django.db import migrations, models
from django.db.models import F, Q

from privacy.retention import triggers


def _date(model: str) -> migrations.AddField:
    field = models.DateTimeField(null=True, blank=True, editable=False)
    return migrations.AddField(model_name=model, name="expires_at", field=field)


def _index(model: str) -> migrations.AddIndex:
    return migrations.AddIndex(
        model_name=model, index=models.Index(fields=["expires_at", "id"], name=f"{model}_expires")
    )


class Migration(migrations.Migration):
    dependencies = [("privacy", "0006_export_period")]

    operations = [
        _date("outgoingmail"),
        _index("outgoingmail"),
        triggers.period(
            "privacy_outgoingmail",
            model="privacy.OutgoingMail",
            at="expires_at",
            since="CASE WHEN NEW.state <> 'pending' THEN NEW.created_at END",
        ),
        _date("alert"),
        _index("alert"),
        triggers.period("privacy_alert", model="privacy.Alert", at="expires_at", since="NEW.closed_at"),
        migrations.AlterField(
            model_name="consent",
            name="expires_at",
            field=models.DateTimeField(null=True, blank=True, editable=False),
        ),
        migrations.RemoveConstraint(model_name="consent", name="consent_end_is_whole"),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="")
                | Q(ended_at__isnull=False, ended_at__gte=F("given_at"), end__in=["withdrawn", "replaced", "account"]),
                name="consent_end_is_whole",
            ),
        ),
        triggers.period("privacy_consent", model="privacy.Consent", at="expires_at", since="NEW.ended_at"),
    ]
