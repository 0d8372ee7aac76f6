import socket
import time

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings

from shop import pages
from shop.models import Page, PageVersion


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One line\nand another.\n\nA new paragraph.", "<p>One line and another.</p>\n<p>A new paragraph.</p>"),
        ("## A heading\nText below.", "<h2>A heading</h2>\n<p>Text below.</p>"),
        ("- one\n- two\n\nText", "<ul><li>one</li><li>two</li></ul>\n<p>Text</p>"),
        ("Text\n- one", "<p>Text</p>\n<ul><li>one</li></ul>"),
        ("Windows\r\nlines\r\n\r\nhere", "<p>Windows lines</p>\n<p>here</p>"),
        ("# not a heading", "<p># not a heading</p>"),
        ("", ""),
        (
            "See [the terms](/pages/terms/) or [us](mailto:a@b.example).",
            '<p>See <a href="/pages/terms/">the terms</a> or <a href="mailto:a@b.example">us</a>.</p>',
        ),
        ("[PayPal](https://www.paypal.com/)", '<p><a href="https://www.paypal.com/">PayPal</a></p>'),
    ],
)
def test_plain_text_becomes_html(text: str, html: str) -> None:
    assert pages.render(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ('<b>bold</b> & "more"', "<p>&lt;b&gt;bold&lt;/b&gt; &amp; &quot;more&quot;</p>"),
        ("## <script>alert(1)</script>", "<h2>&lt;script&gt;alert(1)&lt;/script&gt;</h2>"),
        ("- <img src=x onerror=alert(1)>", "<ul><li>&lt;img src=x onerror=alert(1)&gt;</li></ul>"),
        ("[x](javascript:alert%281%29)", "<p>[x](javascript:alert%281%29)</p>"),
        ("[x](//elsewhere.example)", "<p>[x](//elsewhere.example)</p>"),
        ("[x](/\\elsewhere.example)", "<p>[x](/\\elsewhere.example)</p>"),
        ("[x](http://plain.example)", "<p>[x](http://plain.example)</p>"),
        (
            '[<b>](https://a.example/"onclick="x)',
            '<p><a href="https://a.example/&quot;onclick=&quot;x">&lt;b&gt;</a></p>',
        ),
    ],
)
def test_nothing_but_the_known_signs_becomes_html(text: str, html: str) -> None:
    assert pages.render(text) == html


@pytest.mark.django_db
def test_a_text_is_a_new_version_only_when_it_differs() -> None:
    first = pages.publish("terms", "Terms", "One.")
    same = pages.publish("terms", "Terms", "One.\r\n")
    second = pages.publish("terms", "Terms of sale", "Two.")
    assert (first.number, same.pk, second.number) == (1, first.pk, 2)
    assert [
        version.body for version in PageVersion.objects.filter(page__slug="terms", number__gt=0).order_by("number")
    ] == ["One.", "Two."]
    assert pages.current("terms") == second
    assert Page.objects.get(slug="terms").title == "Terms of sale"


@pytest.mark.django_db
def test_a_page_without_a_text_has_none_in_force() -> None:
    Page.objects.create(slug="empty", title="Empty")
    with pytest.raises(PageVersion.DoesNotExist):
        pages.current("empty")


@pytest.mark.django_db
def test_the_page_shows_the_text_in_force(client: Client) -> None:
    pages.publish("terms", "Terms of sale", "Old.")
    version = pages.publish("terms", "Terms of sale", "## New\n\nWords & <b>more</b>.")
    text = client.get("/pages/terms/").content.decode()
    assert "<h2>New</h2>\n<p>Words &amp; &lt;b&gt;more&lt;/b&gt;.</p>" in text
    assert "Old." not in text
    assert f"Version 2, {version.published_at:%-d %B %Y}" in text


@pytest.mark.django_db
def test_robots_may_read_the_shop_and_no_person_s_pages(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /account/",
        "Disallow: /cart/",
        "Disallow: /checkout/",
        "Disallow: /find-order/",
        "Disallow: /fragments/header/",
        "Disallow: /search/",
        "Disallow: /order/",
        "",
        "Sitemap: http://testserver/sitemap.xml",
    ]


@pytest.mark.django_db
def test_healthz_says_that_database_and_cache_answer(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"database": "ok", "cache": "ok"})
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_healthz_says_that_the_database_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", fail)
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"database": "no answer", "cache": "ok"})


@pytest.mark.django_db
@pytest.mark.parametrize("accepts", [False, True], ids=["nobody listens", "connects and stays silent"])
def test_healthz_says_soon_that_the_cache_does_not_answer(client: Client, settings: Settings, accepts: bool) -> None:
    with socket.socket() as cache:
        cache.bind(("127.0.0.1", 0))
        if accepts:
            cache.listen()
        settings.REDIS_URL = f"redis://127.0.0.1:{cache.getsockname()[1]}/0"
        before = time.monotonic()
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"database": "ok", "cache": "no answer"})
    assert time.monotonic() - before < 4
