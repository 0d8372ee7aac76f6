"""What reaches the log: ids and states, never a person's values or the secret part of a link."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
import structlog
from django.conf import settings as project_settings
from django.db import IntegrityError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from config import logs

SECRET = "Xq7-LinkOfOneBuyer_42"
# Never written out where an error is raised: a frame shows its line of source.
PERSON = "Ada of Elm Street"
#: Arguments that open something to whoever knows them, and those that name a row or a public page.
SECRET_ARGUMENTS = {"token": SECRET, "key": SECRET, "uidb36": "2k"}
PLAIN_ARGUMENTS = {"provider": "stripe", "label": "R-2026-000001", "kind": "refund"} | dict.fromkeys(
    ("key_id", "license_id", "address_id", "author_id", "post_id", "user_id", "file_id"), 7
)
PUBLIC_ARGUMENTS = {"slug", "number", "name"}


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield entry
        elif entry.namespace is None:  # the admin's addresses hold ids of rows
            yield from patterns(entry)


def arguments(pattern: URLPattern) -> set[str]:
    return set(pattern.pattern.regex.groupindex) | set(pattern.pattern.converters)


def secret_paths() -> list[str]:
    values = SECRET_ARGUMENTS | PLAIN_ARGUMENTS | {"slug": "sheetdiff"}
    return [
        reverse(str(pattern.name), kwargs={name: values[name] for name in arguments(pattern)})
        for pattern in patterns(get_resolver(project_settings.ROOT_URLCONF))
        if arguments(pattern) & SECRET_ARGUMENTS.keys()
    ]


def fail(words: str) -> None:
    raise LookupError(words)


def break_down(get_response: object) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that fails, with the visitor's values in the words of its error."""

    def respond(request: HttpRequest) -> HttpResponse:
        try:
            fail(f"{PERSON} at {request.path}")
        except LookupError as error:
            raise RuntimeError(PERSON) from error

    return respond


@pytest.fixture
def log() -> Iterator[Callable[[], list[dict[str, str]]]]:
    """Gives the lines that were written since it was last asked."""
    (handler,) = [
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler, logging.StreamHandler)
        and isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)
    ]
    written = io.StringIO()
    before = handler.setStream(written)

    def lines() -> list[dict[str, str]]:
        text = written.getvalue()
        written.seek(0)
        written.truncate()
        return [json.loads(line) for line in text.splitlines()]

    yield lines
    handler.setStream(before)  # type: ignore[arg-type]


def test_every_argument_of_an_address_is_known_to_be_secret_or_not() -> None:
    found = {name for pattern in patterns(get_resolver(project_settings.ROOT_URLCONF)) for name in arguments(pattern)}
    assert found == SECRET_ARGUMENTS.keys() | PLAIN_ARGUMENTS.keys() | PUBLIC_ARGUMENTS


def test_the_walk_finds_the_links_of_orders_payments_and_passwords() -> None:
    assert sorted(path.replace(SECRET, "*") for path in secret_paths()) == [
        "/account/data/exports/*/",
        "/account/data/exports/*/file/",
        "/account/keys/*/",
        "/account/keys/*/7/",
        "/account/logo/join/*/",
        "/account/password/reset/key/2k-*/",
        "/no-invitations/*/",
        "/order/*/",
        "/order/*/back-to-cart/",
        "/order/*/e-mail/",
        "/order/*/link/",
        "/order/*/receipts/R-2026-000001/",
        "/order/*/reviews/",
        "/order/*/reviews/sheetdiff/",
        "/payments/cancel/stripe/*/",
        "/payments/pay/*/",
        "/payments/return/stripe/*/",
        "/privacy/deletion/*/",
        "/requests/*/",
        "/requests/*/files/7/",
        "/requests/order/*/refund/",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*secret_paths(), f"/order/{SECRET}", f"/ORDER/ {SECRET}/more/"])
def test_no_refused_or_broken_request_writes_the_secret_of_its_link(
    path: str, log: Callable[[], list[dict[str, str]]], settings: object
) -> None:
    Client().get(f"{path}nothing-here/", {"email": "ada@example.com"})
    Client(enforce_csrf_checks=True).post(path)
    settings.MIDDLEWARE = [f"{__name__}.break_down"]  # type: ignore[attr-defined]
    Client(raise_request_exception=False).get(path)
    lines = log()
    assert [line["logger"] for line in lines][-1] == "django.request"
    assert len(lines) >= 2
    for line in lines:
        assert "/…" in line["event"]
    for value in (SECRET, "Elm", "ada@"):
        assert value not in json.dumps(lines)


@pytest.mark.django_db
def test_an_exception_is_written_as_types_and_frames(
    client: Client, log: Callable[[], list[dict[str, str]]], settings: object
) -> None:
    settings.MIDDLEWARE = [f"{__name__}.break_down"]  # type: ignore[attr-defined]
    Client(raise_request_exception=False).get("/cart/")
    (line,) = log()
    assert (line["event"], line["level"]) == ("Internal Server Error: /cart/", "error")
    types = [text for text in line["exception"].splitlines() if not text.startswith(" ")]
    assert types == ["builtins.RuntimeError", "builtins.LookupError"]
    assert "in respond" in line["exception"]


@pytest.mark.django_db(transaction=True)
def test_an_error_of_the_database_names_its_constraint_and_no_row(log: Callable[[], list[dict[str, str]]]) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE seen (email text CONSTRAINT email_once UNIQUE)")
            cursor.execute("INSERT INTO seen VALUES (%s), (%s)", [PERSON, PERSON])
    except IntegrityError as error:
        logging.getLogger("a.library").exception("Not written: %s", error)  # noqa: TRY401  (as a library may do)
        logging.getLogger("a.library").warning("Not written: %s", error)
    whole, bare = log()
    assert whole["event"] == "Not written: IntegrityError"
    assert "psycopg2.errors.UniqueViolation (email_once)" in whole["exception"].splitlines()
    assert bare["event"] == 'Not written: duplicate key value violates unique constraint "email_once"\n(row)'
    assert "Elm" not in json.dumps([whole, bare])


def test_celerys_sentence_about_a_failed_task_has_no_words_of_the_error(
    log: Callable[[], list[dict[str, str]]],
) -> None:
    try:
        fail(PERSON)
    except LookupError as error:
        said = {"name": "shop.send", "id": "1", "description": "raised unexpected", "exc": repr(error)}
        logging.getLogger("celery.app.trace").error(
            "Task %(name)s[%(id)s] %(description)s: %(exc)s", said, exc_info=True, extra={"data": said}
        )
    (line,) = log()
    assert line["event"] == "Task shop.send[1] raised unexpected: LookupError"
    assert "Elm" not in json.dumps(line)


def test_only_named_fields_are_written_and_they_are_scrubbed(log: Callable[[], list[dict[str, str]]]) -> None:
    structlog.get_logger("shop.test").warning(
        "told",
        order="AO-1",
        count=2,
        customer="Ada",
        _email="ada@example.com",
        error=ValueError("Ada"),
        reason=["a@b.c"],
    )
    (line,) = log()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "told",
        "level": "warning",
        "logger": "shop.test",
        "order": "AO-1",
        "count": 2,
        "error": "ValueError",
        "reason": "['(address)']",
    }


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("mail to Ada <ada@example.com> failed", "mail to Ada <(address)> failed"),
        ("GET /search/?q=ada HTTP/1.1", "GET /search/?… HTTP/1.1"),
        ("GET /a%20b?code=1 HTTP/1.1", "GET /a%20b?… HTTP/1.1"),
        ("/find/ada%40example.com/", "(address)"),
        ("Is it there? Yes", "Is it there? Yes"),
        ("/account/orders/AO-1042/", "/account/orders/AO-1042/"),
        ("violates it\nDETAIL:  Failing row contains (1, Ada,\nElm Street).", "violates it\n(row)"),
        ("Key (email)=(Ada) already exists.", "(row)"),
    ],
)
def test_scrub(text: str, scrubbed: str) -> None:
    assert logs.scrub(text) == scrubbed
