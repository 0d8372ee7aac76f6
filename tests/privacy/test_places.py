"""Cookies, cache keys, mails, folders and log fields: what no `places.py` declares is refused."""

import ast
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as project_settings
from django.core.cache import cache
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import isolate_apps
from pytest_django import Settings

from accounts.adapter import AccountAdapter
from config.logs import FIELDS
from privacy import cookies, mails, places
from privacy.checks import places as checks
from privacy.inventory import Reader
from privacy.purposes import ACCOUNT

ROOT = Path(__file__).parents[2]
APPS = ("privacy", "shop", "accounts", "payments", "config")


def errors(only: str) -> list[str]:
    return [message.msg for message in checks.every_place_is_declared() if message.id == only]


def test_everything_is_declared() -> None:
    assert checks.every_place_is_declared() == []


def test_a_place_is_declared_once() -> None:
    with pytest.raises(ValueError, match="Cookie cart is declared twice"):
        places.declare(*(cookie for cookie in places.all_of(places.Cookie) if cookie.name == "cart"))


@pytest.mark.parametrize("name", ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME"])
def test_a_new_cookie_of_django_fails_the_check(settings: Settings, name: str) -> None:
    setattr(settings, name, "tracker")
    assert errors("privacy.E009") == ["Django sets the cookie “tracker”, which isn't declared."]


def answer_with(*names: str) -> HttpResponse:
    def view(request: HttpRequest) -> HttpResponse:
        response = HttpResponse()
        for name in names:
            response.set_cookie(name, "1")
        return response

    response = cookies.only_declared(view)(RequestFactory().get("/"))
    assert isinstance(response, HttpResponse)
    return response


@pytest.mark.promise("P4")
def test_a_new_cookie_is_taken_off_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert answer_with("cart", "tracker").cookies.keys() == {"cart"}
    assert "undeclared cookie refused" in caplog.text


def test_in_development_a_new_cookie_is_an_error_that_says_what_to_write(settings: Settings) -> None:
    settings.DEBUG = True
    assert answer_with("cart").cookies.keys() == {"cart"}
    with pytest.raises(places.Undeclared, match=r'write places\.declare\(places\.Cookie\(name="tracker"'):
        answer_with("tracker")


def test_the_guard_stands_outside_of_all_that_sets_cookies() -> None:
    after = project_settings.MIDDLEWARE.index("privacy.cookies.only_declared")
    setters = [name for name in project_settings.MIDDLEWARE if "Session" in name or "Csrf" in name or "Message" in name]
    assert len(setters) == 3
    assert all(project_settings.MIDDLEWARE.index(name) > after for name in setters)


def test_the_cache_takes_no_key_that_is_not_declared() -> None:
    cache.set("stock-word:1", "Few left", 5)
    assert cache.get("stock-word:1") == "Few left"
    for use in (cache.get, cache.delete, lambda key: cache.set(key, 1), lambda key: cache.get_many([key])):
        with pytest.raises(places.Undeclared, match="Cache keys that start with 'visitor:' aren't declared"):
            use("visitor:1")


@pytest.fixture
def newsletter() -> Iterator[None]:
    mails.kind("newsletter")(lambda _id: None)
    yield
    mails._kinds.pop("newsletter")


@pytest.mark.usefixtures("newsletter")
def test_a_new_kind_of_mail_fails_the_check_and_says_what_to_write() -> None:
    (error,) = [message for message in checks.every_place_is_declared() if "newsletter" in message.msg]
    assert (error.id, error.msg) == (
        "privacy.E006",
        "The mail “newsletter” isn't declared: what it is for, and what of a person it carries.",
    )
    assert error.hint is not None
    assert error.hint.startswith('In tests/places.py, write `declare(MailKind(name="newsletter", ')


def test_every_declared_mail_has_its_template() -> None:
    for mail in places.all_of(places.MailKind):
        assert (ROOT / "templates" / f"{mail.template}.txt").exists(), mail.name


def test_every_mail_that_there_is_a_template_for_is_declared() -> None:
    folders = ("mails", "account/email", "mfa/email")
    files = {
        f"{folder}/{path.stem}"
        for folder in folders
        for path in (ROOT / "templates" / folder).glob("*.txt")
        if not path.stem.startswith(("_", "base")) and not path.stem.endswith("_subject")
    }
    assert files - {mail.template for mail in places.all_of(places.MailKind)} == set()


def test_a_mail_of_allauth_that_is_not_declared_is_not_sent() -> None:
    assert render_to_string("account/email/login_code_subject.txt", {"code": "1"})
    with pytest.raises(places.Undeclared, match="'account/email/greeting' isn't declared"):
        AccountAdapter().render_mail("account/email/greeting", "a@example.com", {})


@isolate_apps("shop")
def test_files_go_to_declared_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    class Company(models.Model):  # noqa: DJ008
        logo = models.FileField(upload_to="logos/")

        class Meta:
            app_label = "shop"

    monkeypatch.setattr("privacy.inventory.stored_models", lambda: [Company])
    assert errors("privacy.E008") == ["The files of shop.Company.logo go to a folder that isn't declared."]
    folder = places.MediaFolder(
        name="logos/", words="logos", purpose=ACCOUNT, readers=frozenset({Reader.CUSTOMER}), ends="it is taken back"
    )
    places.declare(folder)
    try:
        assert errors("privacy.E008") == []
    finally:
        places._declared.pop((places.MediaFolder, "logos/"))


def test_the_log_fields_are_those_of_the_log() -> None:
    assert {field.name: field.words for field in places.all_of(places.LogField)} == FIELDS


def test_no_line_of_code_logs_a_field_that_is_not_declared() -> None:
    """Such a field would be dropped: the line would not say what its author meant."""
    used = set()
    for app in APPS:
        for file in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_log(node.func):
                    used |= {keyword.arg for keyword in node.keywords if keyword.arg}
    assert used - FIELDS.keys() == set()


def _is_log(function: ast.Attribute) -> bool:
    return isinstance(function.value, ast.Name) and function.value.id == "log"
