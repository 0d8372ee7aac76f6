"""Each named fault of `paypalrestsdk` is mended: a test a fault."""

import logging
import threading
from typing import Any

import paypalrestsdk
import pytest

from payments.providers import paypal_transport
from payments.providers.base import NoAnswer, NotAllowed, NotFound, ProviderError
from payments.providers.paypal_transport import Transport
from sandbox.server import Request, Response, Server

ORDER = {
    "intent": "CAPTURE",
    "purchase_units": [{"amount": {"currency_code": "EUR", "value": "1.00"}}],
}
TOKEN = Response(200, b'{"access_token": "T", "token_type": "Bearer", "expires_in": 900}', {})


class Stub:
    """A server that answers what a test puts into `answers`, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.answers: list[Response] = []
        self.token = TOKEN
        self.server = Server(0, self.answer)

    def answer(self, request: Request) -> Response:
        self.asked.append(request)
        if request.path == "/v1/oauth2/token":
            return self.token
        return self.answers.pop(0) if self.answers else Response(200, b"{}", {})

    def paths(self) -> list[str]:
        return [request.path for request in self.asked]

    @property
    def tokens(self) -> int:
        return self.paths().count("/v1/oauth2/token")


@pytest.fixture
def stub() -> Any:
    made = Stub()
    made.server.start()
    yield made
    made.server.stop()


@pytest.fixture
def transport(stub: Stub) -> Transport:
    return Transport(endpoint=stub.server.base_url, client_id="id", client_secret="secret", timeout=0.5)


def answer(status: int, text: str = "{}", **headers: str) -> Response:
    return Response(status, text.encode(), headers)


def test_it_is_the_package_s_own_client(transport: Transport) -> None:
    assert isinstance(transport, paypalrestsdk.Api)


def test_there_is_a_time_out_and_it_is_not_repeated(paypal_sandbox: Any) -> None:
    slow = Transport(
        endpoint=paypal_sandbox.base_url,
        client_id=paypal_sandbox.client_id,
        client_secret=paypal_sandbox.client_secret,
        timeout=0.2,
    )
    slow.get_token_hash()
    paypal_sandbox.faults({"match": "GET /v2/checkout/orders/*", "times": 2, "action": "slow", "seconds": 0.5})
    with pytest.raises(NoAnswer, match="timeout"):
        slow.get("v2/checkout/orders/1")
    assert paypal_sandbox.faults_left()[0]["times"] == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_error_of_the_moment_is_repeated_once_for_a_get(stub: Stub, transport: Transport, status: int) -> None:
    stub.answers = [answer(status), answer(200, '{"id": "1"}')]
    assert transport.get("v2/checkout/orders/1") == {"id": "1"}
    stub.answers = [answer(status), answer(status), answer(200)]
    with pytest.raises(ProviderError, match=f"http_{status}"):
        transport.get("v2/checkout/orders/1")
    assert len(stub.answers) == 1


def test_a_post_is_repeated_only_under_a_request_id(stub: Stub, transport: Transport) -> None:
    stub.answers = [answer(503), answer(201, '{"id": "1"}')]
    assert transport.post("v2/checkout/orders", ORDER, headers={"PayPal-Request-Id": "ppo:1"}) == {"id": "1"}
    stub.answers = [answer(503), answer(201)]
    with pytest.raises(ProviderError, match="http_503"):
        transport.post("v2/checkout/orders", ORDER)
    assert len(stub.answers) == 1


def test_a_lost_connection_is_repeated_once(paypal_sandbox: Any) -> None:
    own = paypal_transport.transport()
    paypal_sandbox.faults({"match": "GET /v2/checkout/orders/*", "times": 1, "action": "down"})
    with pytest.raises(NotFound):
        own.get("v2/checkout/orders/1")
    paypal_sandbox.faults({"match": "GET /v2/checkout/orders/*", "times": 2, "action": "down"})
    with pytest.raises(NoAnswer, match="no_connection"):
        own.get("v2/checkout/orders/1")


def test_a_lasting_401_ends_after_one_new_token(stub: Stub, transport: Transport) -> None:
    stub.answers = [answer(401)] * 9
    with pytest.raises(ProviderError, match="http_401"):
        transport.get("v2/checkout/orders/1")
    assert stub.paths() == ["/v1/oauth2/token", "/v2/checkout/orders/1"] * 2


def test_a_401_of_an_old_token_is_mended(paypal_sandbox: Any) -> None:
    own = paypal_transport.transport()
    with pytest.raises(NotFound):
        own.get("v2/checkout/orders/1")
    paypal_sandbox.act("expire_tokens")
    with pytest.raises(NotFound):
        own.get("v2/checkout/orders/1")


def test_wrong_keys_are_an_error_and_no_loop(paypal_sandbox: Any) -> None:
    own = Transport(endpoint=paypal_sandbox.base_url, client_id="x", client_secret="y", timeout=1)
    with pytest.raises(ProviderError) as caught:
        own.get("v2/checkout/orders/1")
    assert not caught.value.permanent


@pytest.mark.parametrize(
    ("status", "kind", "permanent"),
    [
        (301, ProviderError, False),
        (400, ProviderError, True),
        (403, NotAllowed, False),
        (404, NotFound, True),
        (409, NoAnswer, False),
        (422, ProviderError, True),
        (429, ProviderError, False),
        (503, ProviderError, False),
    ],
)
def test_every_error_is_raised_and_none_is_an_answer(
    stub: Stub, transport: Transport, status: int, kind: type[ProviderError], permanent: bool
) -> None:
    stub.answers = [answer(status, '{"name": "NAME", "details": [{"issue": "ISSUE"}]}')] * 2
    with pytest.raises(ProviderError) as caught:
        transport.get("v2/checkout/orders/1")
    assert (type(caught.value), caught.value.permanent, caught.value.code) == (kind, permanent, "ISSUE")


@pytest.mark.parametrize("status", [200, 400, 502])
def test_a_page_of_html_is_an_error_like_others(stub: Stub, transport: Transport, status: int) -> None:
    stub.answers = [answer(status, "<html>Bad gateway</html>")] * 2
    with pytest.raises(ProviderError):
        transport.get("v2/checkout/orders/1")


def test_an_error_says_nothing_of_what_was_sent(stub: Stub, transport: Transport) -> None:
    stub.answers = [answer(422, '{"details": [{"issue": "ISSUE", "value": "ada@example.com"}]}')]
    with pytest.raises(ProviderError) as caught:
        transport.post("v2/checkout/orders", ORDER)
    assert str(caught.value) == "ISSUE"


def test_a_request_s_headers_stay_out_of_the_token_s_request(stub: Stub, transport: Transport) -> None:
    transport.post("v2/checkout/orders", ORDER, headers={"PayPal-Request-Id": "ppo:1", "Prefer": "return=minimal"})
    token, order = ({name.lower(): value for name, value in request.headers.items()} for request in stub.asked)
    assert "paypal-request-id" not in token
    assert "prefer" not in token
    assert (token["content-type"], order["paypal-request-id"]) == ("application/x-www-form-urlencoded", "ppo:1")


def test_eight_threads_ask_for_one_token(stub: Stub, transport: Transport) -> None:
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait()
        transport.get("v2/checkout/orders/1")

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stub.tokens == 1


@pytest.mark.parametrize(("lasts", "tokens"), [(900, 1), (59, 2)])
def test_a_token_is_renewed_a_minute_before_it_ends(stub: Stub, transport: Transport, lasts: int, tokens: int) -> None:
    stub.token = answer(200, f'{{"access_token": "T", "token_type": "Bearer", "expires_in": {lasts}}}')
    transport.get("v2/checkout/orders/1")
    transport.get("v2/checkout/orders/1")
    assert stub.tokens == tokens


def test_nothing_of_headers_and_bodies_is_logged(
    stub: Stub, transport: Transport, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        transport.post("v2/checkout/orders", {"payer": "ada@example.com"}, headers={"PayPal-Request-Id": "ppo:1"})
    assert not [record for record in caplog.records if record.name.startswith("paypalrestsdk")]
    assert "ada@" not in caplog.text
    assert "Bearer" not in caplog.text


def test_redirects_are_not_followed(stub: Stub, transport: Transport) -> None:
    stub.answers = [answer(302, "", Location=f"{stub.server.base_url}/elsewhere")] * 2
    with pytest.raises(ProviderError, match="http_302"):
        transport.get("v2/checkout/orders/1")
    assert "/elsewhere" not in stub.paths()


def test_a_get_has_no_body_and_a_post_without_one_sends_an_object(stub: Stub, transport: Transport) -> None:
    transport.get("v2/checkout/orders/1")
    transport.post("v2/checkout/orders/1/capture")
    assert [request.body for request in stub.asked[1:]] == [b"", b"{}"]
