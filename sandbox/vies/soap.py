"""The envelopes that VIES reads and writes: SOAP 1.1, document style."""

from datetime import date
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

TYPES = "urn:ec.europa.eu:taxud:vies:services:checkVat:types"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
OPERATIONS = ("checkVat", "checkVatApprox")


class Unreadable(Exception):
    """The envelope isn't one that VIES understands. The text is the fault's."""


def read(body: bytes) -> tuple[str, dict[str, str]]:
    """The operation of a question, and its fields by name. Raises Unreadable."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Unreadable("Error reading XMLStreamReader.") from error
    for operation in OPERATIONS:
        question = root.find(f"./{{{ENVELOPE}}}Body/{{{TYPES}}}{operation}")
        if question is not None:
            prefix = f"{{{TYPES}}}"
            return operation, {child.tag.removeprefix(prefix): (child.text or "").strip() for child in question}
    raise Unreadable("Message part was not recognized.")


def answer(operation: str, fields: dict[str, str]) -> bytes:
    """An answer with its fields in their order."""
    inner = "".join(f"<ns2:{name}>{escape(value)}</ns2:{name}>" for name, value in fields.items())
    return _envelope(f'<ns2:{operation}Response xmlns:ns2="{TYPES}">{inner}</ns2:{operation}Response>')


def fault(code: str) -> bytes:
    """A fault, in whose `faultstring` VIES puts its own word."""
    return _envelope(
        f"<env:Fault><faultcode>env:Server</faultcode><faultstring>{escape(code)}</faultstring></env:Fault>"
    )


def day(moment: float) -> str:
    """A day as VIES writes it, with its time zone."""
    return f"{date.fromtimestamp(moment).isoformat()}+01:00"  # noqa: DTZ012  (a day, of the sandbox's own clock)


def _envelope(inner: str) -> bytes:
    return (f'<env:Envelope xmlns:env="{ENVELOPE}"><env:Header/><env:Body>{inner}</env:Body></env:Envelope>').encode()
