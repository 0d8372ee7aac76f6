"""The mail that calls managers to the desk. It names orders by number, and no customer."""

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from privacy import alert_mails
from privacy.mails import Mail, kind
from privacy.models import Alert

MOST = 20


@alert_mails.readers
def managers() -> list[int]:
    """The staff who may see alerts, by id."""
    may = {"codename": "view_alert", "content_type__app_label": "privacy"}
    by_role = Q(**{f"groups__permissions__{name}": value for name, value in may.items()})
    by_hand = Q(**{f"user_permissions__{name}": value for name, value in may.items()})
    staff = User.objects.filter(by_role | by_hand | Q(is_superuser=True), is_active=True, is_staff=True)
    return list(staff.order_by("pk").values_list("pk", flat=True).distinct())


@kind("open_alerts")
def open_alerts(user_id: int) -> Mail | None:
    """The alerts that are open when it is sent, the newest first. None where none is, or the person has left."""
    user = User.objects.filter(pk=user_id, is_active=True, is_staff=True).first()
    found = list(Alert.objects.filter(closed_at__isnull=True).order_by("-pk")[: MOST + 1])
    if user is None or not found:
        return None
    is_more = len(found) > MOST
    count = f"more than {MOST} alerts" if is_more else "1 alert" if len(found) == 1 else f"{len(found)} alerts"
    return Mail(
        to=user.email,
        subject=f"{settings.STORE_NAME}: {count} to look at",
        template="mails/open_alerts",
        context={
            "count": count,
            "alerts": found[:MOST],
            "desk_url": f"{settings.SITE_URL}{reverse('admin:index')}",
        },
    )
