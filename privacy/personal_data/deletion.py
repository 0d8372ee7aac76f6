"""Requests for deletion: what is kept of them, and for how long."""

from collections.abc import Callable
from typing import Any

from privacy import inventory
from privacy.inventory import (
    Category,
    Days,
    Erasure,
    Keep,
    NotPersonal,
    Personal,
    PersonalData,
    Source,
    Subject,
    UntilErased,
    With,
    Years,
)
from privacy.models import (
    DeletionPlan,
    DeletionRequest,
    DeletionStep,
    ProofToken,
    ReceivedMail,
    RequestAddress,
    RequestEvent,
    RequestSubject,
    SealedAddress,
)
from privacy.models.proofs import PROOF_DAYS
from privacy.purposes import CUSTOMER_AND_STAFF, DELETION, DESK, NOBODY, staff_link

#: The regular limitation period (section 195 of the German BGB): so long the shop may have to show what it did.
_REQUEST = Years(3, since="closed_at", at="expires_at")
_WITH_REQUEST = With("privacy.DeletionRequest", via="request")
#: A request that came to nothing can still be asked about; one that was carried out loses its person with the notice.
_SUBJECT = Days(14, since="ended_at", at="expires_at")


def _asked(
    category: Category,
    *,
    source: Source = Source.MAIL,
    keep: Keep = _SUBJECT,
    export: bool = True,
    scrub: Callable[[Any, frozenset[str]], Any] | None = None,
) -> Personal:
    """What a person wrote to support, or support noted."""
    return Personal(
        category=category,
        purpose=DELETION,
        source=source,
        readers=CUSTOMER_AND_STAFF if export else DESK,
        keep=keep,
        erasure=Erasure.DELETE_ROW,
        export=export,
        scrub=scrub,
    )


@inventory.register(DeletionRequest)
class DeletionRequestData(PersonalData):
    about = "your request for deletion"
    subject = Subject(user="approved_by")
    row = _REQUEST
    planned_by = staff_link(_REQUEST, readers=DESK)
    approved_by = staff_link(_REQUEST, readers=DESK)
    facts = NotPersonal(
        "how far a request is, and what was done, in counts and digests",
        "id state channel law language is_doubtful received_at due_at extended_at duplicate_of needs_two told_at "
        "bounced_at closed_at retained receipt rounds next_try_at tries problem expires_at",
    )


@inventory.register(RequestSubject)
class RequestSubjectData(PersonalData):
    about = "your request for deletion"
    subject = Subject(email="addresses__address")
    row = _SUBJECT
    sender = _asked(Category.EMAIL)
    name = _asked(Category.NAME)
    title = _asked(Category.FREE_TEXT, scrub=inventory.scrub_text)
    text = _asked(Category.FREE_TEXT, scrub=inventory.scrub_text)
    reasons = _asked(Category.FREE_TEXT, source=Source.SHOP, scrub=inventory.scrub_json)
    hints = _asked(Category.FREE_TEXT, source=Source.SHOP, scrub=inventory.scrub_json)
    message_id = _asked(Category.REFERENCE)
    answer = _asked(Category.FREE_TEXT, source=Source.STAFF, scrub=inventory.scrub_text)
    note = _asked(Category.FREE_TEXT, source=Source.STAFF, scrub=inventory.scrub_text)
    facts = NotPersonal("which request, and when it ended", "id request ended_at expires_at")


@inventory.register(RequestAddress)
class RequestAddressData(PersonalData):
    about = "your request for deletion"
    subject = Subject(email="address")
    row = With("privacy.RequestSubject", via="subject")
    address = _asked(Category.EMAIL, keep=row)
    open_address = _asked(Category.EMAIL, source=Source.SHOP, keep=row, export=False)
    added_by = staff_link(row, readers=DESK)
    facts = NotPersonal("whose it is, and when it was proven", "id subject proved_at")


@inventory.register(RequestEvent)
class RequestEventData(PersonalData):
    about = "your request for deletion"
    subject = Subject(user="by")
    row = _WITH_REQUEST
    by = staff_link(_WITH_REQUEST, readers=DESK)
    facts = NotPersonal("what happened, in words and counts", "id request kind at detail")


@inventory.register(DeletionPlan)
class DeletionPlanData(PersonalData):
    about = "your request for deletion"
    subject = Subject(user="made_by")
    row = _WITH_REQUEST
    made_by = staff_link(_WITH_REQUEST, readers=DESK)
    facts = NotPersonal(
        "what is erased and kept, in words and counts", "id request number made_at content digest inventory_digest"
    )


@inventory.register(DeletionStep)
class DeletionStepData(PersonalData):
    about = "your request for deletion"
    subject = Subject(user="done_by")
    row = _WITH_REQUEST
    done_by = staff_link(_WITH_REQUEST, readers=DESK)
    facts = NotPersonal(
        "how far a step is", "id request position name kind state count detail done_at next_try_at tries"
    )


@inventory.register(ProofToken)
class ProofTokenData(PersonalData):
    row = Days(PROOF_DAYS, since="made_at", at="expires_at")
    facts = NotPersonal(
        "hash of a link that proves an address; the link itself isn't kept",
        "id request address kind token_hash nonce made_at used_at used_way expires_at",
    )


@inventory.register(SealedAddress)
class SealedAddressData(PersonalData):
    about = "your request for deletion"
    subject = Subject()
    row = _WITH_REQUEST
    ciphertext = Personal(
        category=Category.EMAIL,
        purpose=DELETION,
        source=Source.SHOP,
        readers=NOBODY,
        keep=UntilErased("72 hours have passed since our notice was accepted, or it came back: its key is destroyed"),
        erasure=Erasure.DELETE_ROW,
        export=False,
        scrub=None,
    )
    facts = NotPersonal("key, and when it was destroyed", "id request key sealed_at key_destroyed_at")


@inventory.register(ReceivedMail)
class ReceivedMailData(PersonalData):
    row = Days(90, since="taken_at", at="expires_at")
    facts = NotPersonal(
        "that a mail was looked at: its number in the mailbox and a keyed digest",
        "id mailbox uid_validity uid digest taken_at verdict tries request expires_at",
    )


#: What happens at the dates that periods count from, for the policy.
inventory.name_moments(
    {
        "privacy.DeletionRequest.closed_at": "the request was closed",
        "privacy.RequestSubject.ended_at": "the request ended without a deletion",
        "privacy.ProofToken.made_at": "the mail with the link was written",
        "privacy.ReceivedMail.taken_at": "the mail was looked at",
    }
)
