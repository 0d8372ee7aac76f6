"""Colleagues who manage a company's logo together, so that it stays when one of them goes.

A manager makes a link and passes it on; the shop doesn't learn to whom. Whoever opens it, is signed in and agrees
manages the logo too. The link works once, and for 14 days.
"""

from django.db import transaction

from accounts.branding import backups
from accounts.branding.words import TEXT
from accounts.models import Logo, LogoInvitation, LogoManager, User
from privacy import clock, consents, link_tokens, page_version

LINKS = link_tokens.Links(b"logo invitation")
#: More than a few people for one picture are a mistake.
MOST_MANAGERS = 10


class NotJoinable(Exception):
    """Why a person can't manage a logo, or pass it on: a sentence for that person."""


@transaction.atomic
def invite(user: User) -> str:
    """Makes the link's secret; the link before it opens nothing any more. Raises NotJoinable."""
    logo = _locked(user)
    if logo is None or logo.state != Logo.State.PUBLISHED:
        raise NotJoinable("You can add a colleague once the logo is shown.")
    if logo.managers.count() >= MOST_MANAGERS:
        raise NotJoinable(f"{MOST_MANAGERS} people manage this logo. Remove one of them first.")
    LogoInvitation.objects.filter(logo=logo).delete()
    nonce, hashed = LINKS.new()
    LogoInvitation.objects.create(logo=logo, link_nonce=nonce, link_hash=hashed)
    return LINKS.token(nonce, hashed)


def open_link(logo: Logo) -> tuple[str, LogoInvitation] | None:
    """The secret of the logo's link that can be used now, and the row behind it."""
    found = LogoInvitation.objects.filter(logo=logo, expires_at__gt=clock.now()).first()
    return (LINKS.token(found.link_nonce, found.link_hash), found) if found else None


def company_of_link(token: str) -> str | None:
    """The company into whose logo this link leads; None where it opens nothing."""
    found = _open(token)
    return found.logo.company if found else None


@transaction.atomic
def join(token: str, user: User) -> Logo:
    """Makes this person a manager, who agrees for the company too; quiet where that is so already.

    Raises NotJoinable where the link opens nothing, or the person manages another logo.
    """
    User.objects.select_for_update().get(pk=user.pk)
    invitation = _open(token)
    logo = Logo.objects.select_for_update().filter(pk=invitation.logo_id).first() if invitation else None
    if logo is None or _open(token) is None:  # of two who open it at once, the second finds it used
        raise NotJoinable("This link was used or has ended. Ask your colleague for a new one.")
    own = LogoManager.objects.filter(user=user).first()
    if own is not None and own.logo_id != logo.pk:
        raise NotJoinable("You manage another company’s logo. Leave that one first.")
    if own is None:
        LogoManager.objects.create(logo=logo, user=user)
        consents.give(user, TEXT.key)
    LogoInvitation.objects.filter(logo=logo).delete()
    return logo


def leave(user: User) -> bool:
    """Takes a person out. The logo stays with the colleagues, and goes where there is none. False without a logo."""
    return _take_out(user)


def remove(colleague_id: int, *, by: User) -> bool:
    """Takes a colleague out of the logo that both manage; False where they don't."""
    colleague = User.objects.filter(pk=colleague_id, logo_manager__logo__managers__user=by).first()
    return colleague is not None and _take_out(colleague)


@transaction.atomic
def _take_out(user: User) -> bool:
    logo = _locked(user)
    if logo is None:
        return False
    if not logo.managers.exclude(user=user).exists():
        backups.remember(logo)
    LogoManager.objects.filter(user=user).delete()
    consents.end(user, TEXT.key)
    page_version.renew()
    return True


def _locked(user: User) -> Logo | None:
    return Logo.objects.select_for_update().filter(managers__user=user).first()


def _open(token: str) -> LogoInvitation | None:
    found = LogoInvitation.objects.select_related("logo").filter(
        link_hash=LINKS.hash(token), expires_at__gt=clock.now(), logo__state=Logo.State.PUBLISHED
    )
    return found.first()
