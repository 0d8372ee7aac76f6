"""`make backup` and `make restore` where there is no shop, and while one runs."""

import fcntl
from pathlib import Path

import pytest

from local import backups, credentials


def test_a_folder_without_a_shop_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert backups.main(["--data", str(tmp_path), "backup"]) == 1
    assert capsys.readouterr().err == f"{tmp_path} holds no shop.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_restore_needs_the_shop_stopped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    credentials.load(tmp_path / "secrets.env")
    with (tmp_path / "run.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert backups.main(["--data", str(tmp_path), "restore", "x.backup"]) == 1
    assert "already runs" in capsys.readouterr().err
