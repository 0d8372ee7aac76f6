"""What the decision about a company's logo is told to: everybody who manages it, each in a mail of their own."""

from django.conf import settings
from django.urls import reverse

from accounts.branding.deciding import DECLINED_MAIL, PUBLISHED_MAIL
from accounts.models import Logo, LogoManager
from privacy.mails import Mail, kind
from shop import words


@kind(PUBLISHED_MAIL)
def logo_published(manager_id: int) -> Mail | None:
    """Says that a logo is shown, and how that is taken back. None where it isn't shown any more, or the person left."""
    manager = _manager(manager_id, Logo.State.PUBLISHED)
    if manager is None:
        return None
    return _mail(
        manager,
        f"The logo of {manager.logo.company} is shown",
        "mails/logo_published",
        products=_products(manager.logo),
        shown_at=settings.SITE_URL + reverse("trusted_by"),
    )


@kind(DECLINED_MAIL)
def logo_declined(manager_id: int) -> Mail | None:
    """Says why a logo isn't shown, in the words of who decided, and until when it may be changed."""
    manager = _manager(manager_id, Logo.State.DECLINED)
    if manager is None:
        return None
    logo = manager.logo
    return _mail(
        manager,
        f"The logo of {logo.company} isn’t shown",
        "mails/logo_declined",
        why=logo.reason,
        deleted_on=words.day(logo.expires_at.date()) if logo.expires_at else "",
    )


def _manager(manager_id: int, state: str) -> LogoManager | None:
    """Who manages a logo that is in this state; None where it was changed meanwhile: then a person looks anew."""
    found = LogoManager.objects.select_related("logo", "user")
    return found.filter(pk=manager_id, logo__state=state, user__closed_at__isnull=True).first()


def _mail(manager: LogoManager, subject: str, template: str, **context: object) -> Mail:
    address = settings.SITE_URL + reverse("account_logo")
    given = {"name": manager.user.name, "company": manager.logo.company, "address": address}
    return Mail(manager.user.email, subject, template, given | context)


def _products(logo: Logo) -> str:
    return ", ".join(logo.products.order_by("name").values_list("name", flat=True))
