"""The development shop's secrets are made once and kept to their owner."""

import base64
from pathlib import Path

from local import credentials


def test_secrets_stay_the_same_from_start_to_start(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    assert credentials.load(path) == credentials.load(path)


def test_two_shops_share_no_secret(tmp_path: Path) -> None:
    one = credentials.load(tmp_path / "one.env")
    other = credentials.load(tmp_path / "other.env")
    assert set(one.values()) & set(other.values()) == set()


def test_only_the_owner_may_read_them(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    credentials.load(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_missing_secret_is_added_beside_those_that_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    path.write_text("SECRET_KEY=chosen=by-hand\nDEMO_PASSWORD=\n")
    loaded = credentials.load(path)
    assert loaded["SECRET_KEY"] == "chosen=by-hand"
    assert len(loaded["DEMO_PASSWORD"]) == 17
    assert credentials.load(path) == loaded


def test_the_secret_of_license_keys_has_32_bytes(tmp_path: Path) -> None:
    secret = credentials.load(tmp_path / "secrets.env")["LICENSE_KEYS_SECRET"]
    assert len(base64.urlsafe_b64decode(secret)) == 32
