"""The stand-in for VIES, asked as the Commission describes its service."""

from typing import Any

import pytest
import requests
from defusedxml.ElementTree import fromstring

from sandbox.client import Refused
from sandbox.running import ViesSandbox
from sandbox.vies.provider import FAULTS

TYPES = "urn:ec.europa.eu:taxud:vies:services:checkVat:types"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
ASKED = {
    "countryCode": "FR",
    "vatNumber": "40303265045",
    "requesterCountryCode": "DE",
    "requesterVatNumber": "136695976",
}


def ask(sandbox: ViesSandbox, operation: str = "checkVatApprox", **fields: str) -> tuple[int, Any]:
    inner = "".join(f"<t:{name}>{value}</t:{name}>" for name, value in (ASKED | fields).items() if value)
    body = (
        f'<e:Envelope xmlns:e="{ENVELOPE}" xmlns:t="{TYPES}"><e:Body><t:{operation}>{inner}</t:{operation}></e:Body>'
        "</e:Envelope>"
    )
    answer = requests.post(sandbox.service, data=body, headers={"Content-Type": "text/xml"}, timeout=5)
    assert answer.headers["X-AzureOps-Sandbox"] == "vies"
    return answer.status_code, fromstring(answer.content)


def said(root: Any, name: str) -> str:
    return root.findtext(f".//{{{TYPES}}}{name}")


def fault(answer: tuple[int, Any]) -> tuple[int, str]:
    return answer[0], answer[1].findtext(".//faultstring")


def test_a_number_is_valid_with_a_consultation_number_and_a_day(vies_sandbox: ViesSandbox) -> None:
    status, root = ask(vies_sandbox)
    assert (status, said(root, "valid"), said(root, "countryCode"), said(root, "vatNumber")) == (
        *(200, "true"),
        *("FR", "40303265045"),
    )
    assert said(root, "requestIdentifier").startswith("WAPI")
    assert len(said(root, "requestDate")) == len("2026-11-27+01:00")


def test_who_doesnt_say_who_asks_gets_no_proof(vies_sandbox: ViesSandbox) -> None:
    _, root = ask(vies_sandbox, requesterCountryCode="", requesterVatNumber="")
    assert (said(root, "valid"), said(root, "requestIdentifier")) == ("true", "")
    _, simple = ask(vies_sandbox, "checkVat")
    assert (said(simple, "valid"), simple.find(f".//{{{TYPES}}}requestIdentifier")) == ("true", None)


def test_a_number_can_be_struck_off_and_listed_again(vies_sandbox: ViesSandbox) -> None:
    vies_sandbox.strike_off("FR40303265045")
    assert said(ask(vies_sandbox)[1], "valid") == "false"
    vies_sandbox.act("list", "FR40303265045")
    assert said(ask(vies_sandbox)[1], "valid") == "true"


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"countryCode": "GB"}, "INVALID_INPUT"),
        ({"countryCode": "GR"}, "INVALID_INPUT"),
        ({"vatNumber": "1"}, "INVALID_INPUT"),
        ({"vatNumber": "1234567890123"}, "INVALID_INPUT"),
        ({"requesterCountryCode": "US"}, "INVALID_REQUESTER_INFO"),
    ],
)
def test_what_cant_be_a_number_is_a_fault(vies_sandbox: ViesSandbox, fields: dict[str, str], word: str) -> None:
    assert fault(ask(vies_sandbox, **fields)) == (500, word)


@pytest.mark.parametrize("word", FAULTS)
def test_every_fault_of_the_service_can_be_had(vies_sandbox: ViesSandbox, word: str) -> None:
    vies_sandbox.fail(word)
    assert fault(ask(vies_sandbox)) == (500, word)
    vies_sandbox.recover()
    assert ask(vies_sandbox)[0] == 200


def test_an_unknown_fault_is_refused_in_words(vies_sandbox: ViesSandbox) -> None:
    with pytest.raises(Refused, match="word is one of INVALID_INPUT"):
        vies_sandbox.fail("TIRED")


@pytest.mark.parametrize("body", [b"", b"<html>", b"<a/>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_nonsense_is_a_fault(vies_sandbox: ViesSandbox, body: bytes) -> None:
    answer = requests.post(vies_sandbox.service, data=body, timeout=5)
    assert (answer.status_code, b"faultstring" in answer.content) == (500, True)


def test_common_faults_work_here_too(vies_sandbox: ViesSandbox) -> None:
    vies_sandbox.faults({"match": "POST *checkVatService", "action": "html"})
    assert requests.post(vies_sandbox.service, data=b"", timeout=5).status_code == 502
    vies_sandbox.faults({"match": "POST *checkVatService", "action": "limit"})
    assert fault(ask(vies_sandbox)) == (500, "GLOBAL_MAX_CONCURRENT_REQ")
    assert requests.get(vies_sandbox.service, timeout=5).status_code == 404
