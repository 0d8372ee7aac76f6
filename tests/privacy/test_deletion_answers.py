"""The mails about a longer time and about a refusal, in four languages, with the reason and to the right address."""

import pytest
from django.core import mail as outgoing

from accounts import roles
from privacy import deletion_requests, deletion_words, mails
from privacy.models import DeletionRequest, OutgoingMail, RequestSubject
from tests import desk

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P12b")]
KIM, REASON = "kim@customer.example", "A dispute about order 1 is open."


def receive(language: str = "en") -> DeletionRequest:
    request = deletion_requests.receive(channel="mail", address=KIM, sender="other@forged.example", language=language)
    OutgoingMail.objects.all().delete()
    return request


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "", "it"])
@pytest.mark.parametrize("part", ["extended", "refused"])
def test_the_mail_says_why_in_the_persons_language(part: str, language: str) -> None:
    request, staff = receive(language), desk.person(roles.SUPPORT)
    if part == "extended":
        deletion_requests.extend(request.pk, by=staff, reason=REASON)
    else:
        deletion_requests.refuse(request.pk, by=staff, reason=REASON)
    assert mails.send_due() == 1
    (message,) = outgoing.outbox
    request.refresh_from_db()
    known = deletion_words.known(language)
    words = deletion_words.of(known, part, number=request.number, until=deletion_words.day(request.due_at, known))
    assert (message.to, message.subject) == ([KIM], words["subject"])
    for body in (str(message.body), str(message.alternatives[0][0])):
        shown = body.replace("&#x27;", "'")
        for sentence in (words["title"], words["said"], f"{words['because']} {REASON}", words["complain"]):
            assert sentence in shown, sentence
    assert staff.email not in str(message.body)
    assert staff.name not in str(message.body)


def test_it_goes_to_the_proven_address_where_there_is_one() -> None:
    request = receive()
    added = deletion_requests.add_address(request.pk, "second@customer.example", by=None)
    added.proved_at = request.received_at
    added.save()
    deletion_requests.refuse(request.pk, by=desk.person(roles.SUPPORT), reason=REASON)
    mails.send_due()
    assert [message.to for message in outgoing.outbox] == [["second@customer.example"]]


def test_nothing_is_sent_where_the_person_is_no_longer_kept() -> None:
    request = receive()
    deletion_requests.refuse(request.pk, by=desk.person(roles.SUPPORT), reason=REASON)
    RequestSubject.objects.all().delete()
    assert mails.send_due() == 0
