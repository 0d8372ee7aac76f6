"""One question to VIES, and every way in which it can stay unanswered."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from sandbox.running import ViesSandbox
from sandbox.server import Request, Response, Server
from shop import vies

NUMBER = "FR40303265045"
ANSWER = (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
    '<checkVatApproxResponse xmlns="urn:ec.europa.eu:taxud:vies:services:checkVat:types">'
    "<countryCode>{country}</countryCode><vatNumber>{number}</vatNumber><requestDate>2026-11-27+01:00</requestDate>"
    "<valid>{valid}</valid><traderName>ACME</traderName><requestIdentifier>{proof}</requestIdentifier>"
    "</checkVatApproxResponse></e:Body></e:Envelope>"
)


class Oddity:
    """A server that answers what a test wants."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.body, self.status, self.headers = b"", 200, {"Content-Type": "text/xml"}

    def answer(self, request: Request) -> Response:
        self.asked.append(request)
        return Response(self.status, self.body, dict(self.headers))

    def says(self, **parts: str) -> None:
        usual = {"country": "FR", "number": NUMBER[2:], "valid": "true", "proof": "WAPIAAAA1"}
        self.body = ANSWER.format(**usual | parts).encode()


@pytest.fixture
def oddity(settings: Any) -> Iterator[Oddity]:
    odd = Oddity()
    server = Server(0, odd.answer)
    server.start()
    settings.VIES_URL, settings.VAT_NUMBER = f"{server.base_url}/vies", "DE136695976"
    yield odd
    server.stop()


def problem(number: str = NUMBER) -> str:
    with pytest.raises(vies.NoAnswer) as reason:
        vies.ask(number)
    return reason.value.code


def test_a_yes_bears_its_proof_and_a_no_doesnt(vies_sandbox: ViesSandbox) -> None:
    answer = vies.ask(NUMBER)
    assert (answer.is_valid, answer.consultation[:4]) == (True, "WAPI")
    vies_sandbox.strike_off(NUMBER)
    assert vies.ask(NUMBER).is_valid is False


def test_nothing_but_the_two_numbers_is_sent(oddity: Oddity) -> None:
    oddity.says()
    assert vies.ask(NUMBER) == vies.Answer(is_valid=True, consultation="WAPIAAAA1")
    (request,) = oddity.asked
    body = request.body.decode()
    assert "<urn:countryCode>FR</urn:countryCode><urn:vatNumber>40303265045</urn:vatNumber>" in body
    assert "<urn:requesterCountryCode>DE</urn:requesterCountryCode>" in body
    assert "<urn:requesterVatNumber>136695976</urn:requesterVatNumber>" in body
    assert body.count("</urn:") == 5
    assert request.headers["Content-Type"] == "text/xml; charset=utf-8"


@pytest.mark.parametrize(
    "word",
    [
        "MS_UNAVAILABLE",
        "SERVICE_UNAVAILABLE",
        "TIMEOUT",
        "GLOBAL_MAX_CONCURRENT_REQ",
        "GLOBAL_MAX_CONCURRENT_REQ_TIME",
        "MS_MAX_CONCURRENT_REQ",
        "MS_MAX_CONCURRENT_REQ_TIME",
    ],
)
def test_a_fault_is_no_answer(vies_sandbox: ViesSandbox, word: str) -> None:
    vies_sandbox.fail(word)
    assert problem() == word


def test_invalid_input_is_a_no(vies_sandbox: ViesSandbox) -> None:
    vies_sandbox.fail("INVALID_INPUT")
    assert vies.ask(NUMBER) == vies.Answer(is_valid=False)


@pytest.mark.parametrize("word", ["INVALID_REQUESTER_INFO", "VAT_BLOCKED", "IP_BLOCKED"])
def test_who_refuses_us_calls_a_person(vies_sandbox: ViesSandbox, word: str) -> None:
    vies_sandbox.fail(word)
    with pytest.raises(vies.Refused, match=word):
        vies.ask(NUMBER)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"valid": "maybe"}, "UNREADABLE"),
        ({"valid": ""}, "UNREADABLE"),
        ({"number": "99999999999"}, "ANOTHER_NUMBER"),
        ({"country": "BE"}, "ANOTHER_NUMBER"),
        ({"proof": ""}, "UNPROVEN"),
        ({"proof": "W" * 41}, "UNREADABLE"),
    ],
)
def test_an_answer_that_doesnt_fit_is_none(oddity: Oddity, parts: dict[str, str], code: str) -> None:
    oddity.says(**parts)
    assert problem() == code


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Bad gateway</body></html>",
        b"<html><body>Unclosed",
        b"\x00\xff",
        b"{}",
        b'<!DOCTYPE a [<!ENTITY b "bomb">]><a>&b;</a>',
        b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    ],
)
@pytest.mark.parametrize("status", [200, 500, 302])
def test_nonsense_is_no_answer(oddity: Oddity, body: bytes, status: int) -> None:
    oddity.body, oddity.status = body, status
    assert problem() == "UNREADABLE"


def test_an_answer_without_end_is_cut(oddity: Oddity) -> None:
    oddity.body = b"<a>" + b" " * 100_000
    assert problem() == "TOO_LARGE"


def test_a_redirect_is_not_followed(oddity: Oddity) -> None:
    oddity.status, oddity.headers = 302, {"Location": "http://127.0.0.1:9/"}
    assert problem() == "UNREADABLE"


def test_a_slow_service_costs_the_buyer_no_more_than_the_patience(
    vies_sandbox: ViesSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vies, "PATIENCE", 0.3)
    vies_sandbox.faults({"match": "POST *", "action": "slow", "seconds": 2})
    begun = time.monotonic()
    assert problem() == "TOO_SLOW"
    assert time.monotonic() - begun < 1.5


@pytest.mark.parametrize(
    ("action", "code"), [("html", "UNREADABLE"), ("down", "UNREACHABLE"), ("limit", "GLOBAL_MAX_CONCURRENT_REQ")]
)
def test_a_broken_service_is_no_answer(vies_sandbox: ViesSandbox, action: str, code: str) -> None:
    vies_sandbox.faults({"match": "POST *", "action": action})
    assert problem() == code


def test_nobody_there_is_no_answer(settings: Settings) -> None:
    settings.VIES_URL, settings.VAT_NUMBER = "http://127.0.0.1:9/vies", "DE136695976"
    assert problem() == "UNREACHABLE"


def test_without_a_number_of_its_own_the_shop_asks_nobody(oddity: Oddity, settings: Settings) -> None:
    settings.VAT_NUMBER = ""
    assert (problem(), oddity.asked) == ("NOT_CONFIGURED", [])


def test_production_believes_no_sandbox(vies_sandbox: ViesSandbox, settings: Settings) -> None:
    settings.ALLOW_SANDBOX = False
    assert problem() == "SANDBOX_IN_PRODUCTION"


FAULT_12 = (
    '<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Body><env:Fault><env:Code>'
    "<env:Value>env:Receiver</env:Value></env:Code><env:Reason><env:Text>MS_UNAVAILABLE</env:Text></env:Reason>"
    "</env:Fault></env:Body></env:Envelope>"
)
FAULT_OLD = (
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault>'
    "<faultcode>soap:Server</faultcode><faultstring>{ 'INVALID_INPUT' }</faultstring></soap:Fault>"
    "</soap:Body></soap:Envelope>"
)


@pytest.mark.parametrize("status", [200, 500])
def test_faults_are_read_as_other_servers_write_them(oddity: Oddity, status: int) -> None:
    oddity.status, oddity.body = status, FAULT_12.encode()
    assert problem() == "MS_UNAVAILABLE"
    oddity.body = FAULT_OLD.encode()
    assert vies.ask(NUMBER) == vies.Answer(is_valid=False)


@pytest.mark.parametrize("prefix", ["e", "soap", "SOAP-ENV"])
def test_a_yes_is_read_with_any_prefix_in_either_envelope_and_without_what_is_not_needed(
    oddity: Oddity, prefix: str
) -> None:
    oddity.says(country="fr", number="40 303 265 045")
    text = oddity.body.decode().replace("<traderName>ACME</traderName>", "")
    text = text.replace("<e:", f"<{prefix}:").replace("</e:", f"</{prefix}:").replace("xmlns:e=", f"xmlns:{prefix}=")
    oddity.body = text.encode()
    assert vies.ask(NUMBER) == vies.Answer(is_valid=True, consultation="WAPIAAAA1")
    oddity.body = text.replace(vies.ENVELOPE, vies.ENVELOPE_12).encode()
    assert vies.ask(NUMBER).is_valid
