"""`manage.py fetch_mail`, the job, and what they say."""

from io import StringIO
from pathlib import Path

import pytest
from celery.schedules import maybe_schedule
from django.core.management import CommandError, call_command
from pytest_django import Settings

from config.celery import app
from local.mail_sink import make_maildir
from privacy import tasks
from privacy.models import Alert, DeletionRequest, OutgoingMail, ReceivedMail
from tests.privacy.mailbox.letters import Box, letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(tmp_path: Path, settings: Settings) -> Box:
    folder = make_maildir(tmp_path / "support-mail")
    settings.MAILBOX_URL = f"maildir:{folder}"
    return Box(folder)


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("fetch_mail", *arguments, stdout=said)
    return said.getvalue()


def test_it_takes_what_came(box: Box) -> None:
    box.put(letter())
    assert run() == "1 mail taken.\n"
    assert run() == "0 mails taken.\n"
    assert DeletionRequest.objects.count() == 1


def test_a_dry_run_says_why_and_takes_nothing(box: Box) -> None:
    uids = [box.put(letter()), box.put(letter("How do I delete my account?")), box.put(letter("Where is my key?"))]
    said = run("--dry-run").splitlines()
    assert [line.rpartition(": ")[2] for line in said if line.startswith("Mail ")] == [
        "a request for deletion.",
        "perhaps a request for deletion, for a person to read.",
        "no request for deletion.",
    ]
    assert [line.split(",")[0] for line in said if line.startswith("Mail ")] == [f"Mail {uid}" for uid in uids]
    assert "  asks to delete personal data: “delete all my personal data” (English)" in said
    assert said[-1] == "3 mails would be looked at. Nothing was taken."
    assert not any("customer.example" in line for line in said)
    for model in (ReceivedMail, DeletionRequest, OutgoingMail):
        assert not model.objects.exists()


@pytest.mark.parametrize(("url", "code"), [("", 2), ("maildir:/nowhere/at/all", 1)])
def test_its_exit_codes(settings: Settings, url: str, code: int) -> None:
    settings.MAILBOX_URL = url
    with pytest.raises(CommandError) as refusal:
        run()
    assert refusal.value.returncode == code
    assert str(refusal.value).endswith(".")


def test_it_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        call_command("fetch_mail", "--help")
    assert end.value.code == 0
    assert "Ends with 0 when all is done" in " ".join(capsys.readouterr().out.split())


def test_the_job_runs_every_minute_and_survives_a_mailbox_that_is_away(settings: Settings) -> None:
    entry = app.conf.beat_schedule["fetch-mail"]
    assert entry["task"] == "privacy.tasks.fetch_mail"
    assert maybe_schedule(entry["schedule"]).run_every.total_seconds() == 60
    settings.MAILBOX_URL = "maildir:/nowhere/at/all"
    assert tasks.fetch_mail() == 0
    assert Alert.objects.get().kind == "mailbox_unreachable"
