"""A small HTTP/1.1 server: routes, requests and answers, one thread a connection, on 127.0.0.1 only."""

import json
import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from sandbox.faults import Fault

LARGEST_BODY = 1_000_000


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Message
    body: bytes
    fault: Fault | None = None

    def form(self) -> dict[str, str]:
        """The fields of a form that a browser sent; the last of equal names counts."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass
class Response:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def answer_json(document: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(status, json.dumps(document).encode(), {"Content-Type": "application/json", **(headers or {})})


def redirect(address: str) -> Response:
    return Response(303, b"", {"Location": address})


Handler = Callable[..., Response]


class Routes:
    """Paths with `{name}` parts, in the order in which they were added."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []

    def add(self, method: str, path: str, handler: Handler) -> None:
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
        self._routes.append((method, pattern, handler))

    def find(self, method: str, path: str) -> tuple[Handler, dict[str, str]] | None:
        """The handler and the parts of the path that have a name."""
        for route_method, pattern, handler in self._routes:
            found = pattern.fullmatch(path)
            if found and route_method == method:
                return handler, {name: unquote(value) for name, value in found.groupdict().items()}
        return None


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "AzureOpsSandbox"
    sys_version = ""
    # An answer leaves in one piece: Nagle's wait for the second would cost 40 ms on each.
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 120
    server: "Server"

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        self.server.closed(self.connection)
        super().finish()

    def _serve(self) -> None:
        announced = self.headers.get("Content-Length") or "0"
        length = int(announced) if announced.isdecimal() else -1
        if "Transfer-Encoding" in self.headers or not 0 <= length <= LARGEST_BODY:
            # What can't be read can't be skipped either: the next request would start in the middle of this one.
            self.close_connection = True
            self._send(Response(413 if length > LARGEST_BODY else 400, b"The body can't be read."))
            return
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=parts.path,
            query=parse_qsl(parts.query, keep_blank_values=True),
            headers=self.headers,
            body=self.rfile.read(length),
        )
        response = self.server.answer(request)
        if response is None:
            # The peer must see a cut connection, not an empty answer.
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._send(response)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815  (http.server looks for these names)

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body)
        self.wfile.flush()

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Answers are dated by the sandbox's own clock, which tests move."""
        return super().date_time_string(self.server.now() if timestamp is None else timestamp)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the name is http.server's)
        """Nothing is logged: addresses and names of buyers pass through here."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(
        self, port: int, answer: Callable[[Request], Response | None], *, now: Callable[[], float] = time.time
    ) -> None:
        """`answer` returns None to cut the connection; `now` dates it. Raises OSError when the port is taken."""
        self.now = now
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.answer = answer
        super().__init__(("127.0.0.1", port), _Connection)
        self.base_url = f"http://127.0.0.1:{self.server_port}"

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.discard(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A peer that went away is no news."""

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """Closes the kept connections too: their threads would go on answering."""
        self.shutdown()
        self.server_close()
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
