"""Pages for what went wrong: in words, without a trace, and without the database where it may be the cause."""

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest
from django.test import Client
from django.urls import include, path


def _fail(error: Exception) -> object:
    def view(request: HttpRequest) -> None:
        raise error

    return view


urlpatterns = [
    path("broken/", _fail(RuntimeError("a secret value"))),  # type: ignore[arg-type]
    path("refused/", _fail(PermissionDenied("Sign in with your own account."))),  # type: ignore[arg-type]
    path("unreadable/", _fail(BadRequest("a secret value"))),  # type: ignore[arg-type]
    path("", include("config.urls")),
]
handler400, handler403 = "config.errors.bad_request", "config.errors.forbidden"
handler404, handler500 = "config.errors.not_found", "config.errors.server_error"
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/broken/", 500, "Something broke on our side"),
        ("/refused/", 403, "Sign in with your own account."),
        ("/unreadable/", 400, "This request can’t be read"),
    ],
)
def test_an_error_has_a_page_without_a_trace_and_without_the_database(
    visitor: Client, address: str, status: int, words: str
) -> None:
    response = visitor.get(address)
    text = response.content.decode()
    assert (response.status_code, words in text) == (status, True)
    for trace in ("a secret value", "Traceback", "RuntimeError", __name__):
        assert trace not in text


@pytest.mark.django_db
def test_a_missing_page_offers_the_search(visitor: Client) -> None:
    response = visitor.get("/nothing/here/")
    assert response.status_code == 404
    assert 'action="/search/"' in response.content.decode()


def test_a_host_that_is_not_ours_gets_the_400_page(visitor: Client) -> None:
    response = visitor.get("/", HTTP_HOST="elsewhere.example")
    assert (response.status_code, "This request can’t be read" in response.content.decode()) == (400, True)


def test_a_form_without_its_token_says_what_to_do(visitor: Client) -> None:
    response = Client(enforce_csrf_checks=True).post("/account/login/")
    assert response.status_code == 403
    assert "Go back, reload it and send the form again." in response.content.decode()
