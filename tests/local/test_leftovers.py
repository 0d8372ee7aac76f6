"""What an earlier run left behind is found by its mark and ended, and nothing else is touched."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local import leftovers

Starter = Callable[..., subprocess.Popen[str]]
SLEEP = "print('up', flush=True); import time; time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}"


@pytest.fixture
def start() -> Iterator[Starter]:
    started: list[subprocess.Popen[str]] = []

    def marked(data: Path, code: str = SLEEP) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            env=os.environ | {leftovers.MARK: str(data)},
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        return process

    yield marked
    for process in started:
        process.kill()
        process.communicate()


def test_processes_of_the_same_folder_are_found_and_no_others(tmp_path: Path, start: Starter) -> None:
    process = start(tmp_path / "a")
    start(tmp_path / "ab")
    assert leftovers.find(tmp_path / "a") == [process.pid]


def test_stopping_asks_first(tmp_path: Path, start: Starter) -> None:
    process, other = start(tmp_path / "a"), start(tmp_path / "b")
    assert leftovers.stop(tmp_path / "a") == [process.pid]
    assert process.wait(5) == -signal.SIGTERM
    assert other.poll() is None


def test_who_does_not_follow_is_killed(tmp_path: Path, start: Starter) -> None:
    process = start(tmp_path, STUBBORN)
    leftovers.stop(tmp_path, grace_seconds=0.2)
    assert process.wait(5) == -signal.SIGKILL


def test_a_zombie_is_not_running(tmp_path: Path, start: Starter) -> None:
    process = start(tmp_path, "print('up', flush=True)")
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # ended, but nobody has taken notice
    assert Path(f"/proc/{process.pid}").exists()
    assert not leftovers.is_running(process.pid)
    assert leftovers.find(tmp_path) == []


def test_nothing_left_is_nothing_done(tmp_path: Path) -> None:
    assert leftovers.stop(tmp_path) == []
