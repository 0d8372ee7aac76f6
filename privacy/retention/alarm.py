"""The mail that says that the sweep is late. It goes to the shop's own address and names nobody."""

from django.conf import settings
from django.urls import reverse

from privacy import mails
from privacy.models import Alert
from privacy.places import MailKind, declare
from privacy.purposes import OPERATION

KIND = "retention_late"

declare(
    MailKind(
        name=KIND,
        template=f"mails/{KIND}",
        words="tells the shop's own people that data stays longer than promised",
        purpose=OPERATION,
        carries=frozenset(),
    )
)


@mails.kind(KIND)
def retention_late(alert_id: int) -> mails.Mail | None:
    """None where the sweep has caught up before the mail was sent."""
    alert = Alert.objects.filter(pk=alert_id, closed_at__isnull=True).first()
    if alert is None:
        return None
    return mails.Mail(
        to=settings.SUPPORT_EMAIL,
        subject="Data stays longer than promised",
        template=f"mails/{KIND}",
        context={"words": alert.message, "url": settings.SITE_URL + reverse("admin:index")},
    )
