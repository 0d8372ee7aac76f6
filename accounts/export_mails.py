"""The mail that says that an export is ready. It holds the way to it, and nothing of what is in it."""

from django.conf import settings
from django.urls import reverse

from privacy import clock, mails
from privacy.exports import requests
from privacy.exports.words import day
from privacy.models import Export


@mails.kind(requests.READY_MAIL)
def ready(export_id: int) -> mails.Mail | None:
    """To its owner: the person of the account, or the staff member who asked for an address without one."""
    made = Export.objects.filter(pk=export_id, state=Export.State.MADE, expires_at__gt=clock.now()).defer("file")
    export = made.select_related("user", "asked_by").first()
    owner = export and (export.user or export.asked_by)
    if not export or not owner or export.expires_at is None:
        return None
    is_handed_over = export.user is None
    page = (
        reverse("admin:privacy_export_change", args=[export.pk])
        if is_handed_over
        else reverse("account_export", args=[requests.token(export)])
    )
    return mails.Mail(
        to=owner.email,
        subject="The export you asked for is ready" if is_handed_over else "The copy of your data is ready",
        template="mails/data_export",
        context={
            "is_handed_over": is_handed_over,
            "asked_by_staff": export.asked_by_id is not None,
            "url": settings.SITE_URL + page,
            "until": day(export.expires_at),
        },
    )
