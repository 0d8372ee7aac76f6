"""The page that writes a mail to support, in development only."""

import mailbox as maildirs
from pathlib import Path

import pytest
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from config.dev_support_mail import urlpatterns as dev_urls
from privacy import mailbox
from privacy.models import DeletionRequest, RequestAddress

urlpatterns = [*dev_urls, path("", include("config.urls"))]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]
PAGE = "/dev/support-mail/"
MAIL = {
    "sender": "kim@customer.example",
    "to": "support@example.com",
    "subject": "My data",
    "text": "Please delete my data.",
}


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.DEBUG = True
    settings.MAILBOX_URL = f"maildir:{tmp_path / 'support-mail'}"
    return tmp_path / "support-mail"


def test_a_mail_is_put_into_the_mailbox_and_becomes_a_request(client: Client, folder: Path) -> None:
    assert 'value="support@example.com"' in client.get(PAGE).content.decode()
    answer = client.post(PAGE, MAIL)
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    kept = list(maildirs.Maildir(folder))
    assert [(mail["From"], mail["Return-Path"], mail["Delivered-To"]) for mail in kept] == [
        ("kim@customer.example", "<kim@customer.example>", "support@example.com")
    ]
    mailbox.fetch()  # the job did already, where tasks run at once
    assert DeletionRequest.objects.count() == 1
    assert RequestAddress.objects.get().address == "kim@customer.example"


def test_headers_cannot_be_added(client: Client, folder: Path) -> None:
    client.post(PAGE, MAIL | {"subject": "Hello\r\nBcc: x@y.example"})
    (kept,) = maildirs.Maildir(folder)
    assert kept["Bcc"] is None
    assert client.post(PAGE, MAIL | {"sender": "a@b.example\r\nBcc: x@y.example"}).status_code == 422


@pytest.mark.parametrize(("debug", "url"), [(False, "maildir:/x"), (True, ""), (True, "imaps://a:b@host/INBOX")])
def test_production_and_a_real_mailbox_have_no_such_page(
    client: Client, settings: Settings, debug: bool, url: str
) -> None:
    settings.DEBUG, settings.MAILBOX_URL = debug, url
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, MAIL).status_code == 404
