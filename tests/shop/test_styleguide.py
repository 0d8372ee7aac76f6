import pytest
from django.conf import settings
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db

PARTIALS = settings.BASE_DIR / "templates" / "_partials"
#: The frame and what a page says in passing: they stand around every page, or only where something happened.
ELSEWHERE = {"consent", "header_checkout", "messages", "pages", "recently_viewed", "brief_line"}


def test_it_shows_every_part(client: Client, settings: Settings) -> None:
    settings.DEBUG = True
    response = client.get("/styleguide/")
    shown = {template.name for template in response.templates if template.name}
    parts = {f"_partials/{path.name}" for path in PARTIALS.glob("*.html") if path.stem not in ELSEWHERE}
    assert (response.status_code, parts - shown) == (200, set())


def test_it_exists_in_development_only(client: Client, settings: Settings) -> None:
    settings.DEBUG = False
    assert client.get("/styleguide/").status_code == 404


def test_every_part_says_what_context_it_takes() -> None:
    first = {path.name: path.read_text().splitlines()[0] for path in PARTIALS.glob("*.html")}
    assert {name for name, line in first.items() if not (line.startswith("{# ") and "ontext" in line)} == set()
