"""Logos of companies: what is stored of the company and of the people who manage its logo."""

from accounts.models import Logo, LogoInvitation, LogoManager, LogoPicture
from privacy import inventory
from privacy.inventory import (
    Category,
    Days,
    Erasure,
    Keep,
    NotPersonal,
    Personal,
    PersonalData,
    Reader,
    Source,
    Subject,
    UntilErased,
    With,
)
from privacy.purposes import BRANDING, CUSTOMER_AND_STAFF, EVERYBODY, staff_link

WHILE_AGREED = UntilErased("you take your company’s consent back, or nobody who manages the logo is left")
DECLINED = Days(90, since="decided_at", at="expires_at")
WITH_LOGO = With("accounts.Logo", via="logo")


def _shown(
    category: Category,
    *,
    readers: frozenset[Reader] = EVERYBODY,
    keep: Keep = WHILE_AGREED,
    export: bool = True,
) -> Personal:
    """What is shown of a company, as long as it agrees."""
    return Personal(
        category=category,
        purpose=BRANDING,
        source=Source.ACCOUNT,
        readers=readers,
        keep=keep,
        erasure=Erasure.DELETE_ROW,
        export=export,
        scrub=None,
    )


def _managed(category: Category) -> Personal:
    """Who manages a logo: for this person, the colleagues and staff."""
    return _shown(category, readers=CUSTOMER_AND_STAFF, keep=WITH_LOGO)


@inventory.register(Logo)
class LogoData(PersonalData):
    """It is the company's: it goes with the last person who manages it (`accounts.erasing`)."""

    about = "your company’s logo"
    subject = Subject(user="managers__user")
    row = DECLINED
    company = _shown(Category.COMPANY)
    submitted_at = _shown(Category.ACTIVITY, readers=CUSTOMER_AND_STAFF)
    decided_by = staff_link(WHILE_AGREED)
    reason = Personal(
        category=Category.FREE_TEXT,
        purpose=BRANDING,
        source=Source.STAFF,
        readers=CUSTOMER_AND_STAFF,
        keep=DECLINED,
        erasure=Erasure.DELETE_ROW,
        export=True,
        scrub=inventory.scrub_text,
    )
    facts = NotPersonal("how far it is, and when that was decided", "id state revision decided_at expires_at")


@inventory.register("accounts.Logo_products")
class LogoProductsData(PersonalData):
    row = WITH_LOGO
    keys = NotPersonal("for which products a company is named", "id logo product")


@inventory.register(LogoPicture)
class LogoPictureData(PersonalData):
    about = "your company’s logo"
    subject = Subject(user="logo__managers__user")
    row = WITH_LOGO
    # A file, which the person fetches from the account; an export says that there is one.
    content = _shown(Category.LOGO, keep=WITH_LOGO, export=False)
    facts = NotPersonal("random name, kind and size of a picture", "id logo size name kind width height")


@inventory.register(LogoManager)
class LogoManagerData(PersonalData):
    about = "your company’s logo"
    subject = Subject(user="user")
    row = WITH_LOGO
    user = _managed(Category.PREFERENCE)
    since = _managed(Category.ACTIVITY)
    keys = NotPersonal("keys", "id logo")


@inventory.register(LogoInvitation)
class LogoInvitationData(PersonalData):
    row = Days(14, since="made_at", at="expires_at")
    facts = NotPersonal("hash and nonce of a link that names nobody", "id logo link_nonce link_hash made_at expires_at")


inventory.name_moments(
    {
        "accounts.Logo.decided_at": "we declined to show it",
        "accounts.LogoInvitation.made_at": "the link was made",
    }
)
