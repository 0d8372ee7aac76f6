"""The journal and the database: nothing goes without its line, and a database that is behind isn't ready."""

import json
import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client

from privacy import clock, holds, journal, people, retention
from privacy.journal import Entry, JournalUnavailable, replaying, writing
from privacy.journal.book import BEGINNING
from privacy.models import Alert, JournalPosition
from privacy.people import Person
from shop.models import OrderParty
from tests.accounts import purchases
from tests.privacy.retention import old_orders
from tests.privacy.retention.old_orders import NOTHING, NOW, PARTY, everything, left_of, sold, sweep, years_ago

RESTORED = (
    "This database was restored from a backup: 1 line of the journal must be carried out again. "
    "Run `manage.py privacy replay`."
)
ANN = Person(frozenset(), frozenset({"ann@x.de"}))


def write(**rows: list[int]) -> int:
    with transaction.atomic():
        return journal.write("sweep", rows={"shop.OrderParty.expires_at": rows.get("keys", [1])}, plan="2026-01-01")


def known() -> int:
    return JournalPosition.objects.values_list("sequence", flat=True).first() or 0


def restored(sequence: int = 0) -> None:
    """As after a restore: the database knows the lines up to `sequence` only, and the later ones were committed."""
    mark = next((line.mark for line in journal.book().lines() if line.mark.sequence == sequence), BEGINNING)
    JournalPosition.objects.update_or_create(only=True, defaults={"sequence": mark.sequence, "mac": mark.mac})


@pytest.fixture
def of_another_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines say that another server wrote them, as those do that a restored database reads."""
    monkeypatch.setattr(writing, "_transaction", lambda: ["1.1", "1"])


@pytest.mark.django_db
def test_a_line_names_keys_and_hashes_and_no_value() -> None:
    with transaction.atomic():
        number = journal.write(
            "erasure", hashes=journal.person_hashes(ANN), rows={"shop.OrderParty": [7, 8, 9]}, plan="digest"
        )
    assert number == known() == 1
    (line,) = journal.book().lines()
    assert line.content["rows"] == {"shop.OrderParty": "7-9"}
    assert line.content["plan"] == "digest"
    assert re.fullmatch("[0-9a-f]{32}", line.content["hashes"][0])
    assert "ann" not in journal.book().path.read_text()
    assert journal.is_any_of(["ANN@x.de "], line.content["hashes"])
    assert not journal.is_any_of(["joann@x.de"], line.content["hashes"])
    assert journal.is_ready()


@pytest.mark.django_db
def test_a_new_shop_is_ready_before_its_first_line() -> None:
    assert journal.is_ready()
    assert not journal.book().exists


@pytest.mark.django_db(transaction=True)
def test_a_line_outside_of_a_transaction_is_refused() -> None:
    with pytest.raises(JournalUnavailable, match="transaction"):
        journal.write("sweep", rows={})


@pytest.mark.django_db(transaction=True)
def test_a_deed_that_is_undone_leaves_the_shop_ready_and_the_journal_goes_on() -> None:
    write()
    with transaction.atomic():
        journal.write("sweep", rows={}, plan="2026-01-01")
        transaction.set_rollback(True)
    assert [line.mark.sequence for line in journal.book().lines()] == [1, 2]
    assert known() == 1
    assert journal.is_ready()
    assert write() == known() == 3


@pytest.mark.django_db(transaction=True)
def test_a_deed_under_way_leaves_the_shop_ready() -> None:
    wrote, looked = threading.Event(), threading.Event()

    def destroy() -> None:
        try:
            with transaction.atomic():
                journal.write("sweep", rows={}, plan="2026-01-01")
                wrote.set()
                looked.wait(20)
        finally:
            connection.close()

    writer = threading.Thread(target=destroy)
    writer.start()
    assert wrote.wait(20)
    ready = journal.problem()
    looked.set()
    writer.join()
    assert ready == ""
    assert journal.is_ready()


@pytest.mark.django_db(transaction=True)
def test_two_writers_wait_for_each_other_so_that_a_dump_never_knows_a_line_whose_deed_it_lacks() -> None:
    began, other = threading.Event(), []

    def destroy() -> None:
        try:
            began.set()
            other.append(write())
        finally:
            connection.close()

    with transaction.atomic():
        first = journal.write("sweep", rows={}, plan="2026-01-01")
        writer = threading.Thread(target=destroy)
        writer.start()
        began.wait(20)
        writer.join(0.5)
        assert writer.is_alive()
        assert other == []
    writer.join(20)
    assert (first, other, known()) == (1, [2], 2)


@pytest.mark.django_db(transaction=True)
def test_a_restored_database_is_not_ready_and_destroys_nothing_before_its_replay(client: Client) -> None:
    write(), write()
    restored(1)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "reasons": [RESTORED],
    }
    with pytest.raises(JournalUnavailable, match="restored"):
        write()
    assert not journal.watch()
    assert Alert.objects.get(kind="journal", closed_at=None).message.startswith("This database was restored")
    list(journal.replay())
    assert client.get("/readyz").json() == {"ready": True, "reasons": []}
    assert journal.watch()
    assert not Alert.objects.filter(kind="journal", closed_at=None).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (lambda path: path.unlink(), "is missing"),
        (lambda path: path.with_name(path.name + ".head").unlink(), "is missing"),
        (lambda path: path.write_bytes(path.read_bytes().replace(b'"rows":{}', b'"rows":{"a":"1"}', 1)), "altered"),
        (lambda path: path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1])), "cut off"),
        (lambda path: path.chmod(0), ""),
    ],
    ids=["missing", "head missing", "altered in the middle", "cut off", "closed"],
)
def test_a_journal_that_cannot_be_trusted_is_not_ready(client: Client, harm: object, reason: str) -> None:
    for _ in range(3):
        with transaction.atomic():
            journal.write("sweep", rows={}, plan="2026-01-01")
    harm(journal.book().path)  # type: ignore[operator]
    answer = client.get("/readyz")
    if reason:
        assert (answer.status_code, reason in answer.json()["reasons"][0]) == (503, True)
        with pytest.raises(JournalUnavailable):
            list(journal.replay())


@pytest.mark.django_db(transaction=True)
def test_an_older_journal_and_another_shops_are_not_ready(client: Client, tmp_path: Path) -> None:
    path = journal.book().path
    head = path.with_name(path.name + ".head")
    write()
    older = path.read_bytes(), head.read_bytes()
    write()
    newer = path.read_bytes(), head.read_bytes()

    def put(files: tuple[bytes, bytes]) -> str:
        path.write_bytes(files[0]), head.write_bytes(files[1])
        return str(client.get("/readyz").json()["reasons"])

    assert "older than this database: it ends at line 1, and 2 lines are known" in put(older)
    path.unlink(), head.unlink()
    JournalPosition.objects.all().delete()
    for _ in range(3):
        write(keys=[7])
    JournalPosition.objects.update(sequence=2, mac=json.loads(newer[0].splitlines()[1])["mac"])
    assert "the journal of another shop" in put((path.read_bytes(), head.read_bytes()))


@pytest.mark.django_db(transaction=True)
def test_a_backup_from_before_the_journal_begins_is_too_old(client: Client) -> None:
    with clock.at(clock.now() - timedelta(days=2)):
        for _ in range(3):
            write()
    assert journal.prune(clock.now()) == 2
    assert client.get("/readyz").status_code == 200
    restored(0)
    assert "too old" in client.get("/readyz").json()["reasons"][0]


@pytest.mark.django_db(transaction=True)
def test_lines_are_kept_as_long_as_the_oldest_backup() -> None:
    with clock.at(NOW):
        write()
    with clock.at(NOW + timedelta(days=10)):
        write()
        write()
    assert journal.prune(NOW - timedelta(days=1)) == 0
    assert journal.prune(NOW + timedelta(hours=12)) == 0  # a day more is kept
    assert journal.prune(NOW + timedelta(days=5)) == 1
    assert [line.mark.sequence for line in journal.book().lines()] == [2, 3]
    assert write() == 4


@pytest.mark.django_db
def test_the_command_forgets_lines_from_before_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    with clock.at(NOW):
        write()
    write()
    call_command("privacy", "prune", "--before", f"{NOW:%Y-%m-%d}")
    call_command("privacy", "prune", "--before", f"{NOW + timedelta(days=2):%Y-%m-%d}")
    assert capsys.readouterr().out.splitlines() == ["0 lines forgotten.", "1 line forgotten."]
    with pytest.raises(CommandError, match="no day such as"):
        call_command("privacy", "prune", "--before", "yesterday")


# --- The sweep --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_sweep_writes_its_batches_down_before_it_removes() -> None:
    old = sold(years_ago(4))
    party = old.party.pk
    sweep()
    lines = [line.content for line in journal.book().lines()]
    assert [(line["kind"], line["rows"]) for line in lines] == [("sweep", {PARTY: str(party)})]
    assert journal.is_ready()


@pytest.mark.django_db
def test_the_sweep_removes_nothing_where_it_can_write_nothing_down(monkeypatch: pytest.MonkeyPatch) -> None:
    old = sold(years_ago(4))
    monkeypatch.setattr("django.conf.settings.ERASURE_JOURNAL", Path("/proc/erasure.journal"))
    with pytest.raises(JournalUnavailable, match="can't be made"):
        sweep()
    assert left_of(old) == everything(old)


@pytest.mark.django_db
@pytest.mark.usefixtures("of_another_cluster")
def test_what_the_sweep_removed_goes_again_and_what_is_held_now_stays() -> None:
    old, young, held = sold(years_ago(4)), sold(years_ago(1)), sold(years_ago(3.5))
    keys = [order.party.pk for order in (old, young, held)]
    holds.place(holds.kinds()[0], held.number, by=None, reason="A court asks.")
    old_orders.settle()
    with transaction.atomic():
        journal.write("sweep", rows={PARTY: keys}, plan=NOW.isoformat())
    restored(0)
    (step,) = journal.replay()
    assert (step.entry.kind, step.count, step.total) == ("sweep", 1, 1)
    assert left_of(old) == NOTHING
    assert left_of(young) == everything(young)
    assert left_of(held) == everything(held)
    assert len(list(journal.book().lines())) == 1  # what is done again is no new deed


@pytest.mark.django_db
@pytest.mark.usefixtures("of_another_cluster")
def test_a_dry_run_counts_and_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    old = sold(years_ago(4))
    sweep()
    again = sold(years_ago(4))
    OrderParty.objects.filter(pk=again.party.pk).update(id=journal_keys()[0])
    restored(0)
    call_command("privacy", "replay", "--dry-run")
    assert "1 row would be erased again. Nothing was changed." in capsys.readouterr().out
    assert left_of(again) == everything(again)
    assert known() == 0
    call_command("privacy", "replay")
    out = capsys.readouterr().out
    assert out.startswith("1 of 1: line 1 (sweep, ")
    assert "1 row erased again." in out
    assert left_of(again) == NOTHING
    call_command("privacy", "replay")
    assert "missed nothing" in capsys.readouterr().out
    assert left_of(old) == NOTHING


def journal_keys() -> list[int]:
    return [int(key) for line in journal.book().lines() for key in Entry.of(line).rows[PARTY]]


@pytest.mark.django_db
@pytest.mark.usefixtures("of_another_cluster")
def test_who_comes_back_gets_no_key_of_an_erased_row() -> None:
    sold(years_ago(4))
    last = OrderParty.objects.latest("pk").pk
    with transaction.atomic():
        journal.write("sweep", rows={PARTY: [last + 1000]}, plan=NOW.isoformat())
    restored(0)
    list(journal.replay())
    assert sold(years_ago(1)).party.pk == last + 1001


@pytest.mark.django_db
@pytest.mark.usefixtures("of_another_cluster")
def test_a_replay_that_fails_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []

    def replay(entry: Entry) -> int:
        if entry.sequence == 2 and 1 in done and 2 not in done:
            done.append(2)
            raise ZeroDivisionError
        done.append(entry.sequence)
        return 1

    monkeypatch.setitem(replaying._replayers, "sweep", replay)
    for _ in range(3):
        write()
    restored(0)
    with pytest.raises(ZeroDivisionError):
        list(journal.replay())
    assert known() == 1
    assert [step.entry.sequence for step in journal.replay()] == [2, 3]
    assert done == [1, 2, 2, 3]


@pytest.mark.django_db
def test_the_command_says_what_is_wrong() -> None:
    write()
    journal.book().path.unlink()
    with pytest.raises(CommandError, match="is missing"):
        call_command("privacy", "replay")


def test_every_rule_that_destroys_is_written_down() -> None:
    quiet = {rule.name for rule in retention.all_rules() if not rule.destroys}
    assert quiet == {"accounts.User.warn_at"}


@pytest.mark.django_db
def test_a_person_has_a_hash_for_each_address() -> None:
    purchases.paid((purchases.edition(), 1), email="ann@x.de")
    assert journal.person_hashes(people.of_address("Ann@X.de")) == journal.person_hashes(ANN)
    two = Person(frozenset(), frozenset({"ann@x.de", "ann@y.de"}))
    assert len(set(journal.person_hashes(two))) == 2
