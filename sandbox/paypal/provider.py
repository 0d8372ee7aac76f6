"""The stand-in for PayPal: who may ask, what is asked, and how a repetition is answered."""

import time
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sandbox.clock import iso
from sandbox.paypal import endpoints, tokens
from sandbox.paypal.acts import acts
from sandbox.paypal.certificates import ALGORITHM, Signer, signed_text
from sandbox.paypal.errors import PayPalError
from sandbox.paypal.page import approve_page, approve_post
from sandbox.provider import Provider, wait_for
from sandbox.replays import Answer, InProgress
from sandbox.server import Handler, Request, Response, Routes

CERTIFICATES = "/v1/notifications/certs/"
APPROVE = "/checkoutnow"
# Makes an object and returns its id with the answer.
Maker = Callable[..., tuple[str, Response]]
Repeater = Callable[..., Response]


class PayPalProvider(Provider):
    name = "paypal"

    def __init__(self, data: Path, *, client_id: str, client_secret: str, webhook_id: str) -> None:
        self.client_id = client_id
        self.client_secret = client_secret
        self.webhook_id = webhook_id
        super().__init__(data)
        self.signer = Signer(data)
        self.acts = acts(self)
        for method, path, handler in endpoints.plain_endpoints():
            self.routes.add(method, path, handler)
        self.public = Routes()
        self.public.add("GET", APPROVE, approve_page)
        self.public.add("POST", APPROVE, approve_post)
        self.public.add("POST", "/v1/oauth2/token", _grant)
        self.public.add("GET", f"{CERTIFICATES}{{identifier}}", _certificate)
        orders, refunds = "/v2/checkout/orders", "/v2/payments/captures/{identifier}/refund"
        self._add_maker(orders, endpoints.create_order, endpoints.repeat_order, endpoints.ORDERS_KEEP)
        self._add_maker(
            f"{orders}/{{identifier}}/capture", endpoints.capture_order, endpoints.repeat_order, endpoints.ORDERS_KEEP
        )
        self._add_maker(refunds, endpoints.create_refund, endpoints.repeat_refund, endpoints.PAYMENTS_KEEP)

    def _add_maker(self, path: str, make: Maker, repeat: Repeater, keep: int) -> None:
        """Routes a request that makes something, so that its repetition makes nothing."""
        self.routes.add("POST", path, partial(_make_once, make=make, repeat=repeat, keep=keep))

    @property
    def certificate_url(self) -> str:
        return f"{self.base_url}{CERTIFICATES}{self.signer.certificate_id}"

    def sign(self, body: bytes) -> dict[str, str]:
        # The real time, whatever the sandbox's clock says: receivers may refuse what is old.
        transmission, moment = str(uuid.uuid4()), iso(int(time.time()))
        return {
            "PAYPAL-TRANSMISSION-ID": transmission,
            "PAYPAL-TRANSMISSION-TIME": moment,
            "PAYPAL-TRANSMISSION-SIG": self.signer.sign(signed_text(transmission, moment, self.webhook_id, body)),
            "PAYPAL-CERT-URL": self.certificate_url,
            "PAYPAL-AUTH-ALGO": ALGORITHM,
            "User-Agent": "PayPal/AUHD-214.0",
        }

    def settle(self) -> None:
        """Nothing of PayPal's falls due by itself: tokens and request ids are checked when they are used."""

    def failure(self, status: int) -> Response:
        return PayPalError(status=status).response()

    def respond(self, request: Request) -> Response:
        wait_for(request)
        try:
            handler, parts = self._route(request)
            # What makes something opens its own transaction: it must be over before the answer is kept.
            if isinstance(handler, partial):
                return handler(self, request, **parts)
            with self.database.transaction():
                return handler(self, request, **parts)
        except PayPalError as error:
            return error.response()

    def _route(self, request: Request) -> tuple[Handler, dict[str, str]]:
        found = self.public.find(request.method, request.path)
        if found is None:
            tokens.check(self, request)
            found = self.routes.find(request.method, request.path)
        if found is None:
            raise PayPalError("INVALID_RESOURCE_ID")
        return found


def _make_once(
    sandbox: PayPalProvider, request: Request, *, make: Maker, repeat: Repeater, keep: int, **parts: str
) -> Response:
    """PayPal keeps what a request id made, not the answer.

    A repetition is answered 200 with the object as it is now; one that failed is tried again.
    """
    given = endpoints.request_id(request)
    if given is None:
        with sandbox.database.transaction():
            return make(sandbox, request, **parts)[1]
    key = f"{request.path} {given}"
    try:
        kept = sandbox.replays.begin(key, "", keep=keep)
    except InProgress:
        raise PayPalError("PREVIOUS_REQUEST_IN_PROGRESS") from None
    if kept is not None:
        return repeat(sandbox, request, kept.body.decode())
    answer = None
    try:
        with sandbox.database.transaction():
            identifier, response = make(sandbox, request, **parts)
        answer = Answer(response.status, identifier.encode())
    finally:
        sandbox.replays.end(key, "", answer)
    return response


def _grant(sandbox: PayPalProvider, request: Request) -> Response:
    return tokens.grant(sandbox, request, sandbox.client_id, sandbox.client_secret)


def _certificate(sandbox: PayPalProvider, request: Request, identifier: str) -> Response:
    if identifier != sandbox.signer.certificate_id:
        raise PayPalError("INVALID_RESOURCE_ID")
    return Response(200, sandbox.signer.chain_pem(), {"Content-Type": "application/x-pem-file"})
