"""The Content-Security-Policy: strict everywhere, and wider under /admin/ by exactly two directives."""

import pytest
from django.test import Client

from tests import desk

pytestmark = pytest.mark.django_db
UNSAFE = ("'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:")


def policy(client: Client, path: str) -> dict[str, list[str]]:
    """The directives of a response, by name."""
    header = client.get(path)["Content-Security-Policy"]
    return {name: sources for name, *sources in (part.split() for part in header.split(";"))}


def test_the_desk_is_wider_by_what_its_look_needs_and_by_nothing_else() -> None:
    client = desk.at_desk("Administrator")
    shop, admin = policy(client, "/account/login/"), policy(client, "/admin/")
    wider = {name: admin[name] for name in admin if admin[name] != shop.get(name)}
    assert wider == {
        "script-src": ["'self'", "'unsafe-eval'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "frame-src": ["'self'"],
    }
    assert admin.keys() == shop.keys()


@pytest.mark.parametrize("path", ["/account/login/", "/administrator/", "/admin", "/x/admin/", "/no-such-page"])
def test_no_other_address_is_wider(path: str) -> None:
    sources = [source for found in policy(Client(), path).values() for source in found]
    assert [source for source in sources if source in UNSAFE] == []


def test_every_page_of_the_desk_bears_a_policy() -> None:
    assert policy(Client(), "/admin/")["default-src"] == ["'none'"]
    assert policy(Client(), "/admin/no-such-page/")["default-src"] == ["'none'"]
