"""Requests of customers: what is kept of them, and for how long."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from accounts.models import CannedAnswer, Case, CaseAttachment, CaseEvent, CaseMessage, CaseParty, CaseRefund
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
    With,
    Years,
)
from privacy.purposes import ANSWERS, CUSTOMER_AND_STAFF, DESK, staff_link

#: A claim that was refused may be made again: so long what was said about it can be read.
_PARTY = Days("CASE_RETENTION_DAYS", since="ended_at", at="expires_at")
_WITH_PARTY = With("accounts.CaseParty", via="party")
#: How many there were, and how long they took: that names nobody.
_CASE = Years("ORDER_RETENTION_YEARS", since="closed_at", at="expires_at")
_WITH_CASE = With("accounts.Case", via="case")
#: What leads from a case to its order goes when the order's person goes.
_WITH_ORDER = With("shop.OrderParty", via="order")


def _said(
    category: Category,
    *,
    source: Source = Source.REQUEST,
    keep: Keep = _PARTY,
    export: bool = True,
    scrub: Callable[[Any, frozenset[str]], Any] | None = None,
) -> Personal:
    """What a customer told us, or we them."""
    return Personal(
        category=category,
        purpose=ANSWERS,
        source=source,
        readers=CUSTOMER_AND_STAFF,
        keep=keep,
        erasure=Erasure.DELETE_ROW,
        export=export,
        scrub=scrub,
    )


@inventory.register(Case)
class CaseData(PersonalData):
    about = "your request"
    subject = Subject(email="party__email", user="party__user")
    row = _CASE
    order = Personal(
        category=Category.PURCHASE,
        purpose=ANSWERS,
        source=Source.SHOP,
        readers=CUSTOMER_AND_STAFF,
        keep=_WITH_ORDER,
        erasure=Erasure.RESTRICT,
        export=True,
        scrub=None,
    )
    assigned_to = staff_link(_CASE, readers=DESK)
    facts = NotPersonal(
        "what kind of request, how far it is, and hashes of links",
        "id kind state outcome channel part received_at due_at answered_at closed_at needs_person link_hash mail_hash "
        "expires_at",
    )


@inventory.register(CaseParty)
class CasePartyData(PersonalData):
    about = "your request"
    subject = Subject(email="email", user="user")
    row = _PARTY
    restricted = "restricted_at"
    email = _said(Category.EMAIL)
    #: An account may end before its request has its answer.
    user = replace(_said(Category.EMAIL, source=Source.SHOP), erasure=Erasure.UNLINK)
    name = _said(Category.NAME)
    stated_order = _said(Category.PURCHASE)
    facts = NotPersonal(
        "which case, when it ended, and what its links are made of",
        "id case link_nonce mail_nonce ended_at restricted_at expires_at",
    )


@inventory.register(CaseMessage)
class CaseMessageData(PersonalData):
    about = "your request"
    subject = Subject(email="party__email", user="party__user")
    row = _WITH_PARTY
    text = _said(Category.FREE_TEXT, keep=_WITH_PARTY, scrub=inventory.scrub_text)
    message_id = _said(Category.REFERENCE, keep=_WITH_PARTY)
    by = staff_link(_WITH_PARTY, readers=DESK)
    facts = NotPersonal("who wrote, how and when", "id party sort way at")


_WITH_MESSAGE = With("accounts.CaseParty", via="message__party")


@inventory.register(CaseAttachment)
class CaseAttachmentData(PersonalData):
    about = "your request"
    subject = Subject(email="message__party__email", user="message__party__user")
    row = _WITH_MESSAGE
    name = _said(Category.FREE_TEXT, keep=_WITH_MESSAGE, scrub=inventory.scrub_text)
    # The file itself is handed out on the case's page; a copy of the data says so.
    content = _said(Category.FREE_TEXT, keep=_WITH_MESSAGE, export=False)
    facts = NotPersonal("what kind of file, how long", "id message media_type size")


@inventory.register(CaseRefund)
class CaseRefundData(PersonalData):
    row = _WITH_CASE
    facts = NotPersonal("which refund, how it ended", "id case about amount asked_at ended_at succeeded")


@inventory.register(CaseEvent)
class CaseEventData(PersonalData):
    about = "your request"
    subject = Subject(user="by")
    row = _WITH_CASE
    by = staff_link(_WITH_CASE, readers=DESK)
    facts = NotPersonal("what happened, in words and amounts", "id case kind at detail")


@inventory.register(CannedAnswer)
class CannedAnswerData(PersonalData):
    facts = NotPersonal("an answer that fits many cases", "id title text")


#: What happens at the dates that periods count from, for the policy.
inventory.name_moments(
    {"accounts.Case.closed_at": "the request was closed", "accounts.CaseParty.ended_at": "the request was closed"}
)
