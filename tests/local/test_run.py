"""`make run` as a person meets it: start, use, stop, and starts after a kill."""

import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local import leftovers
from local.ports import HOST
from local.postgres import stop_leftover_server
from local.run import main
from tests.launcher import PROJECT, Run, free_ports

Launcher = Callable[[], Run]


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="shop-run-"))
    yield folder / "data"
    stop_leftover_server(folder / "data" / "postgres")
    leftovers.stop(folder / "data")
    shutil.rmtree(folder)


@pytest.fixture
def start(data: Path) -> Iterator[Launcher]:
    started: list[Run] = []

    def launch() -> Run:
        started.append(Run(data, free_ports()))
        return started[-1]

    yield launch
    for run in started:
        if run.process.poll() is None:
            run.stop()


def _status(address: str) -> int:
    with urllib.request.urlopen(address, timeout=20) as answer:
        return int(answer.status)


@pytest.mark.slow
def test_the_shop_starts_survives_a_kill_and_leaves_nothing(start: Launcher, data: Path) -> None:
    first = start()
    words = first.words()
    password = re.search(r"password (\S+)", words)
    assert password is not None
    assert words.startswith(f"ready http://{HOST}:{first.port}\n")
    assert re.findall(r"(\w+)@example\.com", words) == ["customer", "manager", "admin", "support"]
    assert _status(f"http://{HOST}:{first.port}/dev/mail/") == 200

    refused = subprocess.run(
        [sys.executable, "-m", "local.run", "--port", str(first.port), "--data", str(data)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == f"The shop already runs on {data}: stop it, or choose another DATA_DIR.\n"

    first.process.kill()
    first.process.wait(10)
    second = start()
    assert password[0] in second.words()
    second.process.send_signal(signal.SIGINT)
    assert second.process.wait(30) == 0
    assert leftovers.find(data) == []


def test_a_taken_port_stops_the_start_with_one_sentence(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signal.signal", lambda signum, handler: None)  # the handlers of this test run stay
    monkeypatch.setattr("local.run.follow_parent", lambda signum: None)
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert main(["--port", str(port), "--data", str(data)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (
        f"Port {port} (the shop) is taken: stop what listens there, or choose another by make run PORT=8100.\n"
    )


@pytest.mark.parametrize("word", ["0", "65534", "80a", "-1", "８０"])
def test_a_port_that_is_none_is_said_in_one_sentence(word: str) -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "local.run", f"--port={word}"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert (refused.returncode, refused.stderr) == (1, f"PORT must be a number from 1 to 65533, not {word!r}.\n")
