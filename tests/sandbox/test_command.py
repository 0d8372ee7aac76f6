"""The two command lines, as the launcher uses them."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

PROJECT = Path(__file__).resolve().parents[2]


def start(name: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", f"sandbox.{name}", *arguments],
        cwd=PROJECT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(("name", "number"), [("stripe", signal.SIGTERM), ("paypal", signal.SIGINT)])
def test_starts_on_a_free_port_and_stops_on_a_signal(tmp_path: Path, name: str, number: signal.Signals) -> None:
    process = start(name, "--data", str(tmp_path / "new" / "folder"), "--webhook", "http://127.0.0.1:1/")
    assert process.stdout is not None
    try:
        word, address = process.stdout.readline().split()
        ready = requests.get(f"{address}/_sandbox/health", timeout=5)
        settings = requests.get(f"{address}/_sandbox/webhooks", timeout=5).json()
        if name == "paypal":
            assert (tmp_path / "new" / "folder" / "paypal-ca.pem").is_file()
    finally:
        process.send_signal(number)
        _, errors = process.communicate(timeout=10)
    assert (word, ready.headers["X-AzureOps-Sandbox"], settings["url"]) == ("listening", name, "http://127.0.0.1:1/")
    assert (process.returncode, errors) == (0, "")


@pytest.mark.parametrize(
    ("name", "arguments", "environment", "words"),
    [
        ("stripe", ["--secret-key=sk_live_1"], {}, "A live key or address was given"),
        ("stripe", [], {"STRIPE_SECRET_KEY": "rk_live_1"}, "STRIPE_SECRET_KEY holds a live key"),
        ("paypal", [], {"PAYPAL_API_BASE": "https://api-m.paypal.com"}, "PAYPAL_API_BASE holds a live key or address"),
        ("paypal", ["--data", "/proc/nothing"], {}, "can't be written"),
        ("stripe", ["--port", "99999"], {}, "Port 99999 can't be used"),
        ("stripe", ["--webhook", "shop.example"], {}, "starts with http://"),
    ],
)
def test_refuses_with_one_sentence(
    tmp_path: Path, name: str, arguments: list[str], environment: dict[str, str], words: str
) -> None:
    process = start(name, "--data", str(tmp_path), *arguments, **environment)
    output, errors = process.communicate(timeout=10)
    assert (process.returncode, output) == (2, "")
    assert words in errors
    assert errors.count("\n") == 1
    assert "live_1" not in errors


def test_taken_port_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        process = start("stripe", "--data", str(tmp_path), "--port", port)
        _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (2, f"Port {port} can't be used; give another one by --port.\n")
