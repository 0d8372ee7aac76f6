"""Folders of sockets are private, and short enough for the kernel wherever the data lies."""

import os
from pathlib import Path

import pytest

from local.processes import StartError
from local.sockets import LONGEST_FOLDER, socket_folder


@pytest.fixture
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("t")
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def _data_of_length(tmp_path: Path, length: int) -> Path:
    missing = length - len(os.fsencode(tmp_path / "x" / "sockets" / "valkey")) + 1
    return tmp_path / ("x" * missing)


def test_it_lies_beside_the_data(tmp_path: Path, temporary: Path) -> None:
    data = _data_of_length(tmp_path, LONGEST_FOLDER)
    folder = socket_folder(data, "valkey", owner=os.getuid())
    assert folder == data / "sockets" / "valkey"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_one_byte_more_and_it_lies_in_the_temporary_folder(tmp_path: Path, temporary: Path) -> None:
    data = _data_of_length(tmp_path, LONGEST_FOLDER + 1)
    folder = socket_folder(data, "valkey", owner=os.getuid())
    assert folder.parent == temporary
    assert folder.stat().st_mode & 0o777 == 0o700
    assert socket_folder(data, "valkey", owner=os.getuid()) == folder
    assert socket_folder(data, "postgres", owner=os.getuid()) != folder


def test_a_folder_that_somebody_prepared_is_refused(tmp_path: Path, temporary: Path) -> None:
    data = _data_of_length(tmp_path, LONGEST_FOLDER + 1)
    folder = socket_folder(data, "valkey", owner=os.getuid())
    folder.rmdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(StartError) as refusal:
        socket_folder(data, "valkey", owner=os.getuid())
    assert str(refusal.value) == f"{folder} belongs to another user: remove it, or choose a shorter DATA_DIR."
