"""Backups: everything comes back but who was erased since."""

import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg2
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from privacy import backups, clock, journal, residue
from privacy import people as whose
from privacy.erasure import ports
from privacy.erasure.remembering import Remembered
from privacy.models import LegalHold
from shop.models import OrderHold, OrderParty
from tests.privacy.erasure import people
from tests.privacy.erasure.people import ADA, Notices

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.promise("P12a")]
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def folders(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.MEDIA_ROOT, settings.BACKUP_DIR = tmp_path / "media", tmp_path / "backups"
    settings.ERASURE_SETTLE_SECONDS = 0
    monkeypatch.setenv("MEDIA_ROOT", str(tmp_path / "media"))
    return tmp_path


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> Notices:
    """The real journal, and nobody who is told."""
    notices = Notices()
    monkeypatch.setattr(ports, "_journals", [Remembered()])
    monkeypatch.setattr(ports, "_notices", [notices])
    return notices


@pytest.fixture
def other_database() -> Iterator[str]:
    """Another, empty database on the same server; its address."""
    name = f"{connection.settings_dict['NAME']}_restored"
    server = connection.get_connection_params() | {"dbname": "postgres"}
    server.pop("cursor_factory", None), server.pop("context", None)
    admin = psycopg2.connect(**{key: server[key] for key in ("dbname", "user", "host", "port") if server.get(key)})
    admin.autocommit = True
    cursor = admin.cursor()
    cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
    cursor.execute(f'CREATE DATABASE "{name}"')
    yield os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    admin.close()


def there(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of the shop on another database, with the same journal."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | {"DATABASE_URL": url}, capture_output=True, text=True, check=False
    )


def rows(url: str, sql: str) -> list[tuple[object, ...]]:
    name = url.rpartition("/")[2]
    known = connection.get_connection_params()
    other = psycopg2.connect(dbname=name, **{key: known[key] for key in ("user", "host", "port") if known.get(key)})
    try:
        cursor = other.cursor()
        cursor.execute(sql)
        return cursor.fetchall()
    finally:
        other.close()


def test_yesterdays_backup_comes_back_without_who_was_erased_since(other_database: str, folders: Path) -> None:
    user = people.account()
    young = people.sold(user=user)
    never = people.expired()
    neighbor = people.sold("bob@example.com", party={"name": "Bob Stone"})
    OrderHold.objects.create(order=neighbor, reason=f"{ADA} knows more.", released_at=clock.now())
    default_storage.save("logos/bob.svg", ContentFile(b"<svg/>"))
    backup = backups.make(folders / "backups")
    erased = people.erased()
    assert (erased.state, erased.problem) == ("notifying", "")
    after = people.sold(ADA, party={"name": "Ada again"})  # she came back, and this isn't in the backup
    assert whose.of_address(ADA).addresses == {ADA}

    done = there(other_database, "restore", str(backup.path), "--yes")
    assert done.returncode == 0, done.stderr
    assert "is restored." in done.stdout
    assert "erased again. /readyz says yes" in done.stdout
    parties = rows(
        other_database,
        "SELECT order_id, email, name, restricted_at IS NOT NULL, user_id FROM shop_orderparty ORDER BY 1",
    )
    assert parties == [
        (young.pk, ADA, "Ada Lovelace", True, None),
        (neighbor.pk, "bob@example.com", "Bob Stone", False, None),
    ]
    assert never.pk not in {row[0] for row in parties}
    assert rows(other_database, "SELECT count(*) FROM accounts_user WHERE email = 'ada@example.com'") == [(0,)]
    reasons = {row[0] for row in rows(other_database, "SELECT reason FROM shop_orderhold")}
    assert reasons == {"", "Ada Lovelace called.", "— knows more."}  # Bob's row was made by the same helper
    scanned = there(other_database, "privacy", "scan", ADA)
    assert scanned.returncode == 0, scanned.stdout
    assert (folders / "media/logos/bob.svg").read_bytes() == b"<svg/>"
    # Here, where nothing was restored, she keeps what is new.
    assert OrderParty.objects.get(order=after).restricted_at is None
    assert journal.is_ready()


def test_a_backup_brings_who_was_erased_back_until_the_replay(other_database: str, folders: Path) -> None:
    """The canary: without the journal's lines the scan of the restored database finds her."""
    people.sold()
    backup = backups.make(folders / "backups")
    people.erased()
    os.environ["ERASURE_JOURNAL"], known = str(folders / "empty.journal"), os.environ["ERASURE_JOURNAL"]
    done = there(other_database, "restore", str(backup.path), "--yes")
    assert "missed nothing" in done.stdout
    assert there(other_database, "privacy", "scan", ADA).returncode == 1
    os.environ["ERASURE_JOURNAL"] = known
    dry = there(other_database, "privacy", "replay", "--dry-run")
    assert "would be erased again. Nothing was changed." in dry.stdout
    assert there(other_database, "privacy", "scan", ADA).returncode == 1
    assert there(other_database, "privacy", "replay").returncode == 0
    assert there(other_database, "privacy", "scan", ADA).returncode == 0


def test_holds_are_looked_at_again(other_database: str, folders: Path) -> None:
    kept = people.sold()
    LegalHold.objects.create(model="shop.OrderParty", object_id=str(kept.party.pk), reason="A court asks.")
    backup = backups.make(folders / "backups")
    LegalHold.objects.all().delete()
    people.erased()
    there(other_database, "restore", str(backup.path), "--yes")
    # The hold came back with the backup: what it covers is restricted, and stays whole.
    assert rows(other_database, "SELECT street, restricted_at IS NOT NULL FROM shop_orderparty") == [
        (people.HOME["street"], True)
    ]


def test_a_restore_that_fails_leaves_everything_as_it_was(folders: Path) -> None:
    order = people.sold()
    backup = backups.make(folders / "backups")
    broken = folders / "broken.backup"
    with tarfile.open(backup.path) as whole, tarfile.open(broken, "w") as target:
        for member in whole.getmembers():
            content = whole.extractfile(member)
            assert content is not None
            data = content.read()
            if member.name == "database.dump":
                data = data[: len(data) // 2]
            member.size = len(data)
            target.addfile(member, fileobj=io.BytesIO(data))
    with pytest.raises(CommandError, match="pg_restore stopped"):
        call_command("restore", str(broken), "--yes")
    assert OrderParty.objects.get().order_id == order.pk
    for path, reason in ((folders / "none.backup", "isn't there"), (ROOT / "manage.py", "is no backup")):
        with pytest.raises(CommandError, match=reason):
            call_command("restore", str(path), "--yes")


def test_a_restore_asks_before(monkeypatch: pytest.MonkeyPatch, folders: Path) -> None:
    monkeypatch.setattr("builtins.input", lambda _: "no")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("restore", str(folders / "none.backup"))


def test_a_backup_is_for_its_owner_and_old_ones_go_with_their_lines(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people.sold()
    with clock.at(clock.now() - timedelta(days=40)):
        call_command("backup")
    with clock.at(clock.now() - timedelta(days=35)):
        people.erased()
        lines = len(list(journal.book().lines()))
    call_command("backup", "--keep", "30")
    (left,) = backups.all_in(folders / "backups")
    assert left.path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (folders / "backups").iterdir()] == [left.path.name]
    assert f"Removed: 1 older backups, {lines - 1} lines of the journal." in capsys.readouterr().out
    assert len(list(journal.book().lines())) == 1


def test_the_newest_backup_stays_however_old(folders: Path) -> None:
    with clock.at(clock.now() - timedelta(days=400)):
        backups.make(folders / "backups")
    assert backups.forget(folders / "backups", days=30) == (0, 0)
    assert len(backups.all_in(folders / "backups")) == 1


def test_the_program_of_the_server_s_own_version_is_taken_before_a_newer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    server = connection.pg_version // 10_000
    versions = {"/newer": server + 1, "/own": server, "/older": server - 1}
    monkeypatch.setattr(backups, "_candidates", lambda name: iter(versions))
    monkeypatch.setattr(backups, "_output", lambda command: f"pg_restore (PostgreSQL) {versions[command[0]]}.2")
    assert backups.tool("pg_restore") == "/own"


def test_two_backups_of_one_second_have_two_names(folders: Path) -> None:
    moment = clock.now()
    first = backups._free_name(folders, moment)
    first.touch()
    second = backups._free_name(folders, moment)
    second.touch()
    assert first != second
    assert {backup.path for backup in backups.all_in(folders)} == {first, second}


def test_no_value_of_the_journal_names_anybody() -> None:
    people.account()
    people.sold()
    people.erased()
    words = journal.book().path.read_bytes()
    found = residue.matching.Matcher(residue.identifiers.of_addresses([ADA])).search(words)
    assert found == set()
    assert b"lovelace" not in words.lower()


def test_a_tool_that_is_older_than_the_server_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "_output", lambda _: "pg_dump (PostgreSQL) 9.6")
    with pytest.raises(backups.CannotBackUp, match=r"pg_dump of PostgreSQL \d+ or newer isn't installed here"):
        backups.tool("pg_dump")
