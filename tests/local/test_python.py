"""What is installed, when it is installed anew, and what a machine that does not fit is told."""

import platform
import re
import sys
from pathlib import Path

import pytest

from local import python

PROJECT = Path(__file__).resolve().parents[2]
BOTH = {"DATABASE_URL": "postgres://somewhere/shop", "REDIS_URL": "redis://somewhere"}


def _version_of(line: str) -> tuple[str, str]:
    name, version = re.split("==", line.split(";", maxsplit=1)[0].strip(), maxsplit=1)
    return re.sub(r"\[.*\]", "", name).lower().replace("_", "-"), version


def test_included_files_come_first_and_comments_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "base.txt").write_text("# what\n-c constraints.txt\n\nDjango==5.2.19   # the framework\n")
    (tmp_path / "more.txt").write_text("-c constraints.txt\n-r base.txt\npytest==9.2.0\n")
    assert list(python.requirement_lines(tmp_path / "more.txt")) == ["Django==5.2.19", "pytest==9.2.0"]


def test_every_requirement_is_pinned_and_stands_in_the_constraints() -> None:
    constraints = dict(map(_version_of, python.requirement_lines(PROJECT / "constraints.txt")))
    asked = dict(map(_version_of, python.requirement_lines(PROJECT / "requirements-dev.txt")))
    assert {name: constraints.get(name) for name in asked} == asked


def test_every_requirement_says_why_it_is_there() -> None:
    for path in PROJECT.glob("requirements*.txt"):
        unexplained = [line for line in path.read_text().splitlines() if "==" in line and " # " not in line]
        assert unexplained == []


def test_another_python_or_another_package_asks_for_an_installation() -> None:
    marks = {
        python.fingerprint("3.11.2", ["a==1"], "b==1"),
        python.fingerprint("3.12.1", ["a==1"], "b==1"),
        python.fingerprint("3.11.2", ["a==2"], "b==1"),
        python.fingerprint("3.11.2", ["a==1"], "b==2"),
    }
    assert len(marks) == 4


def test_this_machine_fits_when_both_servers_are_named() -> None:
    assert python.check_machine(BOTH) is None


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "This machine has no bundled PostgreSQL and Valkey: set DATABASE_URL and REDIS_URL to yours."),
        ({"DATABASE_URL": "x"}, "This machine has no bundled PostgreSQL and Valkey: set REDIS_URL to yours."),
    ],
)
@pytest.mark.parametrize(("system", "machine"), [("Darwin", "x86_64"), ("Linux", "riscv64")])
def test_a_machine_without_bundled_servers_is_told_what_to_set(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str, given: dict[str, str], sentence: str
) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    with pytest.raises(python.SetupError) as refusal:
        python.check_machine(given)
    assert str(refusal.value) == sentence
    assert python.check_machine(BOTH) is None


@pytest.mark.parametrize(("glibc", "fits"), [("2.31", False), ("2.34", True), ("2.36", True)])
def test_an_old_c_library_has_no_bundled_servers(monkeypatch: pytest.MonkeyPatch, glibc: str, fits: bool) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(platform, "libc_ver", lambda: ("glibc", glibc))
    assert python.bundled_servers_run_here() is fits


def test_a_missing_venv_module_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ensurepip" else object())
    with pytest.raises(python.SetupError) as refusal:
        python.check_machine(BOTH)
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert (
        str(refusal.value) == f"Python's venv module is missing: install it, on Debian by `apt-get install {package}`."
    )


def test_a_python_that_is_too_old_is_told_which_ones_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4, "final", 0))
    with pytest.raises(python.SetupError) as refusal:
        python.check_machine(BOTH)
    assert str(refusal.value).endswith("does not fit: install Python 3.11, 3.12 or 3.13.")
