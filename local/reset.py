"""`make reset`: deletes what a development shop keeps, its secrets apart, so that the demo logins stay the same."""

import argparse
import os
import shutil
import sys
from pathlib import Path

from local.processes import StartError
from local.run import only_run

KEPT = {"secrets.env", "run.lock"}


def main(arguments: list[str]) -> int:
    """Delete the data; returns the exit code."""
    parser = argparse.ArgumentParser(prog="make reset")
    parser.add_argument("--data", type=Path, default=Path(".local"))
    data = parser.parse_args(arguments).data.resolve()
    if not (data / "secrets.env").exists():  # a typo in DATA_DIR must not empty somebody's folder
        print(f"{data} holds no shop, so there is nothing to delete.", file=sys.stderr)
        return 1
    try:
        with only_run(data):
            for path in data.iterdir():
                if path.name not in KEPT:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Deleted the data in {data}. The next `make run` loads the demo shop anew.")
    if os.environ.get("DATABASE_URL"):
        print("The database that DATABASE_URL names was left alone: empty it yourself.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
