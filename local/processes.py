"""Child processes that end with whoever started them."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1  # linux/prctl.h
TAIL_BYTES = 2_000


class StartError(Exception):
    """Something could not be started. The message is one sentence that says what to do."""


def die_with_parent(signum: signal.Signals) -> Callable[[], None] | None:
    """A function for a new process to call: from then on the kernel sends it `signum` when its parent dies.

    Only Linux offers this; elsewhere the answer is None and the next start has nothing to find either.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
        if os.getppid() != parent:  # it died between fork and prctl
            os.kill(os.getpid(), signal.SIGKILL)

    return ask_kernel


def follow_parent(signum: signal.Signals) -> None:
    """Have this very process sent `signum` when its parent dies. Only Linux offers this; elsewhere nothing happens."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signum), 0, 0, 0)


@dataclass
class Child:
    """A running process with the log it writes, and how it wants to be stopped."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 10.0

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def stop(self) -> None:
        """Ask the process to end, wait, then kill what is left of its group. Returns quietly when it ended before."""
        if not self.has_ended:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(self.grace_seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # the usual case: nobody of the group is left
            return

    def last_words(self) -> str:
        """The end of the log: what a person needs to see when the process ended by itself."""
        return self.log.read_bytes()[-TAIL_BYTES:].decode(errors="replace").strip()


def start(
    name: str,
    command: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str],
    stop_signal: signal.Signals = signal.SIGTERM,
    grace_seconds: float = 10.0,
    cwd: Path | None = None,
) -> Child:
    """Start `command` in a session of its own, its output in the file `log` (begun anew), dying with this process.

    Raises StartError when the program is not there.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    try:
        with log.open("wb") as output:
            # preexec_fn is safe here: the launcher runs no threads, and no tool on the path can be relied on instead.
            process = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(env),
                cwd=cwd,
                start_new_session=True,
                preexec_fn=die_with_parent(stop_signal),  # noqa: PLW1509
            )
    except OSError as error:
        raise StartError(f"{name} could not be started: {error}.") from error
    return Child(name, process, log, stop_signal, grace_seconds)
