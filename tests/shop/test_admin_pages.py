"""Pages on the desk: an edit is a new version, and the old one stays."""

import pytest
from django.test import Client
from django.urls import reverse

from shop import page_drafts, pages
from shop.models import Page, PageVersion
from tests import desk

pytestmark = pytest.mark.django_db
NO_VERSIONS = {"versions-TOTAL_FORMS": "0", "versions-INITIAL_FORMS": "0"}


@pytest.fixture
def manager() -> Client:
    return desk.at_desk("Shop Manager")


def versions() -> list[tuple[int, str]]:
    written = PageVersion.objects.filter(number__gt=page_drafts.DRAFT)
    return list(written.order_by("page", "number").values_list("number", "body"))


def change(client: Client, page: Page, **said: object) -> int:
    """Sends the page's form with the rows of its versions, as the browser does; returns the status."""
    shown = list(page.versions.values_list("pk", flat=True))
    said |= {"versions-TOTAL_FORMS": len(shown), "versions-INITIAL_FORMS": len(shown)}
    said |= {f"versions-{place}-id": pk for place, pk in enumerate(shown)}
    said |= {f"versions-{place}-page": page.pk for place in range(len(shown))}
    return client.post(reverse("admin:shop_page_change", args=[page.pk]), said).status_code


def test_an_edit_publishes_a_new_version_and_keeps_the_old(manager: Client) -> None:
    page = pages.publish("terms", "Terms", "First.").page
    assert change(manager, page, title="Terms of sale", body="Second.\r\n\r\nWith a paragraph.") == 302
    assert versions() == [(1, "First."), (2, "Second.\n\nWith a paragraph.")]
    assert Page.objects.get(pk=page.pk).title == "Terms of sale"


def test_saving_the_same_text_publishes_nothing(manager: Client) -> None:
    page = pages.publish("terms", "Terms", "First.").page
    assert change(manager, page, title="Terms", body="First.") == 302
    assert versions() == [(1, "First.")]


def test_the_form_starts_from_the_text_in_force(manager: Client) -> None:
    pages.publish("terms", "Terms", "First.")
    page = pages.publish("terms", "Terms", "Second.").page
    form = manager.get(reverse("admin:shop_page_change", args=[page.pk])).context["adminform"].form
    assert form.fields["body"].initial == "Second."


def test_a_page_is_added(manager: Client) -> None:
    said = {"title": "Help", "slug": "help", "body": "Write to us."} | NO_VERSIONS
    assert manager.post("/admin/shop/page/add/", said).status_code == 302
    assert (pages.current("help").page.title, versions()) == ("Help", [(1, "Write to us.")])


def test_a_second_page_at_the_same_address_is_refused(manager: Client) -> None:
    pages.publish("terms", "Terms", "First.")
    response = manager.post(
        "/admin/shop/page/add/", {"title": "Other", "slug": "terms", "body": "Other."} | NO_VERSIONS
    )
    assert response.context["adminform"].form.errors == {"slug": ["Page with this Slug already exists."]}
    assert versions() == [(1, "First.")]


def test_the_address_of_a_page_stays(manager: Client) -> None:
    page = pages.publish("terms", "Terms", "First.").page
    assert change(manager, page, title="Terms", slug="other", body="First.") == 302
    assert Page.objects.get(pk=page.pk).slug == "terms"


def test_an_empty_text_is_refused(manager: Client) -> None:
    page = pages.publish("terms", "Terms", "First.").page
    assert change(manager, page, title="Terms", body="  ") == 200
    assert change(manager, page, title="Terms", body="a\0b") == 200
    assert versions() == [(1, "First.")]
