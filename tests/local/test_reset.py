"""`make reset` deletes a shop's data, and nothing that isn't one."""

from pathlib import Path

import pytest

from local import credentials
from local.reset import main
from local.run import only_run


def test_everything_goes_but_the_secrets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = credentials.load(tmp_path / "secrets.env")
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "one.eml").touch()
    (tmp_path / "beat-schedule").touch()
    assert main(["--data", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.lock", "secrets.env"]
    assert credentials.load(tmp_path / "secrets.env") == kept


def test_a_folder_that_holds_no_shop_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").touch()
    assert main(["--data", str(tmp_path)]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    assert capsys.readouterr().err == f"{tmp_path} holds no shop, so there is nothing to delete.\n"


def test_a_running_shop_is_not_reset(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    credentials.load(tmp_path / "secrets.env")
    (tmp_path / "mail").mkdir()
    with only_run(tmp_path):
        assert main(["--data", str(tmp_path)]) == 1
    assert (tmp_path / "mail").exists()
    assert capsys.readouterr().err == f"The shop already runs on {tmp_path}: stop it, or choose another DATA_DIR.\n"
