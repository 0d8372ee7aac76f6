"""A manager of the shop looks at what was handed in, and publishes it or says why not."""

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Logo, LogoInvitation, User
from privacy import clock, mails, page_version

#: To each manager of the logo; their object is the row of that manager.
PUBLISHED_MAIL, DECLINED_MAIL = "logo_published", "logo_declined"


class Changed(Exception):
    """The company handed in something else meanwhile, or took it back. The text is a sentence for staff."""


def waiting() -> QuerySet[Logo]:
    """Logos that wait for a look, the one that waits longest first."""
    return Logo.objects.filter(state=Logo.State.SUBMITTED).order_by("submitted_at", "pk")


@transaction.atomic
def decide(logo_id: int, *, revision: int, by: User, refusal: str = "") -> bool:
    """Publishes the logo that was looked at, or declines it with `refusal`, and tells all who manage it.

    `revision` is the one that was looked at: raises Changed where there is another by now, or none. False where it was
    decided so before. Raises IllegalTransition where the state has no such way.
    """
    logo = Logo.objects.select_for_update().filter(pk=logo_id).first()
    if logo is None:
        raise Changed("This logo was taken back.")
    if logo.revision != revision:
        raise Changed("The company changed its logo meanwhile. Look at it again.")
    state = Logo.State.DECLINED if refusal else Logo.State.PUBLISHED
    if not logo.move_to(state, decided_at=clock.now(), decided_by=by, reason=refusal):
        return False
    if state == Logo.State.DECLINED:
        LogoInvitation.objects.filter(logo=logo).delete()
    kind = DECLINED_MAIL if refusal else PUBLISHED_MAIL
    for manager_id in logo.managers.values_list("pk", flat=True):
        mails.queue(kind, manager_id, occasion=f"revision-{revision}")
    page_version.renew()
    return True
