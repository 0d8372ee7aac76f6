"""Which paths there are below /v1, and what each of them reads and answers."""

from collections.abc import Callable, Iterator
from typing import Any

from sandbox.objects import Document
from sandbox.provider import Provider
from sandbox.server import Handler, Response, answer_json
from sandbox.stripe import redactions, refunds, sessions
from sandbox.stripe.answers import RETRIEVE, included, list_page, list_parameters, present, retrieve
from sandbox.stripe.identifiers import ACCOUNT
from sandbox.stripe.parameters import Choice, Email, Fields, Kind, ListOf, Text

Wishes = dict[str, Any]
SESSIONS = "/v1/checkout/sessions"
REDACTIONS = "/v1/privacy/redaction_jobs"
SESSION_FILTERS: dict[str, Kind] = {
    "payment_intent": Text(),
    "status": Choice(values=("open", "complete", "expired")),
    "customer_details": Fields(known={"email": Email(required=True)}),
}


def _create_session(sandbox: Provider, raw: Wishes) -> Response:
    wishes = sessions.CREATE.read(raw)
    return answer_json(present(sandbox, sessions.create(sandbox, wishes), wishes.get("expand", [])))


def _expire_session(sandbox: Provider, raw: Wishes, identifier: str) -> Response:
    wishes = RETRIEVE.read(raw)
    return answer_json(present(sandbox, sessions.expire(sandbox, identifier), wishes.get("expand", [])))


def _line_items(sandbox: Provider, raw: Wishes, identifier: str) -> Response:
    list_parameters().read(raw)
    session = retrieve(sandbox, "checkout.session", identifier, param="session")
    return answer_json(included(sandbox, session, "line_items"))


def _list_sessions(sandbox: Provider, raw: Wishes) -> Response:
    wishes = list_parameters(**SESSION_FILTERS).read(raw)
    email = wishes.get("customer_details", {}).get("email")

    def keep(session: Document) -> bool:
        address = (session["customer_details"] or {}).get("email")
        return _matches(session, wishes, ("payment_intent", "status")) and email in {None, address}

    return answer_json(list_page(sandbox, "checkout.session", SESSIONS, wishes, keep))


def _create_refund(sandbox: Provider, raw: Wishes) -> Response:
    wishes = refunds.CREATE.read(raw)
    return answer_json(present(sandbox, refunds.create(sandbox, wishes), wishes.get("expand", [])))


def _create_redaction(sandbox: Provider, raw: Wishes) -> Response:
    wishes = redactions.CREATE.read(raw)
    return answer_json(present(sandbox, redactions.create(sandbox, wishes), wishes.get("expand", [])))


def _run_redaction(sandbox: Provider, raw: Wishes, identifier: str) -> Response:
    wishes = RETRIEVE.read(raw)
    return answer_json(present(sandbox, redactions.run(sandbox, identifier), wishes.get("expand", [])))


def _account(sandbox: Provider, raw: Wishes) -> Response:
    Fields().read(raw)
    account = {
        "id": ACCOUNT,
        "object": "account",
        "business_type": None,
        "charges_enabled": True,
        "country": "DE",
        "default_currency": "eur",
        "details_submitted": True,
        "email": "sandbox@example.com",
        "payouts_enabled": True,
    }
    return answer_json(account)


def _matches(document: Document, wishes: Wishes, names: tuple[str, ...]) -> bool:
    return all(document.get(name) == wishes[name] for name in names if name in wishes)


def _retriever(kind: str, param: str) -> Handler:
    def handler(sandbox: Provider, raw: Wishes, identifier: str) -> Response:
        wishes = RETRIEVE.read(raw)
        document = retrieve(sandbox, kind, identifier, param=param)
        return answer_json(present(sandbox, document, wishes.get("expand", [])))

    return handler


def _lister(kind: str, path: str, **filters: Kind) -> Handler:
    parameters = list_parameters(**filters)

    def handler(sandbox: Provider, raw: Wishes) -> Response:
        wishes = parameters.read(raw)
        return answer_json(
            list_page(sandbox, kind, path, wishes, lambda found: _matches(found, wishes, tuple(filters)))
        )

    return handler


def _list_events(sandbox: Provider, raw: Wishes) -> Response:
    wishes = list_parameters(type=Text(), types=ListOf(most=20)).read(raw)
    kinds = wishes.get("types", [wishes["type"]] if "type" in wishes else None)
    return answer_json(
        list_page(sandbox, "event", "/v1/events", wishes, lambda event: kinds is None or event["type"] in kinds)
    )


def endpoints() -> Iterator[tuple[str, str, Callable[..., Response]]]:
    """Method, path and handler; a handler gets the sandbox, the raw parameters and the id from the path."""
    yield "GET", "/v1/account", _account
    yield "POST", SESSIONS, _create_session
    yield "GET", SESSIONS, _list_sessions
    yield "GET", f"{SESSIONS}/{{identifier}}", _retriever("checkout.session", "session")
    yield "GET", f"{SESSIONS}/{{identifier}}/line_items", _line_items
    yield "POST", f"{SESSIONS}/{{identifier}}/expire", _expire_session
    yield "POST", "/v1/refunds", _create_refund
    yield "POST", REDACTIONS, _create_redaction
    yield "GET", f"{REDACTIONS}/{{identifier}}", _retriever(redactions.KIND, "job")
    yield "POST", f"{REDACTIONS}/{{identifier}}/run", _run_redaction
    yield "GET", "/v1/events", _list_events
    yield "GET", "/v1/events/{identifier}", _retriever("event", "id")
    of_payment: dict[str, Kind] = {"charge": Text(), "payment_intent": Text()}
    for kind, path, param, filters in (
        ("payment_intent", "/v1/payment_intents", "intent", {}),
        ("charge", "/v1/charges", "id", {"payment_intent": Text()}),
        ("refund", "/v1/refunds", "id", of_payment),
        ("dispute", "/v1/disputes", "id", of_payment),
        ("radar.early_fraud_warning", "/v1/radar/early_fraud_warnings", "id", of_payment),
        ("balance_transaction", "/v1/balance_transactions", "id", {"source": Text(), "type": Text()}),
    ):
        yield "GET", path, _lister(kind, path, **filters)
        yield "GET", f"{path}/{{identifier}}", _retriever(kind, param)
