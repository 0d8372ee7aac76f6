"""The warning of an account that nobody has used for years."""

from django.conf import settings

from accounts.models import User
from accounts.unused import MAIL
from privacy.mails import Mail, kind
from shop import words


@kind(MAIL)
def account_unused(user_id: int) -> Mail | None:
    """To the account's address: when it ends, and that signing in keeps it. None where it was used meanwhile."""
    user = User.objects.filter(pk=user_id, closed_at__isnull=True, warned_at__isnull=False).first()
    if user is None or user.expires_at is None:  # a legal hold leaves no date
        return None
    return Mail(
        to=user.email,
        subject="Your account ends, unless you sign in",
        template="mails/account_unused",
        context={
            "name": user.name,
            "years": settings.ACCOUNT_RETENTION_YEARS,
            "ends_on": words.day(user.expires_at.date()),
        },
    )
