"""The two servers that the shop stands on, started only where the environment names none.

`python -m local.servers COMMAND ...` runs a command beside servers of its own that vanish with it.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from local.postgres import start_postgres
from local.processes import Child, StartError, die_with_parent
from local.valkey import start_valkey


def start_servers(data: Path, env: Mapping[str, str], *, durable: bool = True) -> tuple[list[Child], dict[str, str]]:
    """Start what `env` names no URL for, with its data under `data`. Returns the processes in the order of their start,
    and the two URLs to work with. Raises StartError, with nothing left running."""
    urls = {name: env[name] for name in ("DATABASE_URL", "REDIS_URL") if env.get(name)}
    with ExitStack() as undo:
        children: list[Child] = []
        if "DATABASE_URL" not in urls:
            child, urls["DATABASE_URL"] = start_postgres(data, env=env, durable=durable)
            children.append(child)
            undo.callback(child.stop)
        if "REDIS_URL" not in urls:
            child, urls["REDIS_URL"] = start_valkey(data, env=env)
            children.append(child)
        undo.pop_all()
    return children, urls


@contextmanager
def throwaway_servers() -> Iterator[dict[str, str]]:
    """Servers in a temporary folder, not durable, gone at the end; gives their URLs, and a journal that fits."""
    folder = Path(tempfile.mkdtemp(prefix="shop-"))
    try:
        children, urls = start_servers(folder, os.environ | {"SHOP_RUN": str(folder)}, durable=False)
        try:
            yield urls | {"ERASURE_JOURNAL": str(folder / "erasure.journal")}
        finally:
            for child in reversed(children):
                child.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    """Run `command` with the URLs in its environment and return its exit code."""
    try:
        with throwaway_servers() as urls:
            follow = die_with_parent(signal.SIGTERM)
            return subprocess.run(command, env=os.environ | urls, check=False, preexec_fn=follow).returncode
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
