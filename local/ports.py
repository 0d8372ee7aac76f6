"""TCP ports on the loopback address."""

import socket

from local.processes import StartError

HOST = "127.0.0.1"


def check_free(port: int, use: str) -> None:
    """Raise StartError, naming what the port is for, when something already listens there or it may not be opened."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # ignore connections that are still closing
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise StartError(
                f"Port {port} ({use}) needs root: choose one above 1023, as in make run PORT=8000."
            ) from None
        except OSError:
            raise StartError(
                f"Port {port} ({use}) is taken: stop what listens there, or choose another by make run PORT=8100."
            ) from None
