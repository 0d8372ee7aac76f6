import socket
from collections.abc import Iterator

import pytest
import requests

from sandbox.server import Request, Response, Routes, Server


@pytest.fixture
def echo() -> Iterator[Server]:
    def answer(request: Request) -> Response:
        if request.path == "/broken":
            raise ZeroDivisionError
        return Response(200, request.body or request.path.encode(), {"Content-Type": "text/plain"})

    server = Server(0, answer)
    server.start()
    yield server
    server.stop()


def test_connection_is_kept_between_requests(echo: Server) -> None:
    with requests.Session() as session:
        assert [session.post(echo.base_url, data=str(n), timeout=5).text for n in range(3)] == ["0", "1", "2"]
        assert len(echo._connections) == 1


def test_stopping_closes_kept_connections() -> None:
    server = Server(0, lambda request: Response(200))
    server.start()
    with requests.Session() as session:
        session.get(server.base_url, timeout=5)
        server.stop()
        with pytest.raises(requests.ConnectionError):
            session.get(server.base_url, timeout=5)


def test_only_this_machine_is_served(echo: Server) -> None:
    assert echo.server_address[0] == "127.0.0.1"


def test_too_large_body_is_refused(echo: Server) -> None:
    with socket.create_connection(echo.server_address, timeout=5) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("length", ["-1", "ten"])
def test_senseless_length_is_refused(echo: Server, length: str) -> None:
    with socket.create_connection(echo.server_address, timeout=5) as connection:
        connection.sendall(f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 400")


def test_routes_name_the_parts_of_a_path() -> None:
    routes = Routes()
    routes.add("GET", "/v1/things/{identifier}", lambda: Response(200))
    found = routes.find("GET", "/v1/things/a%20b")
    assert found is not None
    assert found[1] == {"identifier": "a b"}
    assert [routes.find(method, path) for method, path in (("POST", "/v1/things/a"), ("GET", "/v1/things/a/b"))] == [
        None,
        None,
    ]
