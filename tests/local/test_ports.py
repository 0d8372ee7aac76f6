"""A taken port is said in one sentence before anything starts."""

import socket
from collections.abc import Iterator

import pytest

from local.ports import HOST, check_free
from local.processes import StartError


@pytest.fixture(params=[HOST, "0.0.0.0"])
def taken_port(request: pytest.FixtureRequest) -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind((request.param, 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_named_with_its_use(taken_port: int) -> None:
    with pytest.raises(StartError) as refusal:
        check_free(taken_port, "the shop")
    assert str(refusal.value) == (
        f"Port {taken_port} (the shop) is taken: stop what listens there, or choose another by make run PORT=8100."
    )


def test_a_port_just_freed_may_be_used_again() -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as web servers do
        listener.bind((HOST, 0))
        listener.listen()
        port = listener.getsockname()[1]
        with socket.create_connection((HOST, port)), listener.accept()[0]:
            pass
    assert check_free(port, "the shop") is None
