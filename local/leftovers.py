"""Processes that an earlier run left behind, found by the mark that all of them carry in their environment."""

import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

MARK = "SHOP_RUN"


def find(data: Path) -> list[int]:
    """The ids of all processes that were started for the folder `data`, this one left out. Linux only; else none."""
    wanted = os.fsencode(f"{MARK}={data}")
    return [
        int(folder.name)
        for folder in Path("/proc").glob("[0-9]*")
        if int(folder.name) != os.getpid() and wanted in _environment(folder)
    ]


def stop(data: Path, *, grace_seconds: float = 8.0) -> list[int]:
    """End them: asked first, killed when they do not follow. Returns the ids found.

    PostgreSQL's are killed only at the end: its own server process has to be asked, and in its own way
    (`postgres.stop_leftover_server`, to be called before).
    """
    found = find(data)
    asked = [pid for pid in found if _name(pid) != "postgres"]
    _signal(asked, signal.SIGTERM)
    if _wait_until_gone(asked, grace_seconds):
        _signal(asked, signal.SIGKILL)
    rest = find(data)
    _signal(rest, signal.SIGKILL)
    _wait_until_gone(rest, grace_seconds)
    return found


def is_running(pid: int) -> bool:
    """Whether the process exists and is more than a zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state not in "ZX"


def _environment(folder: Path) -> list[bytes]:
    try:
        return (folder / "environ").read_bytes().split(b"\0")
    except OSError:  # ended meanwhile, or somebody else's
        return []


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _signal(pids: Iterable[int], signum: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, signum)
        except (ProcessLookupError, PermissionError):
            continue


def _wait_until_gone(pids: Iterable[int], seconds: float) -> bool:
    """Wait at most so long; returns whether somebody is still there."""
    deadline = time.monotonic() + seconds
    while any(is_running(pid) for pid in pids):
        if time.monotonic() > deadline:
            return True
        time.sleep(0.05)
    return False
