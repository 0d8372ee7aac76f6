"""Asking VIES, the Commission's register, whether a VAT number exists: one SOAP call, posted as it is.

`checkVatApprox` with the shop's own number, because only then the answer bears a consultation number, which proves that
we asked. No description of the service is fetched. Nothing but the number is sent, and of the answer nothing but its
yes or no and its proof is read: name and address of the company stay where they are.
Source: https://ec.europa.eu/taxation_customs/vies/checkVatService.wsdl
"""

import re
import time
from dataclasses import dataclass
from datetime import timedelta
from xml.etree.ElementTree import Element  # nosec B405: the type alone; what is parsed is parsed by defusedxml

import requests
import structlog
import urllib3
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.conf import settings

from shop import sandbox_marker

log = structlog.get_logger(__name__)
TYPES = "urn:ec.europa.eu:taxud:vies:services:checkVat:types"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
#: SOAP 1.2, in which a proxy on the way may answer what was asked in 1.1.
ENVELOPE_12 = "http://www.w3.org/2003/05/soap-envelope"
LARGEST = 65_536
#: How long a buyer waits at most, in seconds, whatever the server does.
PATIENCE = 5.0
CONNECT = timedelta(seconds=2)
_QUESTION = """<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="{envelope}" xmlns:urn="{types}"><soapenv:Header/><soapenv:Body>\
<urn:checkVatApprox><urn:countryCode>{country}</urn:countryCode><urn:vatNumber>{number}</urn:vatNumber>\
<urn:requesterCountryCode>{own_country}</urn:requesterCountryCode>\
<urn:requesterVatNumber>{own_number}</urn:requesterVatNumber></urn:checkVatApprox></soapenv:Body></soapenv:Envelope>"""


@dataclass(frozen=True)
class Answer:
    """What VIES said. `consultation` proves a yes."""

    is_valid: bool
    consultation: str = ""


class NoAnswer(Exception):
    """Nobody knows: VIES is down, slow, busy, or says nonsense. `code` is VIES's word for it, or ours."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code[:60]


class Refused(NoAnswer):
    """VIES doesn't serve us: our own number or address is refused. A person must do something."""


_RESPONSE = f"{{{TYPES}}}checkVatApproxResponse"
#: Faults that are an answer: there can be no such number.
_NO = frozenset({"INVALID_INPUT"})
_REFUSED = frozenset({"INVALID_REQUESTER_INFO", "VAT_BLOCKED", "IP_BLOCKED"})


def is_configured() -> bool:
    """Whether the shop has an own number to ask with. Without it, numbers wait until it has."""
    return bool(settings.VIES_URL and settings.VAT_NUMBER)


def ask(number: str) -> Answer:
    """Asks about a number in its compact form with its prefix, of a form that python-stdnum has passed.

    Takes at most `PATIENCE`. Holds no lock and touches no row. Raises NoAnswer, or Refused.
    """
    if not is_configured():
        raise NoAnswer("NOT_CONFIGURED")
    own = settings.VAT_NUMBER
    question = _QUESTION.format(
        envelope=ENVELOPE, types=TYPES, country=number[:2], number=number[2:], own_country=own[:2], own_number=own[2:]
    )
    return _read(_post(question), number)


def _post(question: str) -> bytes:
    deadline = time.monotonic() + PATIENCE
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
    try:
        with requests.post(
            settings.VIES_URL,
            data=question.encode(),
            headers=headers,
            timeout=(CONNECT.total_seconds(), PATIENCE),
            allow_redirects=False,
            stream=True,
        ) as response:
            if sandbox_marker.is_refused(response.headers):
                raise Refused("SANDBOX_IN_PRODUCTION")
            return _body(response, deadline)
    except (requests.Timeout, urllib3.exceptions.TimeoutError) as error:
        raise NoAnswer("TOO_SLOW") from error
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise NoAnswer("UNREACHABLE") from error


def _body(response: requests.Response, deadline: float) -> bytes:
    """The body, as far as it comes in time: a server that drips byte by byte has no endless patience to live on."""
    body = b""
    while part := response.raw.read1(8192, decode_content=True):
        body += part
        if len(body) > LARGEST:
            raise NoAnswer("TOO_LARGE")
        if time.monotonic() > deadline:
            raise NoAnswer("TOO_SLOW")
    return body


def _read(body: bytes, number: str) -> Answer:
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise NoAnswer("UNREADABLE") from error
    if (fault := _fault(root)) is not None:
        return _of_fault(fault)
    answer = root.find(f"./{{{ENVELOPE}}}Body/{_RESPONSE}")
    if answer is None:
        answer = root.find(f"./{{{ENVELOPE_12}}}Body/{_RESPONSE}")
    if answer is None:
        raise NoAnswer("UNREADABLE")
    if _bare(_text(answer, "countryCode") + _text(answer, "vatNumber")) != number:
        raise NoAnswer("ANOTHER_NUMBER")
    said = {"true": True, "1": True, "false": False, "0": False}.get(_text(answer, "valid"))
    consultation = _text(answer, "requestIdentifier")
    if said is None or len(consultation) > 40:
        raise NoAnswer("UNREADABLE")
    if said and not consultation:
        raise NoAnswer("UNPROVEN")
    log.info("VAT number asked", state="valid" if said else "invalid")
    return Answer(said, consultation)


def _text(answer: Element, name: str) -> str:
    return answer.findtext(f"{{{TYPES}}}{name}", "").strip()


def _bare(number: str) -> str:
    """A number without the blanks and in the capitals that a member state's own register may lack."""
    return re.sub(r"[\s.\-]", "", number).upper()


def _fault(root: Element) -> str | None:
    """The word of a fault, if the answer is one: `faultstring` in SOAP 1.1, `Reason/Text` in 1.2; empty without.

    Older servers of the Commission wrote it in braces and quotes: `{ 'INVALID_INPUT' }`.
    """
    if (fault := root.find(f".//{{{ENVELOPE}}}Fault")) is not None:
        text = fault.findtext("faultstring") or ""
    elif (fault := root.find(f".//{{{ENVELOPE_12}}}Fault")) is not None:
        text = fault.findtext(f"{{{ENVELOPE_12}}}Reason/{{{ENVELOPE_12}}}Text") or ""
    else:
        return None
    return text.strip("{}'\" \t\r\n")


def _of_fault(code: str) -> Answer:
    if code in _NO:
        return Answer(is_valid=False)
    if code in _REFUSED:
        raise Refused(code)
    raise NoAnswer(code or "FAULT")
