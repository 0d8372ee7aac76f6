"""The secret parts of a case's link and of the address that answers go to: each follows from a nonce of the party."""

import uuid
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse

from accounts.models import CaseParty
from privacy import mail_addresses
from privacy.link_tokens import Links

_PAGE = Links(b"cases: page")
_MAIL = Links(b"cases: mail", in_addresses=True)


class Made(NamedTuple):
    """A new link: what the case stores of it, and what its party does."""

    link_hash: str
    mail_hash: str
    link_nonce: uuid.UUID
    mail_nonce: uuid.UUID


def new() -> Made:
    """The links of a new case."""
    (link_nonce, link_hash), (mail_nonce, mail_hash) = _PAGE.new(), _MAIL.new()
    return Made(link_hash, mail_hash, link_nonce, mail_nonce)


def token(party: CaseParty) -> str:
    """The secret of the case's page: whoever has it may read the case and write to it."""
    return _PAGE.token(party.link_nonce, party.case.link_hash)


def path(party: CaseParty) -> str:
    """The path of the case's page."""
    return reverse("request", args=[token(party)])


def link(party: CaseParty) -> str:
    """The whole address of the case's page, for mails."""
    return settings.SITE_URL + path(party)


def mail_address(party: CaseParty) -> str:
    """The address of ours to which answers about this case go."""
    return mail_addresses.with_token(_MAIL.token(party.mail_nonce, party.case.mail_hash))


def find(typed: str) -> CaseParty | None:
    """The party whose case a page's secret opens, or None."""
    found = CaseParty.objects.filter(case__link_hash=_PAGE.hash(typed), restricted_at__isnull=True)
    return found.select_related("case__order").first()


def find_by_mail(typed: str) -> CaseParty | None:
    """The party whose case is meant by the token in an address of ours, or None."""
    return CaseParty.objects.filter(case__mail_hash=_MAIL.hash(typed)).select_related("case").first()
