"""A request from its receipt to its approval, and the ways in which it ends."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from privacy import clock, deletion_requests, retention
from privacy.deletion_requests import CannotDo, InvalidToken, deadlines
from privacy.models import DeletionRequest, OutgoingMail, ProofToken, RequestAddress, RequestEvent, RequestSubject
from tests.accounts.conftest import person

State = DeletionRequest.State
CONTENT = {"sets": [{"model": "accounts.User", "count": 1, "deed": "erased"}]}


def receive(address: str = "ada@example.com", **said: object) -> DeletionRequest:
    return deletion_requests.receive(channel="mail", address=address, **said)


def token_of(request: DeletionRequest) -> str:
    return deletion_requests.token(request.tokens.latest("id"))


def proven(address: str = "ada@example.com") -> DeletionRequest:
    return deletion_requests.prove(token_of(receive(address)), way="link")


def planned(by: User) -> DeletionRequest:
    request = proven()
    deletion_requests.keep_plan(request.pk, CONTENT, inventory_digest="0" * 64, by=by)
    request.refresh_from_db()
    return request


@pytest.fixture
def sue(db: None) -> User:
    return person("sue@example.com", is_staff=True)


@pytest.fixture
def tom(db: None) -> User:
    return person("tom@example.com", is_staff=True)


@pytest.mark.django_db
def test_a_clear_request_asks_the_address_for_proof_at_once() -> None:
    request = receive(sender="Ada <ada@example.com>", text="Delete all\0 my data", title="Hi\r\nBcc: x@example.com")
    assert request.state == State.IDENTITY_PENDING
    assert request.subject.text == "Delete all my data"
    assert request.subject.title == "Hi Bcc: x@example.com"
    mail = OutgoingMail.objects.get(kind="deletion_proof")
    assert mail.object_id == request.tokens.get().pk
    assert list(request.events.values_list("kind", flat=True)) == ["received", "triaged", "proof_asked"]


@pytest.mark.django_db
def test_a_doubtful_request_waits_for_a_person(sue: User) -> None:
    request = receive(is_doubtful=True)
    assert request.state == State.RECEIVED
    assert not OutgoingMail.objects.exists()
    deletion_requests.triage(request.pk, by=sue)
    deletion_requests.triage(request.pk, by=sue)
    deletion_requests.ask_for_proof(request.pk, by=sue)
    request.refresh_from_db()
    assert (request.state, request.is_doubtful) == (State.IDENTITY_PENDING, False)
    assert request.events.get(kind="triaged").by == sue


@pytest.mark.django_db
def test_a_second_request_about_an_address_is_kept_as_a_duplicate_in_any_casing() -> None:
    first, second = receive("ada@example.com"), receive("Ada@Example.COM")
    assert (second.state, second.duplicate_of) == (State.DUPLICATE, first)
    assert first.events.filter(kind="message", detail=f"Asked again: {second.number}").exists()
    deletion_requests.withdraw(first.pk)
    assert receive("ADA@example.com").state == State.IDENTITY_PENDING


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_leave_one_open() -> None:
    def ask() -> None:
        try:
            receive()
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert DeletionRequest.objects.count() == 8
    assert DeletionRequest.objects.filter(state=State.IDENTITY_PENDING).count() == 1
    assert DeletionRequest.objects.filter(state=State.DUPLICATE).count() == 7


@pytest.mark.django_db
def test_the_database_refuses_a_second_open_request_about_an_address() -> None:
    receive()
    other = receive("bob@example.com")
    with pytest.raises(IntegrityError, match="open_address"), transaction.atomic():
        RequestAddress.objects.create(subject=other.subject, address="ADA@example.com", open_address="ada@example.com")


@pytest.mark.django_db
def test_a_token_proves_its_address_once() -> None:
    token = token_of(receive())
    assert token == token.lower()
    assert len(f"support+{token}") <= 64
    request = deletion_requests.prove(token.upper(), way="link")
    assert request.state == State.VERIFIED
    assert ProofToken.objects.get().used_way == "link"
    assert deletion_requests.person_of(request).addresses == {"ada@example.com"}
    for again in (token, "unknown", "", "\0"):
        with pytest.raises(InvalidToken):
            deletion_requests.prove(again, way="link")


@pytest.mark.django_db
def test_a_token_is_stored_as_a_hash_and_dies_after_14_days() -> None:
    request = receive()
    token = token_of(request)
    assert token not in str(list(ProofToken.objects.values()))
    with clock.at(clock.now() + timedelta(days=14, seconds=1)):
        assert deletion_requests.find(token) is None
        with pytest.raises(InvalidToken):
            deletion_requests.prove(token, way="link")
        assert deletion_requests.close_unverified() == 1
        assert deletion_requests.close_unverified() == 0
    request.refresh_from_db()
    assert request.state == State.UNVERIFIED_CLOSED


@pytest.mark.django_db
def test_a_request_with_a_newer_link_stays_open() -> None:
    request = receive()
    with clock.at(clock.now() + timedelta(days=10)):
        deletion_requests.ask_for_proof(request.pk, by=None)
    with clock.at(clock.now() + timedelta(days=15)):
        assert deletion_requests.close_unverified() == 0


@pytest.mark.django_db
def test_before_it_is_proven_an_address_leads_to_nobody(ada: User) -> None:
    request = receive(ada.email)
    assert deletion_requests.person_of(request).users == frozenset()
    deletion_requests.prove(token_of(request), way="reply")
    assert deletion_requests.person_of(request).users == {ada.pk}


@pytest.fixture
def ada(db: None) -> User:
    return person("ada@example.com")


@pytest.mark.django_db
def test_a_further_address_needs_its_own_proof_and_makes_the_plan_outdated(sue: User) -> None:
    request = planned(sue)
    deletion_requests.add_address(request.pk, "ada+shop@example.com", by=sue)
    with pytest.raises(CannotDo, match="has it already"):
        deletion_requests.add_address(request.pk, "ADA+shop@example.com", by=sue)
    deletion_requests.ask_for_proof(request.pk, by=sue)
    assert deletion_requests.person_of(request).addresses == {"ada@example.com"}
    assert deletion_requests.prove(token_of(request), way="link").state == State.VERIFIED
    assert deletion_requests.person_of(request).addresses == {"ada@example.com", "ada+shop@example.com"}


@pytest.mark.django_db
def test_only_the_plan_that_was_seen_is_approved(sue: User, tom: User) -> None:
    request = planned(sue)
    deletion_requests.keep_plan(request.pk, CONTENT, inventory_digest="0" * 64, by=sue)
    with pytest.raises(CannotDo, match="made anew"):
        deletion_requests.approve(request.pk, by=tom, plan_number=1)
    deletion_requests.approve(request.pk, by=tom, plan_number=2)
    deletion_requests.approve(request.pk, by=tom, plan_number=2)
    request.refresh_from_db()
    assert (request.state, request.approved_by) == (State.APPROVED, tom)
    with pytest.raises(CannotDo, match="Take the approval back"):
        deletion_requests.keep_plan(request.pk, CONTENT, inventory_digest="0" * 64, by=sue)
    deletion_requests.take_back(request.pk, by=sue)
    request.refresh_from_db()
    assert (request.state, request.approved_by) == (State.PLANNED, None)


@pytest.mark.django_db
def test_nobody_approves_the_deletion_of_their_own_data(ada: User, sue: User) -> None:
    request = planned(sue)
    with pytest.raises(CannotDo, match="your own data"):
        deletion_requests.approve(request.pk, by=ada, plan_number=1)


@pytest.mark.django_db
def test_four_eyes_need_two_people_also_in_the_database(sue: User, tom: User, settings: object) -> None:
    settings.ERASURE_FOUR_EYES = True  # type: ignore[attr-defined]
    request = planned(sue)
    with pytest.raises(CannotDo, match="Somebody else approves"):
        deletion_requests.approve(request.pk, by=sue, plan_number=1)
    deletion_requests.approve(request.pk, by=tom, plan_number=1)
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        DeletionRequest.objects.filter(pk=request.pk).update(approved_by=sue)


@pytest.mark.django_db
def test_an_outdated_plan_takes_its_approval_along(sue: User, tom: User) -> None:
    request = planned(sue)
    deletion_requests.approve(request.pk, by=tom, plan_number=1)
    deletion_requests.mark_outdated(request.pk, detail="A new order")
    request.refresh_from_db()
    assert (request.state, request.approved_by) == (State.VERIFIED, None)


@pytest.mark.django_db
def test_a_refusal_needs_a_reason_which_goes_with_the_person(sue: User) -> None:
    request = receive()
    with pytest.raises(CannotDo, match="Say why"):
        deletion_requests.refuse(request.pk, by=sue, reason=" ")
    deletion_requests.refuse(request.pk, by=sue, reason="You asked to cancel an order.")
    deletion_requests.refuse(request.pk, by=sue, reason="You asked to cancel an order.")
    assert OutgoingMail.objects.filter(kind="deletion_refused").count() == 1
    assert RequestSubject.objects.get().answer == "You asked to cancel an order."
    assert not request.events.exclude(detail="").filter(kind="refused").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["executing", "verifying", "notifying"])
def test_what_is_being_carried_out_is_not_withdrawn(state: str, sue: User, tom: User) -> None:
    request = planned(sue)
    deletion_requests.approve(request.pk, by=tom, plan_number=1)
    for step in ["executing", "verifying", "notifying"]:
        with transaction.atomic():
            DeletionRequest.objects.select_for_update().get(pk=request.pk).move_to(step)
        if step == state:
            break
    with pytest.raises(CannotDo, match="can't be brought back"):
        deletion_requests.withdraw(request.pk)


@pytest.mark.django_db
def test_an_approved_request_is_withdrawn(sue: User, tom: User) -> None:
    request = planned(sue)
    deletion_requests.approve(request.pk, by=tom, plan_number=1)
    deletion_requests.withdraw(request.pk)
    request.refresh_from_db()
    assert request.state == State.WITHDRAWN


@pytest.mark.django_db
def test_who_asked_is_forgotten_two_weeks_after_a_request_came_to_nothing() -> None:
    request = receive()
    deletion_requests.withdraw(request.pk)
    subject = RequestSubject.objects.get(request=request)
    assert subject.expires_at == subject.ended_at + timedelta(days=14)
    with clock.at(clock.now() + timedelta(days=15)):
        list(retention.run())
    assert not RequestSubject.objects.exists()
    assert not RequestAddress.objects.exists()
    request.refresh_from_db()
    with clock.at(clock.now() + timedelta(days=3 * 366)):
        list(retention.run())
    assert not DeletionRequest.objects.exists()
    assert not RequestEvent.objects.exists()


@pytest.mark.django_db
def test_a_bounce_is_noted_once_and_proves_nothing() -> None:
    request = receive()
    token = token_of(request)
    deletion_requests.record_bounce(token)
    deletion_requests.record_bounce(token)
    request.refresh_from_db()
    assert request.state == State.IDENTITY_PENDING
    assert request.events.filter(kind="proof_bounced").count() == 1
    assert deletion_requests.record_bounce("unknown") is None


def day(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T10:00:00").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("received", "law", "first", "extended"),
    [
        ("2026-11-27", "gdpr", "2026-12-27", "2027-02-27"),
        ("2027-01-31", "gdpr", "2027-02-28", "2027-04-30"),
        ("2028-01-31", "gdpr", "2028-02-29", "2028-04-30"),
        ("2026-12-31", "gdpr", "2027-01-31", "2027-03-31"),
        ("2026-11-27", "ccpa", "2027-01-11", "2027-02-25"),
    ],
)
def test_the_time_to_answer(received: str, law: str, first: str, extended: str) -> None:
    assert deadlines.due(day(received), law).date().isoformat() == first
    assert deadlines.longest(day(received), law).date().isoformat() == extended


@pytest.mark.django_db
def test_the_time_is_extended_once_and_only_within_the_first(sue: User) -> None:
    request = receive()
    with pytest.raises(CannotDo, match="Say why"):
        deletion_requests.extend(request.pk, by=sue, reason="")
    with clock.at(request.due_at + timedelta(seconds=5)), pytest.raises(CannotDo, match="first time is over"):
        deletion_requests.extend(request.pk, by=sue, reason="Many orders")
    deletion_requests.extend(request.pk, by=sue, reason="Many orders")
    with pytest.raises(CannotDo, match="once"):
        deletion_requests.extend(request.pk, by=sue, reason="Many orders")
    assert OutgoingMail.objects.filter(kind="deletion_extended", object_id=request.pk).count() == 1


@pytest.mark.django_db
def test_the_queries_of_a_receipt_do_not_grow(django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        receive()
