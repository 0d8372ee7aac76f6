"""The measuring itself: its lines, its verdicts, and load where wrk isn't installed."""

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.benchmarks import __main__ as benchmarks
from tests.benchmarks import load
from tests.benchmarks.figures import Figure


def test_a_figure_is_one_line_of_json() -> None:
    line = Figure("home page", 4000.1234, "requests/s", 5000.0, at_least=0.5).line()
    assert json.loads(line) == {
        "name": "home page",
        "value": 4000.123,
        "unit": "requests/s",
        "baseline": 5000.0,
        "ratio": 0.8,
    }
    assert "\n" not in line


@pytest.mark.parametrize(
    ("limits", "is_met"),
    [
        ({"at_least": 0.5}, True),
        ({"at_least": 0.9}, False),
        ({"at_most": 0.8}, True),
        ({"at_most": 0.7}, False),
        ({}, True),
    ],
)
def test_a_ratio_is_met_or_missed(limits: dict[str, float], is_met: bool) -> None:
    assert Figure("x", 8, "ms", 10, **limits).is_met is is_met


def test_a_part_that_is_not_there_is_refused_before_anything_starts(capsys: pytest.CaptureFixture[str]) -> None:
    assert benchmarks.main(["retention", "refunds"]) == 2
    assert capsys.readouterr().err == (
        f"There is no refunds to measure: name {', '.join(benchmarks.PARTS)}, or nothing for all.\n"
    )


class _Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@pytest.mark.parametrize("has_wrk", [True, False])
def test_load_counts_answers_and_refuses_errors(monkeypatch: pytest.MonkeyPatch, has_wrk: bool) -> None:
    if has_wrk and not load.shutil.which("wrk"):
        pytest.skip("wrk isn't installed here.")
    if not has_wrk:
        monkeypatch.setattr(load.shutil, "which", lambda _name: None)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Server) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        try:
            speed = load.measure(f"{url}/", seconds=1, server=os.getpid())
            assert (speed.per_second > 10, speed.cpu > 0) == (True, True)
            with pytest.raises(RuntimeError, match="didn't answer as it should"):
                load.measure(f"{url}/nothing", seconds=1, server=os.getpid())
        finally:
            server.shutdown()
            thread.join()
