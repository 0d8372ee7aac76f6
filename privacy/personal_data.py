"""What the ground floor and Django's own tables store."""

from django.contrib.contenttypes.models import ContentType

from privacy import inventory
from privacy.consents import PROOF_YEARS
from privacy.inventory import Category, Erasure, NotPersonal, Personal, PersonalData, Source, Subject, Years
from privacy.models import Alert, Consent, OutgoingMail
from privacy.purposes import CONSENT_PROOF, CUSTOMER_AND_STAFF


@inventory.register(OutgoingMail)
class OutgoingMailData(PersonalData):
    columns_ = NotPersonal(
        "a mail by its kind and the row it is about; address and text are made when it is sent",
        "id kind object_id dedup_key state created_at next_try_at tries sent_at",
    )


@inventory.register(Alert)
class AlertData(PersonalData):
    columns_ = NotPersonal("what staff must look at, by ids", "id kind key message opened_at closed_at")


def _agreed(erasure: Erasure) -> Personal:
    return Personal(
        category=Category.PREFERENCE,
        purpose=CONSENT_PROOF,
        source=Source.ACCOUNT,
        readers=CUSTOMER_AND_STAFF,
        keep=Years(PROOF_YEARS, since="ended_at"),
        erasure=erasure,
        export=True,
        scrub=None,
    )


@inventory.register(Consent)
class ConsentData(PersonalData):
    subject = Subject(user="user")
    user = _agreed(Erasure.UNLINK)
    key = _agreed(Erasure.RESTRICT)
    version = _agreed(Erasure.RESTRICT)
    given_at = _agreed(Erasure.RESTRICT)
    ended_at = _agreed(Erasure.RESTRICT)
    facts = NotPersonal("which words those were, how it ended, and when the row goes", "id digest end expires_at")


@inventory.register(ContentType)
class ContentTypeData(PersonalData):
    columns_ = NotPersonal("names of tables", "id app_label model")
