"""`manage.py privacy export EMAIL --to FILE`."""

import json
import stat
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts import license_keys
from privacy.exports import archive
from tests.accounts import purchases

pytestmark = pytest.mark.django_db


def export(email: str, to: Path) -> str:
    said = StringIO()
    call_command("privacy", "export", email, "--to", str(to), stdout=said)
    return said.getvalue().strip()


def data(file: Path) -> dict[str, dict[str, dict[str, list[dict[str, dict[str, str]]]]]]:
    with zipfile.ZipFile(file) as zipped:
        return json.loads(zipped.read("data.json"))


@pytest.mark.parametrize("email", ["kim@example.com", "KIM@Example.com"])
def test_it_writes_everything_of_an_address_for_nobody_else_to_read(tmp_path: Path, email: str) -> None:
    order = purchases.paid((purchases.edition(), 1), email="kim@example.com", at_once=True)
    file = tmp_path / "kim.zip"
    assert export(email, file) == f"{file}: 3 rows."
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    [key] = data(file)["data"]["accounts.LicenseKey"]["rows"]
    assert key["also"]["key"] == license_keys.text_of(purchases.keys_of(order)[0])


def test_an_address_without_data_gets_a_file_with_nothing_in_it(tmp_path: Path) -> None:
    file = tmp_path / "nobody.zip"
    assert export("nobody@example.com", file) == f"{file}: 0 rows."
    assert {len(table["rows"]) for table in data(file)["data"].values()} == {0}


def test_it_overwrites_nothing(tmp_path: Path) -> None:
    file = tmp_path / "there.zip"
    file.write_text("mine")
    with pytest.raises(CommandError, match="is there already") as refusal:
        export("kim@example.com", file)
    assert (refusal.value.returncode, file.read_text()) == (1, "mine")


def test_it_says_where_it_cannot_write(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="can't be written: No such file or directory"):
        export("kim@example.com", tmp_path / "nowhere" / "kim.zip")


def test_what_is_no_address_makes_no_file(tmp_path: Path) -> None:
    file = tmp_path / "kim.zip"
    with pytest.raises(CommandError, match="must be an e-mail address"):
        export("kim", file)
    assert not file.exists()


def test_half_a_file_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(archive, "write", fail)
    with pytest.raises(KeyboardInterrupt):
        export("kim@example.com", tmp_path / "kim.zip")
    assert list(tmp_path.iterdir()) == []


def test_the_file_must_be_named() -> None:
    with pytest.raises(CommandError, match="--to"):
        call_command("privacy", "export", "kim@example.com")
