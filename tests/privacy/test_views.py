"""The page on which a person confirms: reading it does nothing, the button works once."""

from datetime import timedelta

import pytest
from django.test import Client

from privacy import clock, deletion_requests, deletion_words
from privacy.models import DeletionRequest, ProofToken

pytestmark = pytest.mark.django_db


@pytest.fixture
def link() -> str:
    return make_link("en")


def make_link(language: str) -> str:
    deletion_requests.receive(channel="mail", address=f"kim-{language}@customer.example", language=language)
    row = ProofToken.objects.order_by("-pk")[0]
    return f"/privacy/deletion/{deletion_requests.token(row)}/"


def state() -> str:
    return DeletionRequest.objects.get().state


@pytest.mark.promise("P12b")
def test_the_page_shows_and_the_button_confirms_once(client: Client, link: str) -> None:
    for method in (client.get, client.get, client.head):
        answer = method(link)
        assert answer.status_code == 200
        assert state() == "identity_pending"
    assert "customer.example" not in client.get(link).content.decode()
    answer = client.post(link)
    assert answer.status_code == 200
    assert "You confirmed it" in answer.content.decode()
    assert ProofToken.objects.get().used_way == "link"
    assert state() in {"verified", "planned"}
    assert client.post(link).status_code == 404


def test_unknown_used_and_old_links_get_the_same_answer(client: Client, link: str) -> None:
    def seen(path: str) -> list[tuple[int, str]]:
        answers = (client.get(path), client.post(path))
        return [(answer.status_code, answer.content.decode().replace(path, "PATH")) for answer in answers]

    unknown = seen(f"/privacy/deletion/{'a' * 39}/")
    assert {status for status, _ in unknown} == {404}
    assert seen("/privacy/deletion/x/") == unknown
    with clock.at(clock.now() + timedelta(days=14, seconds=1)):
        assert seen(link) == unknown
    client.post(link)
    assert seen(link) == unknown


def test_a_link_of_a_request_that_is_over_says_the_same(client: Client, link: str) -> None:
    deletion_requests.withdraw(DeletionRequest.objects.get().pk)
    assert client.get(link).status_code == 404


def test_the_page_is_never_kept_nor_found(client: Client, link: str) -> None:
    answer = client.get(link)
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"


def test_the_button_needs_its_token(link: str) -> None:
    assert Client(enforce_csrf_checks=True).post(link).status_code == 403
    assert state() == "identity_pending"


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_the_page_speaks_the_language_of_the_request(client: Client, language: str) -> None:
    answer = client.get(make_link(language)).content.decode()
    words = deletion_words.of(language, "page", store="AzureOps", support="")
    assert f'<div class="narrow stack" lang="{language}">' in answer
    assert words["deed"] in answer
