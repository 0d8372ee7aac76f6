"""Asking for exports, making them, and who finds them how long."""

import io
import threading
import zipfile
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.core import mail as mailbox
from django.db import IntegrityError, connection, connections, transaction

from accounts.models import User
from privacy import clock, mails
from privacy.exports import archive, requests
from privacy.models import Alert, Export, OutgoingMail
from privacy.retention import rules, sweep
from tests.accounts import purchases
from tests.accounts.conftest import person

pytestmark = pytest.mark.django_db
State = Export.State


@pytest.fixture
def ada() -> User:
    return person("ada@example.com")


@pytest.fixture
def bob() -> User:
    return person("bob@example.com")


def made(user: User) -> Export:
    """An export that is ready."""
    requests.ask(user)
    assert requests.make_due() == 1
    return requests.of_account(user)[0]


def test_a_request_is_made_into_a_file_that_its_owner_finds_by_the_link(ada: User) -> None:
    asked = requests.ask(ada)
    assert (asked.state, asked.asked_by_id, asked.reason) == (State.REQUESTED, None, "")
    assert requests.make_due() == 1
    found = requests.find(requests.token(asked), owner=ada)
    assert found == asked
    content = requests.content(found)  # type: ignore[arg-type]
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        assert b"ada@example.com" in zipped.read("data.json")
    stored = Export.objects.get()
    assert (stored.state, stored.size) == (State.MADE, len(content))
    assert b"ada@example.com" not in bytes(stored.file or b"")
    assert requests.make_due() == 0


@pytest.mark.promise("P6a")
def test_a_mail_says_that_it_is_ready_and_nothing_of_what_is_in_it(ada: User) -> None:
    purchases.order((purchases.edition(), 1), user=ada, email="ada@example.com")
    export = made(ada)
    mails.send_due()
    [mail] = mailbox.outbox
    assert (mail.to, mail.subject) == (["ada@example.com"], "The copy of your data is ready")
    assert f"/account/data/exports/{requests.token(export)}/" in mail.body
    assert mail.attachments == []
    assert [word for word in ("AO-", "Lovelace", "Tool") if word in mail.body] == []


def test_nobody_else_finds_it_and_nobody_after_it_ended(ada: User, bob: User) -> None:
    export = made(ada)
    token = requests.token(export)
    assert (requests.find(token, owner=bob), requests.find("x" * 32, owner=ada)) == (None, None)
    assert export.expires_at == export.finished_at + timedelta(days=7)  # type: ignore[operator]
    with clock.at(export.expires_at - timedelta(seconds=1)):  # type: ignore[operator]
        assert requests.find(token, owner=ada) == export
    with clock.at(export.expires_at):  # type: ignore[arg-type]
        assert requests.find(token, owner=ada) is None
        assert list(requests.of_account(ada)) == []
        mails.send_due()
    assert mailbox.outbox == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.promise("P7a")
def test_the_sweep_removes_the_row_with_its_file_when_the_link_ends(ada: User) -> None:
    export = made(ada)
    own = [rule for rule in rules.all_rules() if rule.model is Export]
    assert export.expires_at is not None
    list(sweep.run(as_of=export.expires_at - timedelta(seconds=1), rules=own))
    assert Export.objects.count() == 1
    list(sweep.run(as_of=export.expires_at + timedelta(seconds=1), rules=own))
    assert Export.objects.count() == 0


def test_one_at_a_time_and_three_a_day(ada: User, bob: User) -> None:
    requests.ask(ada)
    with pytest.raises(requests.Refused, match="being made already"):
        requests.ask(ada)
    requests.make_due()
    made(ada)
    made(ada)
    with pytest.raises(requests.Refused, match="Ask again tomorrow"):
        requests.ask(ada)
    made(bob)
    with clock.at(clock.now() + timedelta(days=1, seconds=1)):
        requests.ask(ada)
    assert Export.objects.filter(user=ada).count() == 4


def test_an_export_that_failed_does_not_count_against_the_person(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "MOST_BYTES", 100)
    for _ in range(3):
        requests.ask(ada)
        assert requests.make_due() == 0
    monkeypatch.undo()
    made(ada)
    assert list(requests.of_account(ada).values_list("state", flat=True)) == [State.MADE, *[State.FAILED] * 3]


def test_two_running_exports_of_one_person_are_refused_by_the_database(ada: User) -> None:
    Export.objects.create(user=ada, link_hash="a")
    with pytest.raises(IntegrityError, match="export_one_running_an_account"), transaction.atomic():
        Export.objects.create(user=ada, link_hash="b")
    Export.objects.create(email="kim@example.com", asked_by=ada, reason="Asked.", link_hash="c")
    with pytest.raises(IntegrityError, match="export_one_running_an_address"), transaction.atomic():
        Export.objects.create(email="KIM@example.com", asked_by=ada, reason="Asked.", link_hash="d")


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_once_one_stays(ada: User) -> None:
    barrier, answers = threading.Barrier(2), []

    def ask() -> None:
        try:
            barrier.wait(timeout=10)
            answers.append(type(requests.ask(ada)))
        except requests.Refused as refusal:
            answers.append(type(refusal))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(answer.__name__ for answer in answers) == ["Export", "Refused"]
    assert Export.objects.count() == 1


def test_a_worker_that_was_killed_leaves_a_row_that_heals(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_args: object, **_options: object) -> None:
        raise SystemExit  # what is no Exception passes every handler, as a kill does

    requests.ask(ada)
    with monkeypatch.context() as patch:
        patch.setattr(archive, "write", die)
        with pytest.raises(SystemExit):
            requests.make_due()
    assert requests.make_due() == 0  # the row is still out of reach
    with clock.at(clock.now() + requests.PAUSE):
        assert requests.make_due() == 1
        assert Export.objects.values_list("state", "tries").get() == (State.MADE, 2)
    assert OutgoingMail.objects.filter(kind=requests.READY_MAIL).count() == 1


def test_a_row_at_which_every_worker_dies_is_given_up(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    export = requests.ask(ada)
    Export.objects.update(tries=requests.MOST_TRIES)
    assert requests.make_due() == 0
    assert Export.objects.values_list("state", flat=True).get() == State.FAILED
    assert list(Alert.objects.values_list("kind", "message")) == [
        ("export_failed", f"Export {export.pk} could not be made.")
    ]


def test_an_error_is_tried_again_and_then_given_up_with_an_alert(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise LookupError("ada@example.com")

    monkeypatch.setattr(archive, "write", fail)
    requests.ask(ada)
    now = clock.now()
    for tries in range(requests.MOST_TRIES):
        assert Export.objects.get().state == State.REQUESTED
        with clock.at(now + tries * requests.PAUSE + timedelta(seconds=tries)):
            assert requests.make_due() == 0
    failed = Export.objects.get()
    assert (failed.state, failed.file, failed.tries) == (State.FAILED, None, requests.MOST_TRIES)
    assert failed.expires_at is not None
    assert (Alert.objects.count(), OutgoingMail.objects.count()) == (1, 0)


def test_whoever_finishes_second_changes_nothing(ada: User) -> None:
    export = requests.ask(ada)
    assert requests._make(export)
    before = Export.objects.values().get()
    assert not requests._make(export)
    assert Export.objects.values().get() == before


def test_a_person_who_was_erased_meanwhile_gets_none(ada: User) -> None:
    export = requests.ask(ada)
    ada.delete()
    assert not requests._make(export)
    assert (Export.objects.count(), OutgoingMail.objects.count()) == (0, 0)


def test_staff_ask_for_an_account_and_its_person_gets_it(ada: User, bob: User) -> None:
    export = requests.ask_for("ADA@example.com", by=bob, reason="Asked by phone.")
    requests.make_due()
    assert (export.user, export.email, export.asked_by, export.reason) == (ada, "", bob, "Asked by phone.")
    token = requests.token(export)
    assert (requests.find(token, owner=ada), requests.find(token, owner=bob)) == (export, None)
    assert requests.to_hand_over(export.pk, by=bob) is None
    mails.send_due()
    assert [mail.to for mail in mailbox.outbox] == [["ada@example.com"]]


def test_staff_hand_over_what_an_address_without_account_has(ada: User, bob: User) -> None:
    purchases.order((purchases.edition(), 1), email="kim@example.com")
    export = requests.ask_for("Kim@example.com ", by=bob, reason="Asked by mail.")
    requests.make_due()
    assert (export.user, export.email) == (None, "kim@example.com")
    assert requests.to_hand_over(export.pk, by=bob) == export
    assert (requests.to_hand_over(export.pk, by=ada), requests.find(requests.token(export), owner=bob)) == (None, None)
    mails.send_due()
    [mail] = mailbox.outbox
    assert mail.to == ["bob@example.com"]
    assert f"/admin/privacy/export/{export.pk}/change/" in mail.body
    assert "kim@example.com" not in mail.body


MOVES = [(start, end) for start in State for end in State if start != end]


@pytest.mark.parametrize(("start", "end"), MOVES)
def test_a_state_moves_as_the_table_says_in_raw_sql(ada: User, start: State, end: State) -> None:
    now = clock.now()
    columns = {
        state: {"file": b"x" if state == State.MADE else None, "finished_at": None if state == State.REQUESTED else now}
        for state in State
    }
    export = Export.objects.create(user=ada, link_hash="x", state=start, **columns[start])
    allowed = end in Export.TRANSITIONS.get(start, frozenset())
    sql = "UPDATE privacy_export SET state = %s, file = %s, finished_at = %s WHERE id = %s"
    refused = pytest.raises(IntegrityError, match="no way from")
    with nullcontext() if allowed else refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [end, columns[end]["file"], columns[end]["finished_at"], export.pk])
    assert (Export.objects.get().state == end) is allowed
