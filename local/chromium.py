"""Finds the Chromium that the browser journeys drive, or gets one. `python -m local.chromium` prints its path."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
NONE_FOUND = "No Chromium was found and none could be installed: install one, or set CHROMIUM to its path."


def find() -> Path | None:
    """The path of a Chromium: the one that CHROMIUM names, one on the PATH, or Playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named) if os.access(named, os.X_OK) else None
    on_path = next((found for name in NAMES if (found := shutil.which(name))), None)
    return Path(on_path) if on_path else _playwrights_own()


def install() -> None:
    """Get one: Playwright's own, else Debian's package when root. Quiet when neither works; `find` tells."""
    root = os.getuid() == 0 and shutil.which("apt-get") is not None
    libraries = ["--with-deps"] if root else []  # which only root may install
    _quietly(sys.executable, "-m", "playwright", "install", *libraries, "chromium")
    if root and _playwrights_own() is None:
        _quietly("apt-get", "update")
        _quietly("apt-get", "install", "--yes", "--no-install-recommends", "chromium")


def _quietly(*command: str) -> None:
    # What an installer says is no result of this command: its standard output is the path alone.
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)


def _playwrights_own() -> Path | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    if not path.exists():
        return None
    # It may be there and not run, where libraries of the system are missing.
    return path if subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0 else None


def main() -> int:
    """Print the path, after an installation where needed; returns the exit code."""
    if find() is None and not os.environ.get("CHROMIUM"):
        install()
    path = find()
    print(path or NONE_FOUND, file=sys.stdout if path else sys.stderr)
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
