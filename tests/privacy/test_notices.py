"""The person is told once it has succeeded, and not before; then the shop forgets them (P12d)."""

from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail as django_mail
from django.db import connection, transaction
from pytest_django import Settings

from accounts.models import User
from local.mail_sink import make_maildir
from privacy import (
    clock,
    deletion_requests,
    deletion_words,
    journal,
    mails,
    notice_mails,
    notices,
    residue,
    sealed_people,
)
from privacy.erasure import execution, returning
from privacy.journal.book import BEGINNING
from privacy.mailbox import source
from privacy.models import (
    Alert,
    DeletionRequest,
    JournalPosition,
    OutgoingMail,
    ProofToken,
    RequestAddress,
    RequestSubject,
    SealedAddress,
)
from shop.models import OrderHold, OrderParty
from tests.privacy.erasure import people
from tests.privacy.erasure.people import ADA
from tests.privacy.mailbox.letters import Box, letter

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P12d")]
State = DeletionRequest.State


@pytest.fixture
def maildir(tmp_path: Path, settings: Settings) -> Box:
    folder = make_maildir(tmp_path / "support-mail")
    settings.MAILBOX_URL = f"maildir:{folder}"
    return Box(folder)


@pytest.fixture(autouse=True)
def at_once(settings: Settings, tmp_path: Path) -> None:
    settings.ERASURE_SETTLE_SECONDS = 0
    settings.MEDIA_ROOT = tmp_path / "media"


def later(hours: float) -> AbstractContextManager[None]:
    return clock.at(clock.now() + timedelta(hours=hours))


def sent() -> "django_mail.EmailMultiAlternatives":
    """The notice, once a mail server took it."""
    django_mail.outbox.clear()
    mails.send_due()
    (notice,) = [one for one in django_mail.outbox if one.to == [ADA] and "deleted" in one.subject]
    return notice


def told(**about: object) -> DeletionRequest:
    request = people.erased(**about)
    sent()
    notices.watch()
    request.refresh_from_db()
    return request


def completed() -> DeletionRequest:
    request = told()
    with later(73):
        notices.watch()
    request.refresh_from_db()
    return request


def everything() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
            "WHERE relkind = 'r' AND nspname = current_schema()"
        )
        found = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [f"{table}: {row}" for (row,) in cursor.fetchall()]
    return "\n".join(found)


def test_nobody_is_told_before_the_scan_is_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    people.sold()
    real = residue.scan

    def dirty(person: object, **options: object) -> residue.Report:
        report = real(person, **options)  # type: ignore[arg-type]
        found = residue.Finding("shop_x.y", "1", residue.Kind.EMAIL, "plain")
        return residue.Report((found,), (), report.exempt, report.searched, report.inventory)

    monkeypatch.setattr(residue, "scan", dirty)
    request = people.erased()
    assert request.state == State.VERIFYING
    assert not OutgoingMail.objects.filter(kind="deletion_notice").exists()
    assert request.told_at is None


def test_the_notice_says_what_was_erased_what_is_kept_and_where_to_complain(settings: Settings) -> None:
    settings.COMPLAINT_AUTHORITY = "the Hamburg Commissioner, https://datenschutz.example"
    user = people.account()
    order = people.sold(user=user)
    request = people.erased()
    notice = sent()
    assert notice.subject == f"Your data is deleted ({request.number})"
    token = ProofToken.objects.get(kind="notice", request=request)
    assert notice.from_email == f"AzureOps <support+{deletion_requests.token(token)}@example.com>"
    assert notice.extra_headers["Auto-Submitted"] == "auto-generated"
    body = str(notice.body)
    assert "- your account with its addresses" in body
    assert "- your cart" in body
    end = order.placed_at.replace(year=order.placed_at.year + 3)
    law = "tax law asks for it (Art. 6(1)(c) GDPR)"
    assert f"- who you are in your orders, until {deletion_words.day(end, 'en')}: {law}" in body
    assert "complain to the Hamburg Commissioner, https://datenschutz.example." in body
    assert "Stripe" in body
    html = str(notice.alternatives[0][0])
    assert "your account with its addresses" in html
    assert "Ada Lovelace" not in body + html


def test_where_nothing_is_kept_it_says_so() -> None:
    people.account()
    people.erased()
    body = str(sent().body)
    assert "We keep nothing." in body
    assert "This we have to keep" not in body


@pytest.mark.parametrize("language", ["de", "fr", "es", "it", "nl", "pl", "pt", "en", "", "xx"])
def test_every_language_says_everything(language: str) -> None:
    english = {part: set(deletion_words.english.WORDS[part]) for part in deletion_words.english.WORDS}
    code = deletion_words.known(language)
    words = deletion_words._LANGUAGES[code]
    assert {part: set(words[part]) for part in words} == english
    people.account(), people.sold()
    request = people.erased()
    DeletionRequest.objects.filter(pk=request.pk).update(language=language)
    made = notice_mails.notice(request.pk)
    assert made is not None
    assert made.subject == words["notice"]["subject"].format(number=request.number)
    text = str(mails.build(made).body)
    assert words["notice_groups"]["account"] in text
    assert words["notice_grounds"]["law"] in text
    assert "{" not in text


def test_the_address_is_sealed_before_anything_goes_and_read_from_there() -> None:
    people.account()
    request = people.approved(by=people.staff())
    assert not SealedAddress.objects.exists()
    execution.advance(request.pk)
    execution.advance(request.pk)
    row = SealedAddress.objects.get()
    assert ADA.encode() not in bytes(row.ciphertext)
    sealed = sealed_people.of_request(request.pk)
    assert sealed is not None
    assert (sealed.address, sealed.person.addresses) == (ADA, {ADA})
    assert {one.value for one in sealed.known if one.kind is residue.Kind.NAME} == {"Ada Lovelace"}


def test_a_sealed_address_on_another_request_opens_nothing() -> None:
    request = people.erased()
    other = people.verified("bob@example.com")
    SealedAddress.objects.filter(request=request).update(request=other)
    assert sealed_people.of_request(other.pk) is None


def test_when_the_notice_was_accepted_subject_and_mails_go(maildir: Box) -> None:
    people.sold()
    maildir.put(letter("Unrelated.", sender="bob@example.com"))
    request = people.erased()
    mine = maildir.put(letter("Thanks, when?", sender=ADA))
    assert mine
    assert RequestSubject.objects.filter(request=request).exists()
    notices.watch()
    assert RequestSubject.objects.filter(request=request).exists()  # nothing was sent yet
    sent()
    notices.watch()
    request.refresh_from_db()
    assert request.told_at is not None
    assert not RequestSubject.objects.exists()
    assert not RequestAddress.objects.exists()
    assert [name for name in maildir.files() if mine in name] == []
    assert len(maildir.files()) == 1
    assert sealed_people.of_request(request.pk) is not None


def test_the_key_is_kept_for_72_hours_and_then_destroyed_with_the_second_scan() -> None:
    order = people.sold()
    request = told()
    with later(71):
        assert notices.watch() == 0
    assert SealedAddress.objects.get().key is not None
    with later(73):
        assert notices.watch() == 1
    request.refresh_from_db()
    assert request.state == State.COMPLETED_WITH_RETENTION
    row = SealedAddress.objects.get()
    assert (row.key, row.key_destroyed_at is not None) == (None, True)
    assert request.receipt["second_scan"]["findings"] == 0
    assert request.receipt["first_scan"]["findings"] == 0
    assert set(request.receipt["second_scan"]["exempt"]) == {"restricted"}
    left = [line for line in everything().splitlines() if ADA in line.lower() or "lovelace" in line.lower()]
    assert [line.partition(":")[0] for line in left] == ["shop_orderparty"]
    assert OrderParty.objects.get(order=order).restricted_at is not None


def test_where_nothing_is_kept_the_request_is_completed() -> None:
    people.account()
    request = completed()
    assert request.state == State.COMPLETED
    assert ADA not in everything().lower()


def test_a_bounce_destroys_the_key_at_once_and_the_erasure_stands() -> None:
    people.account()
    request = told()
    token = deletion_requests.token(ProofToken.objects.get(kind="notice"))
    deletion_requests.record_bounce(token.upper())
    notices.watch()
    request.refresh_from_db()
    assert request.bounced_at is not None
    assert request.state == State.COMPLETED
    assert SealedAddress.objects.get().key is None
    assert [event.kind for event in request.events.all()][-2:] == ["bounced", "completed"]


def test_what_came_back_after_the_notice_is_erased_again_and_the_person_isnt_told_twice() -> None:
    people.account()
    request = told()
    neighbor = people.sold("bob@example.com", party={"name": "Bob Stone"})
    OrderHold.objects.filter(order=neighbor).update(reason=f"{ADA} called again.")
    with later(73):
        notices.watch()
    request.refresh_from_db()
    assert request.state == State.EXECUTING
    assert Alert.objects.filter(kind="erasure_stuck", closed_at=None).exists()
    assert SealedAddress.objects.get().key is not None
    with later(74):
        execution.carry_out(request.pk)
        request.refresh_from_db()
        assert (request.state, request.problem) == (State.NOTIFYING, "")
        django_mail.outbox.clear()
        mails.send_due()
        assert [one for one in django_mail.outbox if one.to == [ADA]] == []
        notices.watch()
    request.refresh_from_db()
    assert request.state == State.COMPLETED
    assert ADA not in OrderHold.objects.get(order=neighbor).reason
    assert not Alert.objects.filter(kind="erasure_stuck", closed_at=None).exists()


@pytest.mark.parametrize("way", ["a guest's order", "an account"])
def test_who_comes_back_keeps_what_is_new_and_a_person_looks_at_the_rest(way: str) -> None:
    people.account()
    request = told()
    with later(1):
        new = people.sold(age=timedelta(0)) if way == "a guest's order" else people.account()
    with later(73):
        notices.watch()
    request.refresh_from_db()
    assert (request.state, request.problem) == (State.COMPLETED, "")
    assert type(new)._default_manager.filter(pk=new.pk).exists()
    assert not OrderParty.objects.filter(restricted_at__isnull=False).exists()
    assert SealedAddress.objects.get().key is None
    assert ADA not in Alert.objects.get(kind=notices.CAME_BACK).message


@pytest.mark.parametrize("moment", ["before the steps", "during a step", "before the look"])
def test_who_comes_back_while_leftovers_are_erased_keeps_what_is_new(
    moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.account()
    request = told()
    neighbor = people.sold("bob@example.com", party={"name": "Bob Stone"})
    OrderHold.objects.filter(order=neighbor).update(reason=f"{ADA} called again.")
    with later(73):
        notices.watch()
    request.refresh_from_db()
    assert request.state == State.EXECUTING
    new: list[object] = []

    def comes_back() -> None:
        new.extend([people.sold(age=timedelta(0)), people.account()])

    with later(74):
        if moment != "before the look":
            comes_back()
        if moment == "during a step":  # the look before the step was a moment too early
            looks = iter([False])
            real = returning.came_back
            monkeypatch.setattr(returning, "came_back", lambda request: next(looks, None) is None and real(request))
        if moment == "before the look":
            while request.state == State.EXECUTING:
                execution.advance(request.pk)
                request.refresh_from_db()
            comes_back()
        execution.carry_out(request.pk)
        notices.watch()
    request.refresh_from_db()
    assert (request.state, request.problem) == (State.COMPLETED, "")
    order, user = new
    assert isinstance(user, User)
    assert OrderParty.objects.filter(order=order, email=ADA, restricted_at__isnull=True).exists()
    assert user.addresses.exists()
    assert SealedAddress.objects.get().key is None
    assert Alert.objects.filter(kind=notices.CAME_BACK).exists()


def test_what_the_request_left_of_its_person_is_not_let_pass_by_the_second_scan() -> None:
    people.account()
    request = told()
    subject = RequestSubject.objects.create(request=request, name="Ada Lovelace", sender=ADA)
    RequestAddress.objects.create(subject=subject, address=ADA)
    with later(73):
        notices.watch()
    request.refresh_from_db()
    assert request.state == State.EXECUTING


def test_a_mailbox_that_is_away_holds_everything_until_it_is_back(maildir: Box, settings: Settings) -> None:
    people.sold()
    request = people.erased()
    sent()
    there = settings.MAILBOX_URL
    settings.MAILBOX_URL = "maildir:/nowhere"
    assert notices.watch() == 0
    request.refresh_from_db()
    assert (request.told_at, request.problem) == (None, source.MailboxError.__name__)
    assert RequestSubject.objects.exists()
    settings.MAILBOX_URL = there
    with later(1):
        assert notices.watch() == 1


@pytest.mark.parametrize(
    "place",
    ["privacy.journal.write", "privacy.sealed_people.destroy", "privacy.residue.scan", "privacy.alerts.close_alert"],
)
def test_whoever_is_killed_leaves_it_to_the_next_run(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    people.account()
    people.erased()
    sent()
    for hours in (0, 73):
        with later(hours), monkeypatch.context() as killed:
            killed.setattr(place, lambda *_args, **_options: 1 / 0)
            notices.watch()
    request = DeletionRequest.objects.get()
    assert request.state == State.NOTIFYING
    assert SealedAddress.objects.get().key is not None
    for hours in (74, 148):
        with later(hours):
            notices.watch()
    request.refresh_from_db()
    assert request.state == State.COMPLETED
    assert SealedAddress.objects.get().key is None


def test_after_a_restore_who_was_told_is_not_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    people.account()
    request = people.erased()
    with transaction.atomic():
        journal.write(
            "told",
            hashes=[*journal.person_hashes(sealed_people.of_request(request.pk).person)],  # type: ignore[union-attr]
            rows={"privacy.DeletionRequest": [request.pk]},
            plan=f"{clock.now().isoformat()} ",
        )
    told_line = list(journal.book().lines())[-1].mark.sequence
    monkeypatch.setattr("privacy.journal.writing._was_committed", lambda line: line.mark.sequence == told_line)
    JournalPosition.objects.update(sequence=0, mac=BEGINNING.mac)
    other = people.verified("bob@example.com")
    (step,) = journal.replay()
    assert (step.entry.kind, step.count) == ("told", 1)
    request.refresh_from_db(), other.refresh_from_db()
    assert (request.state, other.state) == (State.COMPLETED, State.VERIFIED)
    django_mail.outbox.clear()
    mails.send_due()
    assert [one for one in django_mail.outbox if one.to == [ADA]] == []


def test_a_key_that_a_backup_brought_back_is_destroyed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    people.account()
    request = people.erased()
    row = SealedAddress.objects.get(request=request)
    with transaction.atomic():
        hashes = journal.person_hashes(sealed_people.person_of(request))
        journal.write("key", hashes=hashes, rows={"privacy.SealedAddress": [row.pk]})
    line = list(journal.book().lines())[-1].mark.sequence
    monkeypatch.setattr("privacy.journal.writing._was_committed", lambda one: one.mark.sequence == line)
    JournalPosition.objects.update(sequence=0, mac=BEGINNING.mac)
    assert [step.count for step in journal.replay()] == [1]
    row.refresh_from_db()
    assert row.key is None


def test_a_notice_is_one_mail_however_often_it_is_written() -> None:
    people.account()
    request = people.erased()
    notices.write(request.pk)
    assert OutgoingMail.objects.filter(kind="deletion_notice").count() == 1
    assert ProofToken.objects.filter(kind="notice").count() == 1


def test_what_the_person_writes_after_being_told_is_new_and_stays(maildir: Box) -> None:
    people.account()
    request = told()
    written = maildir.put(letter("I have a new question.", sender=ADA))
    with later(73):
        notices.watch()
    request.refresh_from_db()
    assert (request.state, request.problem) == (State.COMPLETED, "")
    assert [name for name in maildir.files() if written in name]
    assert request.receipt["second_scan"]["candidates"] > 0
