"""The pages of sent mail show what was kept, in development only."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from config.dev_mail import urlpatterns as dev_mail_urls

urlpatterns = [*dev_mail_urls, path("", include("config.urls"))]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]
ADDRESS = "https://shop.example/orders/1/"


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.DEBUG = True
    settings.DEV_MAIL_DIR = str(tmp_path)
    return tmp_path


def _keep(folder: Path, name: str, subject: str, *, html: str = "") -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "shop@example.com", "buyer@example.com", subject
    mail.set_content(f"Your key is at {ADDRESS} <now>")
    if html:
        mail.add_alternative(html, subtype="html")
    (folder / f"{name}.eml").write_bytes(mail.as_bytes())


def _text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_newest_mail_comes_first(client: Client, folder: Path) -> None:
    _keep(folder, "20260101-1", "Older")
    _keep(folder, "20260102-1", "Newer & better")
    page = _text(client, "/dev/mail/")
    assert page.index("Newer &amp; better") < page.index("Older")
    assert 'href="/dev/mail/20260102-1/"' in page


def test_an_empty_folder_says_what_to_do(client: Client, folder: Path) -> None:
    assert "No mail was sent yet. Buy something or register, then reload this page." in _text(client, "/dev/mail/")


def test_the_text_is_shown_escaped_with_links_that_can_be_followed(client: Client, folder: Path) -> None:
    _keep(folder, "one", "Your key")
    page = _text(client, "/dev/mail/one/")
    assert f'<a href="{ADDRESS}" rel="nofollow">{ADDRESS}</a> &lt;now&gt;' in page
    assert "/dev/mail/one/html/" not in page


def test_the_html_is_shown_alone_and_can_run_nothing(client: Client, folder: Path) -> None:
    _keep(folder, "one", "Your key", html="<p>Hello<script>alert(1)</script></p>")
    assert "/dev/mail/one/html/" in _text(client, "/dev/mail/one/")
    answer = client.get("/dev/mail/one/html/")
    policy = {part.strip().split(" ")[0]: part.strip() for part in answer["Content-Security-Policy"].split(";")}
    assert answer.content.decode().strip() == "<p>Hello<script>alert(1)</script></p>"
    assert policy == {
        "default-src": "default-src 'none'",
        "style-src": "style-src 'unsafe-inline'",
        "img-src": "img-src 'self' data:",
        "sandbox": "sandbox allow-top-navigation-by-user-activation",
    }


@pytest.mark.parametrize("address", ["/dev/mail/none/", "/dev/mail/none/html/", "/dev/mail/..%2Fsecrets/"])
def test_what_is_not_kept_is_not_found(client: Client, folder: Path, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_mail_without_html_has_no_such_page(client: Client, folder: Path) -> None:
    _keep(folder, "one", "Your key")
    assert client.get("/dev/mail/one/html/").status_code == 404


@pytest.mark.parametrize(("debug", "named"), [(False, True), (True, False)])
@pytest.mark.parametrize("address", ["/dev/mail/", "/dev/mail/one/", "/dev/mail/one/html/"])
def test_production_has_no_such_pages(
    client: Client, folder: Path, settings: Settings, address: str, debug: bool, named: bool
) -> None:
    _keep(folder, "one", "Your key", html="<p>Hello</p>")
    settings.DEBUG = debug
    settings.DEV_MAIL_DIR = str(folder) if named else ""
    assert client.get(address).status_code == 404
