"""A small crowd at a real web server: `make rush` lets in 500 for 100 keys."""

import json
import os
import subprocess
import sys

import pytest

from tests.launcher import OF_THE_TEST_RUN, PROJECT

BUYERS, KEYS = 60, 12


@pytest.mark.slow
def test_each_of_the_last_keys_is_sold_once_and_everybody_else_is_told() -> None:
    env = {name: value for name, value in os.environ.items() if name not in OF_THE_TEST_RUN}
    command = [sys.executable, "-m", "local.servers", sys.executable, "-m", "tests.rush", str(BUYERS), str(KEYS)]
    ran = subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, text=True, check=False, timeout=600)
    assert ran.returncode == 0, ran.stderr
    figures = json.loads(ran.stdout.splitlines()[-1])
    slowest = figures.pop("slowest_seconds")
    assert figures == {"buyers": BUYERS, "keys": KEYS, "sold": KEYS, "told": BUYERS - KEYS, "errors": 0}
    assert "place the order" in slowest
