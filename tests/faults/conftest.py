"""Both sandboxes, a mail server, and the judgment after each test."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from config import celery_app
from local.processes import start
from local.shop import listening_address
from sandbox.running import PayPalSandbox, StripeSandbox
from tests.faults import aftermath
from tests.payments.conftest import paypal_sandbox, running_paypal, running_stripe, stripe_sandbox, till
from tests.payments.paying import Till

__all__ = ["paypal_sandbox", "running_paypal", "running_stripe", "stripe_sandbox", "till"]


@pytest.fixture(scope="session")
def mail_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int, Path]]:
    """A real mail server: what a killed process sent has arrived."""
    folder = tmp_path_factory.mktemp("mail")
    command = [sys.executable, "-m", "local.mail_sink", str(folder)]
    child = start("Mail sink", command, log=folder / "log", env=os.environ)
    address = urlsplit(listening_address(child))
    yield address.hostname or "", address.port or 0, folder
    child.stop()


@pytest.fixture
def delivered(mail_server: tuple[str, int, Path], settings: Any) -> Path:
    """The folder of the mails that arrive; empty at first."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, folder = mail_server
    for file in folder.glob("*.eml"):
        file.unlink()
    return folder


@pytest.fixture
def tills(stripe_sandbox: StripeSandbox, paypal_sandbox: PayPalSandbox) -> dict[str, Till]:
    """Both ways to pay, by the provider's name."""
    return {"stripe": Till("stripe", stripe_sandbox), "paypal": Till("paypal", paypal_sandbox)}


@pytest.fixture
def in_the_end(
    transactional_db: None, stripe_sandbox: StripeSandbox, paypal_sandbox: PayPalSandbox, delivered: Path
) -> Iterator[Callable[[], list[str]]]:
    """After the test, once time has passed, nothing is wrong. A test may let that time pass itself."""
    sandboxes = {"stripe": stripe_sandbox, "paypal": paypal_sandbox}

    def settle() -> list[str]:
        aftermath.let_time_pass(sandboxes)
        return aftermath.problems(sandboxes, delivered)

    yield settle
    assert settle() == []


@pytest.fixture(autouse=True)
def lost_messages() -> Iterator[None]:
    """No worker listens: what a task is asked to do, only the timetable's sweeps find."""
    celery_app.conf.task_always_eager = False
    yield
    celery_app.conf.task_always_eager = True


@pytest.fixture
def buyer() -> Client:
    """The browser of one."""
    return Client(headers={"sec-fetch-site": "same-origin"})
