"""The letter that asks for deletion. It goes to support by mail, which is the way in (P12b); the shop can send it, too.

Whoever writes it themselves gets a prepared text. The one that the shop sends comes from the signed-in account, and the
answer goes to its address.
"""

from urllib.parse import quote

from django.conf import settings

from accounts.models import User
from privacy import clock, mails
from privacy.models import OutgoingMail

KIND = "deletion_letter"
SUBJECT = "Please delete my data"


def send(user: User) -> bool:
    """Has the shop mail the letter for this person. False where it did so today: one a day is enough."""
    if is_sent_today(user):
        return False
    mails.queue(KIND, user.pk, occasion=_today())
    return True


def is_sent_today(user: User) -> bool:
    """Whether the shop mailed the letter for this person today (UTC)."""
    return OutgoingMail.objects.filter(dedup_key=f"{KIND}:{user.pk}:{_today()}").exists()


def link(user: User) -> str:
    """A link that opens the letter in the person's own mail program."""
    body = f"Please delete the personal data that you keep about me.\n\nMy e-mail address: {user.email}\n"
    return f"mailto:{settings.SUPPORT_EMAIL}?subject={quote(SUBJECT)}&body={quote(body)}"


@mails.kind(KIND, is_logged=False)
def letter(user_id: int) -> mails.Mail | None:
    """To support, in the person's name; nothing where the account was closed or erased meanwhile."""
    user = User.objects.filter(pk=user_id, closed_at__isnull=True).first()
    if user is None:
        return None
    return mails.Mail(
        to=settings.SUPPORT_EMAIL,
        subject=SUBJECT,
        template="mails/deletion_letter",
        context={"name": user.name, "email": user.email, "number": user.pk},
        reply_to=user.email,
    )


def _today() -> str:
    return f"{clock.today():%Y-%m-%d}"
