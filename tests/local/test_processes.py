"""Children end when they are told, when they are stubborn, and when whoever started them dies."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local.leftovers import is_running
from local.processes import StartError, start

SLEEP = ("-c", "import time; time.sleep(60)")
STUBBORN = ("-c", "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)")
PARENT = """
import os, sys, time
from pathlib import Path
from local.processes import start
child = start("Child", [sys.executable, "-c", "import time; time.sleep(60)"], log=Path(sys.argv[1]), env=os.environ)
print(child.process.pid, flush=True)
time.sleep(60)
"""


def _wait_for(condition: object, *, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.02)
    return False


def test_a_child_is_asked_to_end(tmp_path: Path) -> None:
    child = start("Sleeper", [sys.executable, *SLEEP], log=tmp_path / "log", env=os.environ)
    assert not child.has_ended
    child.stop()
    assert child.process.returncode == -signal.SIGTERM
    child.stop()  # a second time is no error


def test_a_stubborn_child_is_killed(tmp_path: Path) -> None:
    child = start("Stubborn", [sys.executable, *STUBBORN], log=tmp_path / "log", env=os.environ, grace_seconds=0.2)
    assert _wait_for(lambda: child.last_words() == "up")
    child.stop()
    assert child.process.returncode == -signal.SIGKILL


def test_a_child_dies_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert is_running(child)
    parent.kill()
    parent.communicate()
    assert _wait_for(lambda: not is_running(child))


def test_the_log_is_begun_anew_and_its_end_is_kept_for_the_reader(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("of an earlier run")
    child = start("Speaker", [sys.executable, "-c", "print('x' * 5000, 'the end')"], log=log, env=os.environ)
    child.process.wait(10)
    assert len(child.last_words()) == 1999
    assert child.last_words().endswith("x the end")


def test_a_missing_program_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StartError) as refusal:
        start("Mail sink", [str(tmp_path / "none")], log=tmp_path / "log", env=os.environ)
    assert str(refusal.value).startswith("Mail sink could not be started: ")
