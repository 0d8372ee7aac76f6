"""`make backup` and `make restore`: the shop's own commands beside the servers of a development shop."""

import argparse
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

from local.postgres import DATABASE, USER, live_server
from local.processes import StartError
from local.run import only_run
from local.servers import start_servers
from local.shop import PROJECT, Shop
from local.sockets import socket_folder


def main(arguments: list[str]) -> int:
    """Runs the command; returns its exit code. A backup works while the shop runs, a restore needs it stopped."""
    parser = argparse.ArgumentParser(prog="make backup, make restore")
    parser.add_argument("--data", type=Path, default=Path(".local"))
    deeds = parser.add_subparsers(dest="deed", required=True)
    deeds.add_parser("backup").add_argument("--keep", metavar="DAYS")
    deeds.add_parser("restore").add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    data = options.data.resolve()
    if not (data / "secrets.env").exists():
        print(f"{data} holds no shop.", file=sys.stderr)
        return 1
    if options.deed == "backup":
        command = ["backup", *(("--keep", options.keep) if options.keep else ())]
    else:
        command = ["restore", str(options.file.resolve()), "--yes"]
    try:
        with ExitStack() as stack:
            return _run(command, data, stack)
    except StartError as error:
        print(error, file=sys.stderr)
        return 1


def _run(command: list[str], data: Path, stack: ExitStack) -> int:
    env = Shop(data, 8000, os.environ).env
    if command[0] == "backup" and live_server(data / "postgres") and "DATABASE_URL" not in env:
        sockets = socket_folder(data, "postgres", owner=(data / "postgres").stat().st_uid)
        env |= {
            "DATABASE_URL": f"postgres://{USER}@/{quote(str(sockets))}/{DATABASE}",
            "REDIS_URL": "redis://127.0.0.1:9",
        }
    else:
        stack.enter_context(only_run(data))
        children, urls = start_servers(data, env)
        for child in children:
            stack.callback(child.stop)
        env |= urls
    return subprocess.run([sys.executable, "manage.py", *command], cwd=PROJECT, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
