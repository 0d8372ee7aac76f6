"""The pages of a logo: for whoever manages it, for everybody, and the picture as a file."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import branding, demo, images
from accounts.models import Logo, LogoPicture, User
from shop.models import Product
from shop.sitemaps import SITEMAPS
from tests import desk
from tests.accounts import pictures
from tests.accounts.branding import logos
from tests.accounts.conftest import person

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P6f")]


def send(client: Client, user: User, upload: bytes | None, **said: Any) -> HttpResponse:
    fields: dict[str, Any] = {
        "company": "Nordhafen GmbH",
        "products": [product.pk for product in branding.products_of(user)],
        "agree": "on",
        **said,
    }
    if upload is not None:
        fields["picture"] = SimpleUploadedFile("logo.png", upload, "image/png")
    return client.post("/account/logo/", {name: value for name, value in fields.items() if value != ""})  # type: ignore[return-value]


def test_the_form_hands_in(as_ada: Client, ada: User) -> None:
    logos.customer()

    response = send(as_ada, ada, pictures.png())

    assert (response.status_code, response["Location"]) == (302, "/account/logo/")
    logo = branding.of(ada)
    assert logo is not None
    assert (logo.company, logo.state, logo.products.count()) == ("Nordhafen GmbH", "submitted", 1)
    page = as_ada.get("/account/logo/").content.decode()
    assert "We look at it" in page
    assert "/account/logo/picture/" in page
    own = as_ada.get("/account/logo/picture/")
    assert (own["Content-Type"], "no-store" in own["Cache-Control"]) == ("image/png", True)


@pytest.mark.parametrize(
    ("upload", "said", "sentence"),
    [
        (pictures.SVG, {}, "We don’t take SVG"),
        (pictures.png()[:99], {}, "damaged or incomplete"),
        (pictures.with_an_archive(pictures.png()), {}, "something else is hidden in it"),
        (pictures.png_that_says(60_000, 60_000), {}, "save it smaller"),
        (pictures.png() + bytes(images.MOST_BYTES), {}, "We take up to 2 MB"),
        (b"", {}, "The file is empty"),
        (None, {}, "Choose the file with the logo"),
        (pictures.png(), {"agree": ""}, "Without it we show nothing"),
        (pictures.png(), {"company": ""}, "Write the company’s name"),
        (pictures.png(), {"company": "a\x00b"}, "Null characters are not allowed"),
        (pictures.png(), {"company": "ab\u202egpj.exe"}, "turn the direction of writing"),
        (pictures.png(), {"company": "x" * 121}, "at most 120 characters"),
        (pictures.png(), {"products": ""}, "Choose at least one product"),
        (pictures.png(), {"products": [987654]}, "Select a valid choice"),
    ],
)
def test_what_is_refused_is_said_at_its_field_and_nothing_is_kept(
    as_ada: Client, ada: User, upload: bytes | None, said: dict[str, Any], sentence: str
) -> None:
    logos.customer()

    response = send(as_ada, ada, upload, **said)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert logos.left() == 0


def test_a_name_with_a_script_in_it_is_text(as_ada: Client, ada: User, client: Client) -> None:
    logos.customer()
    send(as_ada, ada, pictures.png(), company="<script>alert(1)</script>")
    branding.decide(Logo.objects.get().pk, revision=1, by=desk.person("Shop Manager"))

    for browser, path in ((as_ada, "/account/logo/"), (client, "/trusted-by/"), (client, "/")):
        page = browser.get(path).content.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page


def test_too_many_files_in_an_hour_are_refused(as_ada: Client, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.views.branding.MOST_UPLOADS", 1)
    logos.customer()

    assert send(as_ada, ada, pictures.png()).status_code == 302
    refused = send(as_ada, ada, pictures.png())

    assert (refused.status_code, Logo.objects.get().revision) == (422, 1)
    assert "Many files were sent" in refused.content.decode()
    assert send(as_ada, ada, None).status_code == 302  # words alone cost little


def test_without_a_license_there_is_no_form(as_ada: Client) -> None:
    page = as_ada.get("/account/logo/").content.decode()

    assert "For products of which you have a license" in page
    assert "multipart/form-data" not in page


@pytest.mark.usefixtures("ada")
def test_a_colleague_joins_by_the_link_and_takes_the_logo_back(as_ada: Client, ada: User, bob: User) -> None:
    logos.customer()
    logo = logos.published(ada)
    as_ada.post("/account/logo/colleague/")
    link = as_ada.get("/account/logo/").context["link"].removeprefix("http://testserver")
    as_bob = desk.enter(bob)

    assert "Nordhafen GmbH" in as_bob.get(link).content.decode()
    as_bob.post(link)  # without the answer nothing is agreed
    assert branding.of(bob) is None
    as_bob.post(link, {"answer": "agree"})
    assert branding.of(bob) == logo
    assert as_bob.get(link).status_code == 404
    assert as_bob.post(f"/account/logo/colleagues/{ada.pk}/remove/").status_code == 302
    assert branding.of(ada) is None
    as_bob.post("/account/logo/withdraw/")
    assert logos.left() == 0


def test_leaving_it_to_a_colleague(as_ada: Client, ada: User, bob: User) -> None:
    logos.customer()
    logos.with_colleague(ada, bob)

    as_ada.post("/account/logo/leave/")

    assert (branding.of(ada), branding.of(bob) is None) == (None, False)


def test_taking_it_back_among_the_consents(as_ada: Client, ada: User) -> None:
    logos.customer()
    logos.published(ada)

    as_ada.post("/account/consents/branding/withdraw/")

    assert logos.left() == 0


def test_everybody_sees_companies_and_their_products(client: Client) -> None:
    logo = logos.published()
    product = logo.products.get()
    other = logos.published(logos.customer("bob@example.com"), company="Other AG").products.get()
    logos.handed_in(logos.customer("kim@example.com"), company="Waiting KG")

    overall = client.get("/trusted-by/").content.decode()
    own = client.get(f"/trusted-by/{product.slug}/").content.decode()

    assert [name in overall for name in ("Nordhafen GmbH", "Other AG", "Waiting KG")] == [True, True, False]
    assert [name in own for name in ("Nordhafen GmbH", "Other AG", "Waiting KG")] == [True, False, False]
    assert product.get_absolute_url() in overall
    strips = {path: client.get(path).content.decode() for path in ("/", other.get_absolute_url())}
    assert ["Nordhafen GmbH" in page for page in strips.values()] == [True, False]
    assert ["Other AG" in page for page in strips.values()] == [True, True]
    Product.objects.filter(pk=product.pk).update(is_published=False)
    assert client.get(f"/trusted-by/{product.slug}/").status_code == 404
    assert product.get_absolute_url() not in client.get("/trusted-by/").content.decode()


def test_a_shop_without_companies_says_so_and_shows_no_strip(client: Client) -> None:
    logos.customer()

    assert "No company is shown here yet." in client.get("/trusted-by/").content.decode()
    assert "Trusted by" not in client.get("/").content.decode()


@pytest.mark.parametrize("count", [1, 5])
def test_the_pages_run_the_same_queries_for_one_company_and_for_more(client: Client, count: int) -> None:
    for number in range(count):
        logos.published(logos.customer(f"ada{number}@example.com"), company=f"Company {number}")
    client.get("/trusted-by/")

    with CaptureQueriesContext(connection) as queries:
        client.get("/trusted-by/")
    assert len(queries) == 4
    with CaptureQueriesContext(connection) as queries:
        branding.shown(LogoPicture.Size.SMALL)
    assert len(queries) == 1


def test_the_picture_is_served_without_cookies_as_a_file_that_can_do_nothing(as_ada: Client, ada: User) -> None:
    logos.customer()
    name = logos.names(logos.published(ada))["full"]
    as_ada.cookies.load({"anything": "else"})

    response = as_ada.get(f"/logos/{name}")

    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert (dict(response.cookies), "Cookie" in response.get("Vary", "")) == ({}, False)
    assert response["Cache-Control"] == "public, max-age=30, must-revalidate"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Content-Disposition"] == 'inline; filename="logo.png"'
    again = as_ada.get(f"/logos/{name}", headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_picture_that_was_taken_back_is_gone_for_browsers_that_have_it_too(
    client: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    logo = logos.published()
    name = logos.names(logo)["small"]
    mark = client.get(f"/logos/{name}")["ETag"]

    with django_capture_on_commit_callbacks(execute=True):
        branding.withdraw(logo.managers.get().user)

    assert client.get(f"/logos/{name}", headers={"if-none-match": mark}).status_code == 404
    for path in ("/", "/trusted-by/"):
        assert name not in client.get(path).content.decode()


@pytest.mark.parametrize("name", ["nothing", "..", "a%00b", "x" * 500])
def test_what_is_no_name_of_a_picture_is_not_found(client: Client, name: str) -> None:
    assert client.get(f"/logos/{name}").status_code == 404


def test_products_with_companies_stand_in_the_sitemap(client: Client) -> None:
    product = logos.published().products.get()
    logos.customer("bob@example.com")

    assert [each.slug for each in SITEMAPS["trusted-by"]().items()] == [product.slug]  # type: ignore[operator]
    assert f"/trusted-by/{product.slug}/" in client.get("/sitemap.xml").content.decode()


def test_the_demo_shows_companies_once() -> None:
    manager = desk.person("Shop Manager")
    assert demo.make_companies(manager) == 0  # no product of theirs is there
    product = logos.customer().licenses.get().edition.product
    Product.objects.filter(pk=product.pk).update(slug="gridtrace")

    assert demo.make_companies(manager) == 2
    assert [seen.company for seen in branding.shown(LogoPicture.Size.SMALL)] == [
        "Kestrel Analytics",
        "Nordlicht Logistik",
    ]
    assert demo.make_companies(manager) == 0


def test_the_copy_of_the_data_names_the_logo(as_ada: Client, ada: User) -> None:
    logos.customer()
    logos.with_colleague(ada, person("bob@example.com"))

    page = as_ada.get("/account/data/").content.decode()

    assert "Logo of your company" in page
    assert reverse("account_logo") in page
