"""What the ground floor and Django's own tables store."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType

from privacy import inventory, places, rate_limits
from privacy.inventory import (
    Category,
    Days,
    Erasure,
    NotPersonal,
    Personal,
    PersonalData,
    Purpose,
    Reader,
    Source,
    Subject,
    Years,
)
from privacy.models import (
    Alert,
    Consent,
    Export,
    JournalPosition,
    LegalHold,
    Look,
    MailRecipient,
    MailWording,
    OutgoingMail,
    PolicyVersion,
    Remainder,
    RetentionPeriod,
)
from privacy.models.exports import LINK_DAYS
from privacy.purposes import (
    ADMINISTRATORS,
    ADMINISTRATORS_AND_CUSTOMER,
    CONSENT_PROOF,
    CUSTOMER_AND_STAFF,
    CUSTOMER_ONLY,
    MANAGERS,
    RIGHTS,
    STAFF_WORK,
)


@inventory.register(OutgoingMail)
class OutgoingMailData(PersonalData):
    row = Days(90, since="created_at", at="expires_at")
    columns_ = NotPersonal(
        "a mail by its kind and the row it is about; address and text are made when it is sent",
        "id kind object_id dedup_key state created_at next_try_at tries sent_at bounced_at bounce bounce_closed_at "
        "expires_at",
    )


_DELIVERY = Days(30, since="sent_at", at="expires_at")


def _of_delivery(category: Category) -> Personal:
    """To whom a mail went and when; the outbox's row stays without it."""
    return Personal(
        category=category,
        purpose=STAFF_WORK,
        source=Source.SHOP,
        readers=MANAGERS,
        keep=_DELIVERY,
        erasure=Erasure.DELETE_ROW,
        export=True,
        scrub=None,
    )


@inventory.register(MailRecipient)
class MailRecipientData(PersonalData):
    about = "which mails went to you in the last thirty days"
    subject = Subject(email="address")
    row = _DELIVERY
    address = _of_delivery(Category.EMAIL)
    sent_at = _of_delivery(Category.ACTIVITY)
    facts = NotPersonal("which mail, as the outbox and mail servers name it", "id mail message_id expires_at")


@inventory.register(MailWording)
class MailWordingData(PersonalData):
    columns_ = NotPersonal("the shop's own words in its mails", "id kind language subject intro changed_at")


@inventory.register(Alert)
class AlertData(PersonalData):
    row = Days(365, since="closed_at", at="expires_at")
    columns_ = NotPersonal(
        "what staff must look at, by ids", "id kind key message opened_at mailed_at closed_at expires_at"
    )


#: The regular limitation period (section 195 of the German BGB): so long the shop may have to show a consent.
_PROOF = Years(3, since="ended_at", at="expires_at")


def _agreed(erasure: Erasure) -> Personal:
    return Personal(
        category=Category.PREFERENCE,
        purpose=CONSENT_PROOF,
        source=Source.ACCOUNT,
        readers=CUSTOMER_AND_STAFF,
        keep=_PROOF,
        erasure=erasure,
        export=True,
        scrub=None,
    )


@inventory.register(Consent)
class ConsentData(PersonalData):
    about = "your consents"
    subject = Subject(user="user")
    row = _PROOF
    user = _agreed(Erasure.UNLINK)
    key = _agreed(Erasure.RESTRICT)
    version = _agreed(Erasure.RESTRICT)
    given_at = _agreed(Erasure.RESTRICT)
    ended_at = _agreed(Erasure.RESTRICT)
    facts = NotPersonal("which words those were, how it ended, and when the row goes", "id digest end expires_at")


_EXPORT_LIFE = Days(LINK_DAYS, since="finished_at", at="expires_at")


def _of_export(
    category: Category,
    *,
    purpose: Purpose = RIGHTS,
    source: Source = Source.SHOP,
    readers: frozenset[Reader] = CUSTOMER_ONLY,
    erasure: Erasure = Erasure.DELETE_ROW,
    export: bool = True,
    scrub: Callable[[Any, frozenset[str]], Any] | None = None,
) -> Personal:
    """A column of an export; all go with the row, unless it says otherwise."""
    return Personal(
        category=category,
        purpose=purpose,
        source=source,
        readers=readers,
        keep=_EXPORT_LIFE,
        erasure=erasure,
        export=export,
        scrub=scrub,
    )


@inventory.register(Export)
class ExportData(PersonalData):
    about = "the copy of your data that you asked for"
    subject = Subject(email="email", user="user")
    row = _EXPORT_LIFE
    user = _of_export(Category.PREFERENCE)
    email = _of_export(Category.EMAIL, source=Source.STAFF, readers=MANAGERS)
    requested_at = _of_export(Category.PREFERENCE)
    asked_by = _of_export(Category.WORK, purpose=STAFF_WORK, readers=MANAGERS, erasure=Erasure.UNLINK, export=False)
    reason = _of_export(Category.FREE_TEXT, source=Source.STAFF, readers=MANAGERS, scrub=inventory.scrub_text)
    # A copy of the rest, encrypted, which holds the same columns: an export of exports would have no end.
    file = _of_export(Category.FREE_TEXT, export=False)
    facts = NotPersonal(
        "how far it is, and hash and nonce of its link",
        "id state finished_at expires_at next_try_at tries link_nonce link_hash size",
    )


HOLD = Years("ORDER_RETENTION_YEARS", since="lifted_at", at="expires_at")


def _of_hold(category: Category, *, source: Source, erasure: Erasure, scrub: Callable[..., Any] | None) -> Personal:
    return Personal(
        category=category,
        purpose=STAFF_WORK,
        source=source,
        readers=MANAGERS,
        keep=HOLD,
        erasure=erasure,
        export=False,
        scrub=scrub,
    )


@inventory.register(LegalHold)
class LegalHoldData(PersonalData):
    about = "a legal hold"
    subject = Subject(user="placed_by")
    row = HOLD
    reason = _of_hold(Category.FREE_TEXT, source=Source.STAFF, erasure=Erasure.RESTRICT, scrub=inventory.scrub_text)
    placed_by = _of_hold(Category.WORK, source=Source.SHOP, erasure=Erasure.UNLINK, scrub=None)
    lifted_by = _of_hold(Category.WORK, source=Source.SHOP, erasure=Erasure.UNLINK, scrub=None)
    facts = NotPersonal("which row, and from when to when", "id model object_id placed_at until lifted_at expires_at")


_LOOK = Days(365, since="at", at="expires_at")


def _of_look(
    category: Category, *, source: Source = Source.SHOP, export: bool = True, scrub: Callable[..., Any] | None = None
) -> Personal:
    """A column of a look. It names its row by number, so with the row it leads to the customer no longer."""
    return Personal(
        category=category,
        purpose=STAFF_WORK,
        source=source,
        readers=ADMINISTRATORS_AND_CUSTOMER if export else ADMINISTRATORS,
        keep=_LOOK,
        erasure=Erasure.RESTRICT if export else Erasure.UNLINK,
        export=export,
        scrub=scrub,
    )


@inventory.register(Look)
class LookData(PersonalData):
    about = "who of us looked at your data"
    subject = Subject(user="by")
    row = _LOOK
    by = _of_look(Category.WORK, export=False)
    role = _of_look(Category.WORK)
    kind = _of_look(Category.ACTIVITY)
    purpose = _of_look(Category.FREE_TEXT, source=Source.STAFF, scrub=inventory.scrub_text)
    at = _of_look(Category.ACTIVITY)
    facts = NotPersonal("which row, by number, and when the look goes", "id model object_id expires_at")


@inventory.register(RetentionPeriod)
class RetentionPeriodData(PersonalData):
    facts = NotPersonal(
        "a rule of retention, its period, and how far the sweep is",
        "id rule model db_table at_column pk_column period target computed_to watermark_at watermark_id known_at "
        "started_at finished_at succeeded_at removed",
    )


@inventory.register(Remainder)
class RemainderData(PersonalData):
    facts = NotPersonal("which row a deletion left whole for now, and why", "id model object_id why made_at looked_at")


@inventory.register(JournalPosition)
class JournalPositionData(PersonalData):
    facts = NotPersonal("how far this database is in the journal of erasures", "only sequence mac written_at")


@inventory.register(PolicyVersion)
class PolicyVersionData(PersonalData):
    facts = NotPersonal("the shop's own texts", "id number published_at digest content")


@inventory.register(ContentType)
class ContentTypeData(PersonalData):
    columns_ = NotPersonal("names of tables", "id app_label model")


inventory.register_table("django_migrations", "id app name applied", "which migrations ran, by name and time")

places.declare(
    places.CachePrefix(
        name=f"{rate_limits.PREFIX}:",
        words="how often a connection or an account did something, under a keyed hash",
        lasts=timedelta(days=1),
    ),
)

#: What happens at the dates that periods count from, for the policy.
inventory.name_moments(
    {
        "privacy.Alert.closed_at": "the alert was closed",
        "privacy.Consent.ended_at": "the consent ended",
        "privacy.Export.finished_at": "the copy was made",
        "privacy.Look.at": "we looked",
        "privacy.OutgoingMail.created_at": "the mail was written",
        "privacy.MailRecipient.sent_at": "the mail was sent",
        "privacy.LegalHold.lifted_at": "the hold was lifted",
    }
)
