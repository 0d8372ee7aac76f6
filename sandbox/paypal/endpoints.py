"""Which paths there are, and what each of them answers."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sandbox.objects import Document
from sandbox.paypal import captures, disputes, orders, reporting
from sandbox.paypal.certificates import signed_text
from sandbox.paypal.errors import PayPalError
from sandbox.server import Handler, Request, Response, answer_json

if TYPE_CHECKING:
    from sandbox.paypal.provider import PayPalProvider

ORDERS_KEEP = 6 * 60 * 60
PAYMENTS_KEEP = 45 * 24 * 60 * 60
VERIFIED = ("auth_algo", "cert_url", "transmission_id", "transmission_sig", "transmission_time", "webhook_id")


def body_of(request: Request) -> Any:
    """The JSON of the request; an empty body is an empty object. Raises PayPalError."""
    try:
        return json.loads(request.body or b"{}")
    except ValueError:
        raise PayPalError("MALFORMED_REQUEST_JSON") from None


def request_id(request: Request) -> str | None:
    identifier: str | None = request.headers.get("PayPal-Request-Id")
    if identifier is not None and not 1 <= len(identifier) <= 108:
        raise PayPalError("INVALID_STRING_LENGTH", field="PayPal-Request-Id")
    return identifier


def _wants_all(request: Request) -> bool:
    return "return=representation" in request.headers.get("Prefer", "")


def _order_answer(sandbox: "PayPalProvider", request: Request, order: Document, status: int) -> Response:
    present = orders.represented if _wants_all(request) else orders.summarized
    return answer_json(present(sandbox, order), status)


def create_order(sandbox: "PayPalProvider", request: Request) -> tuple[str, Response]:
    order = orders.create(sandbox, body_of(request), has_request_id=request_id(request) is not None)
    return order["id"], _order_answer(sandbox, request, order, 201)


def capture_order(sandbox: "PayPalProvider", request: Request, identifier: str) -> tuple[str, Response]:
    body_of(request)
    order = orders.capture(sandbox, identifier)
    return order["id"], _order_answer(sandbox, request, order, 201)


def repeat_order(sandbox: "PayPalProvider", request: Request, identifier: str) -> Response:
    """The answer to a repetition: what the first request made, as it is now."""
    return _order_answer(sandbox, request, orders.find(sandbox, identifier), 200)


def _refund_answer(sandbox: "PayPalProvider", request: Request, refund: Document, status: int) -> Response:
    whole = captures.shown_refund(sandbox, refund)
    short = {name: whole[name] for name in ("id", "status", "links")}
    return answer_json(whole if _wants_all(request) else short, status)


def create_refund(sandbox: "PayPalProvider", request: Request, identifier: str) -> tuple[str, Response]:
    refund = captures.refund(sandbox, identifier, body_of(request))
    return refund["id"], _refund_answer(sandbox, request, refund, 201)


def repeat_refund(sandbox: "PayPalProvider", request: Request, identifier: str) -> Response:
    return _refund_answer(sandbox, request, captures.find_refund(sandbox, identifier), 200)


def _get_order(sandbox: "PayPalProvider", request: Request, identifier: str) -> Response:
    return answer_json(orders.represented(sandbox, orders.find(sandbox, identifier)))


def _get_capture(sandbox: "PayPalProvider", request: Request, identifier: str) -> Response:
    return answer_json(captures.shown_capture(sandbox, captures.find_capture(sandbox, identifier)))


def _get_refund(sandbox: "PayPalProvider", request: Request, identifier: str) -> Response:
    return answer_json(captures.shown_refund(sandbox, captures.find_refund(sandbox, identifier)))


def _get_dispute(sandbox: "PayPalProvider", request: Request, identifier: str) -> Response:
    return answer_json(disputes.presented(disputes.find(sandbox, identifier)))


def _list_disputes(sandbox: "PayPalProvider", request: Request) -> Response:
    return answer_json(disputes.listed(sandbox, dict(request.query)))


def _search(sandbox: "PayPalProvider", request: Request) -> Response:
    return answer_json(reporting.search(sandbox, dict(request.query)))


def _get_event(sandbox: "PayPalProvider", request: Request, identifier: str) -> Response:
    event = sandbox.objects.find("event", identifier)
    if event is None:
        raise PayPalError("INVALID_RESOURCE_ID")
    return answer_json(event)


def _verify_signature(sandbox: "PayPalProvider", request: Request) -> Response:
    """PayPal's own check of a webhook: the checksum is that of the bytes that were sent, not of what came back."""
    given = body_of(request)
    for name in (*VERIFIED, "webhook_event"):
        if name not in given:
            raise PayPalError("MISSING_REQUIRED_PARAMETER", field=f"/{name}")
    sent = sandbox.webhooks.signed(str(given["webhook_event"].get("id")))
    genuine = (
        sent is not None
        and json.loads(sent[1]) == given["webhook_event"]
        and given["webhook_id"] == sandbox.webhook_id
        and given["cert_url"] == sandbox.certificate_url
        and sandbox.signer.verifies(
            given["transmission_sig"],
            signed_text(given["transmission_id"], given["transmission_time"], given["webhook_id"], sent[1]),
        )
    )
    return answer_json({"verification_status": "SUCCESS" if genuine else "FAILURE"})


def plain_endpoints() -> Iterator[tuple[str, str, Handler]]:
    """Method, path and handler of what changes nothing."""
    yield "GET", "/v2/checkout/orders/{identifier}", _get_order
    yield "GET", "/v2/payments/captures/{identifier}", _get_capture
    yield "GET", "/v2/payments/refunds/{identifier}", _get_refund
    yield "GET", "/v1/customer/disputes", _list_disputes
    yield "GET", "/v1/customer/disputes/{identifier}", _get_dispute
    yield "GET", "/v1/reporting/transactions", _search
    yield "GET", "/v1/notifications/webhooks-events/{identifier}", _get_event
    yield "POST", "/v1/notifications/verify-webhook-signature", _verify_signature
