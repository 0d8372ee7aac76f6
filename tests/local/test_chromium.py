"""The Chromium for the journeys is found without asking twice."""

import os
from pathlib import Path

import pytest

from local import chromium


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "chromium-browser"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_one_that_is_named_wins(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", str(program))
    assert chromium.find() == program


def test_a_named_one_that_is_not_there_is_not_replaced_silently(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    assert chromium.main() == 1
    assert capsys.readouterr() == ("", f"{chromium.NONE_FOUND}\n")


def test_one_on_the_path_is_found(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}/nowhere")
    assert chromium.find() == program
