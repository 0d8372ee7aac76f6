"""HTTP with the providers: connections stay open, and proxies, roots and limits are what the environment says."""

import ssl
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import certifi
import pytest

from payments.providers.base import NoAnswer
from payments.providers.sessions import Session

NO_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


class Door(ThreadingHTTPServer):
    """A server that remembers which lines it was asked, with which headers, over how many connections."""

    daemon_threads = True

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.connections = 0
        super().__init__(("127.0.0.1", 0), Answerer)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answerer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Door

    def setup(self) -> None:
        self.server.connections += 1
        super().setup()

    def do_GET(self) -> None:
        self.server.lines.append(self.requestline)
        self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        if self.path.endswith("/gone"):
            self.close_connection = True
            return
        self.send_response(302 if self.path.endswith("/moved") else 200)
        self.send_header("Location", "/elsewhere")
        self.send_header("Set-Cookie", "track=1")
        self.send_header("Content-Length", "2")
        self.end_headers()
        if self.path.endswith("/slow"):
            self.wfile.write(b"o")
            time.sleep(0.6)
        self.wfile.write(b"ok")

    def log_message(self, *_words: object) -> None:
        """Says nothing."""


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    for name in NO_PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    server = Door()
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def get(door: Door, path: str = "/", session: Session | None = None) -> tuple[int, bytes]:
    answer = (session or Session(door.url, timeout=0.3)).ask("GET", f"{door.url}{path}", {"X-Own": "1"})
    return answer.status, answer.body


def test_one_connection_serves_many_calls_and_keeps_no_cookie(door: Door) -> None:
    session = Session(door.url, timeout=1)
    assert [get(door, session=session) for _ in range(3)] == [(200, b"ok")] * 3
    assert door.connections == 1
    assert [("cookie" in headers, headers["x-own"]) for headers in door.headers] == [(False, "1")] * 3


def test_a_connection_that_was_closed_meanwhile_is_opened_anew(door: Door) -> None:
    session = Session(door.url, timeout=1)
    with pytest.raises(NoAnswer, match="no_connection"):
        get(door, "/gone", session)
    assert (get(door, session=session), door.connections) == ((200, b"ok"), 2)


def test_nothing_is_repeated_and_no_redirect_is_followed(door: Door) -> None:
    assert get(door, "/moved") == (302, b"ok")
    with pytest.raises(NoAnswer, match="no_connection"):
        get(door, "/gone")
    assert door.lines == ["GET /moved HTTP/1.1", "GET /gone HTTP/1.1"]


def test_the_time_out_holds_for_the_body_as_well(door: Door) -> None:
    with pytest.raises(NoAnswer, match="timeout"):
        get(door, "/slow")


def test_nobody_there_is_no_connection(door: Door) -> None:
    door.shutdown()
    door.server_close()
    with pytest.raises(NoAnswer, match="no_connection"):
        get(door)


def test_headers_are_found_in_any_case(door: Door) -> None:
    headers = Session(door.url, timeout=1).ask("GET", door.url, {}).headers
    assert (headers["set-cookie"], headers["SET-COOKIE"]) == ("track=1", "track=1")


def test_the_environment_s_proxy_is_used(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", door.url.replace("http://", "http://user:word@"))
    assert Session("http://api.example", 1).ask("GET", "http://api.example/v1", {}).status == 200
    assert door.lines == ["GET http://api.example/v1 HTTP/1.1"]
    assert door.headers[0]["proxy-authorization"] == "Basic dXNlcjp3b3Jk"


def test_an_address_without_a_proxy_is_asked_itself(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert get(door) == (200, b"ok")


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
@pytest.mark.parametrize(("of", "option"), [(Path, "ca_certs"), (lambda path: Path(path).parent, "ca_cert_dir")])
def test_roots_are_the_environment_s(
    door: Door, monkeypatch: pytest.MonkeyPatch, name: str, of: Callable[[str], Path], option: str
) -> None:
    roots = str(of(certifi.where()))
    monkeypatch.setenv(name, roots)
    assert Session("https://api.example", 1)._pools.connection_pool_kw[option] == roots


def test_certificates_are_checked(door: Door) -> None:
    pool = Session("https://api.example", 1)._pools.connection_from_url("https://api.example")
    options = (pool.cert_reqs, pool.ca_certs)  # type: ignore[attr-defined]  # a pool of HTTPS
    assert options in {("CERT_REQUIRED", certifi.where()), (ssl.CERT_REQUIRED, certifi.where())}
