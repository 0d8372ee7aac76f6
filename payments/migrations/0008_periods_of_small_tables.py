"""When events of providers and the parameters of calls go: dates that the sweep reads."""

from django.db import migrations, models

from privacy.retention import triggers

# A provider remembers a key for a day, PayPal that of an order for six hours: so long may a call be repeated.
CALL_MADE = "NEW.made_at - CASE WHEN NEW.key LIKE 'ppo:%' THEN interval '18 hours' ELSE interval '0' END"


def _date(model: str) -> migrations.AddField:
    field = models.DateTimeField(null=True, blank=True, editable=False)
    return migrations.AddField(model_name=model, name="expires_at", field=field)


def _index(model: str) -> migrations.AddIndex:
    return migrations.AddIndex(
        model_name=model, index=models.Index(fields=["expires_at", "id"], name=f"{model}_expires")
    )


class Migration(migrations.Migration):
    dependencies = [("payments", "0007_captured_orders"), ("privacy", "0004_retention")]

    operations = [
        _date("webhookevent"),
        _index("webhookevent"),
        triggers.period(
            "payments_webhookevent", model="payments.WebhookEvent", at="expires_at", since="NEW.received_at"
        ),
        _date("providercall"),
        _index("providercall"),
        triggers.period("payments_providercall", model="payments.ProviderCall", at="expires_at", since=CALL_MADE),
    ]
