"""The privacy policy: what it says, and that its date says when it was last changed (P13)."""

import hashlib
import re

import pytest
from django.conf import settings
from django.test import Client

from privacy import policy

pytestmark = pytest.mark.django_db
#: Who changes the text of the policy adds a line: a new version, its day, and the digest that the failing test names.
TEXTS = {("1", "2026-11-22"): "e6630feb65757d06"}


@pytest.fixture
def text(client: Client) -> str:
    page = client.get("/privacy/").content.decode()
    article = re.search(r"<article.*?</article>", page, re.DOTALL)
    assert article
    return " ".join(re.sub(r"<[^>]+>", " ", article[0]).split())


@pytest.mark.promise("P13")
def test_a_changed_text_has_a_changed_date(text: str) -> None:
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    assert TEXTS[policy.VERSION, policy.LAST_CHANGED.isoformat()] == digest


@pytest.mark.promise("P13")
def test_the_page_shows_its_last_change(client: Client, text: str) -> None:
    assert "Version 1, last changed on 22 November 2026" in text
    assert '<time datetime="2026-11-22">' in client.get("/privacy/").content.decode()


@pytest.mark.promise("P7b")
@pytest.mark.parametrize(("years", "words"), [(3, "3 years from the day you placed it"), (1, "1 year from the day")])
def test_the_period_is_the_one_of_the_settings(client: Client, settings: object, years: int, words: str) -> None:
    settings.ORDER_RETENTION_YEARS = years  # type: ignore[attr-defined]
    assert words in client.get("/privacy/").content.decode()


@pytest.mark.promise("P10", "P11b")
def test_the_providers_own_policies_are_linked(client: Client) -> None:
    page = client.get("/privacy/").content.decode()
    for address in ("https://www.paypal.com/webapps/mpp/ua/privacy-full", "https://stripe.com/privacy"):
        assert f'<a href="{address}">' in page


@pytest.mark.promise("P12b")
def test_deletion_is_asked_for_by_mail(client: Client) -> None:
    page = client.get("/privacy/").content.decode()
    deleting = page.split('<h2 id="deleting">')[1].split("<h2")[0]
    assert f'<a href="mailto:{settings.SUPPORT_EMAIL}">' in deleting
    assert "no account and no form" in deleting
    assert "Our support team carries the removal out." in deleting
    assert "once it has succeeded, and not before" in deleting


@pytest.mark.promise("P2")
def test_viewed_products_have_one_purpose(text: str) -> None:
    assert "we track the products you viewed, for one thing: to show you your recently viewed products" in text
