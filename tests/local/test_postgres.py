"""PostgreSQL starts again after whatever a kill left behind, with its rows."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import environ
import psycopg2
import pytest

from local.leftovers import is_running
from local.postgres import live_server, start_postgres, stop_leftover_server


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "postgres"
    stop_leftover_server(tmp_path / "postgres")


def _ask(url: str, *statements: str) -> list[tuple[object, ...]]:
    address = environ.Env.db_url_config(url)
    connection = psycopg2.connect(host=address["HOST"], user=address["USER"], dbname=address["NAME"])
    connection.autocommit = True
    try:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall()
    finally:
        connection.close()


@pytest.mark.slow
def test_rows_and_umlauts_survive_a_killed_server(tmp_path: Path, cluster: Path) -> None:
    child, url = start_postgres(tmp_path, env=os.environ)
    _ask(url, "CREATE TABLE words (word text)", "INSERT INTO words VALUES ('ÄRGER')", "SELECT 1")
    child.process.kill()
    child.process.wait(10)
    again, url = start_postgres(tmp_path, env=os.environ)
    try:
        assert _ask(url, "SELECT lower(word) FROM words") == [("ärger",)]
        assert live_server(cluster) == again.process.pid
    finally:
        again.stop()
    assert live_server(cluster) is None


@pytest.mark.slow
def test_a_server_that_was_left_running_is_stopped(tmp_path: Path, cluster: Path) -> None:
    left, url = start_postgres(tmp_path, env=os.environ, durable=False)
    assert _ask(url, "SHOW fsync") == [("off",)]
    stop_leftover_server(cluster)
    assert not is_running(left.process.pid)
    assert left.process.wait(5) == 0
    assert not (cluster / "postmaster.pid").exists()


def test_a_pid_file_that_names_another_program_is_stale(cluster: Path) -> None:
    cluster.mkdir()
    (cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster}\n")
    assert live_server(cluster) is None
    stop_leftover_server(cluster)
    assert not (cluster / "postmaster.pid").exists()


def test_a_pid_file_that_names_a_zombie_is_stale(cluster: Path) -> None:
    cluster.mkdir()
    zombie = subprocess.Popen([sys.executable, "-c", "", "-D", str(cluster)])
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    (cluster / "postmaster.pid").write_text(f"{zombie.pid}\n")
    assert live_server(cluster) is None
    zombie.wait(5)


@pytest.mark.parametrize("content", ["", "x\n", "999999999\n"])
def test_an_unreadable_pid_file_is_stale(cluster: Path, content: str) -> None:
    cluster.mkdir()
    (cluster / "postmaster.pid").write_text(content)
    assert live_server(cluster) is None
