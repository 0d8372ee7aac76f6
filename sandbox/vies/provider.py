"""The stand-in for VIES: every number exists, but for those that were struck off, and faults come as one likes."""

import re
import secrets
from pathlib import Path

from sandbox.control import ControlError
from sandbox.objects import Document
from sandbox.provider import Provider, wait_for
from sandbox.server import Request, Response
from sandbox.vies import soap

PATH = "/taxation_customs/vies/services/checkVatService"
#: The words of VIES's faults: https://ec.europa.eu/taxation_customs/vies/checkVatService.wsdl
FAULTS = (
    "INVALID_INPUT",
    "INVALID_REQUESTER_INFO",
    "SERVICE_UNAVAILABLE",
    "MS_UNAVAILABLE",
    "TIMEOUT",
    "VAT_BLOCKED",
    "IP_BLOCKED",
    "GLOBAL_MAX_CONCURRENT_REQ",
    "GLOBAL_MAX_CONCURRENT_REQ_TIME",
    "MS_MAX_CONCURRENT_REQ",
    "MS_MAX_CONCURRENT_REQ_TIME",
)
MEMBERS = frozenset("AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI".split())
_NUMBER = re.compile(r"[0-9A-Za-z+*.]{2,12}")
STRUCK_OFF, WEATHER = "struck_off", "weather"


class ViesProvider(Provider):
    name = "vies"

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.acts = {"strike_off": self._strike_off, "list": self._list, "fail": self._fail, "recover": self._recover}

    def sign(self, body: bytes) -> dict[str, str]:
        return {}  # VIES sends nothing by itself

    def settle(self) -> None:
        """Nothing becomes due."""

    def failure(self, status: int) -> Response:
        word = "GLOBAL_MAX_CONCURRENT_REQ" if status == 429 else "SERVICE_UNAVAILABLE"
        return _xml(soap.fault(word), 500)

    def respond(self, request: Request) -> Response:
        wait_for(request)
        if request.path != PATH or request.method != "POST":
            return Response(404, b"There is no such service.", {"Content-Type": "text/plain"})
        try:
            operation, fields = soap.read(request.body)
        except soap.Unreadable as error:
            return _xml(soap.fault(str(error)), 500)
        with self.database.transaction():
            word = self._fault(operation, fields)
            return _xml(soap.fault(word), 500) if word else _xml(self._answer(operation, fields))

    def _fault(self, operation: str, fields: dict[str, str]) -> str:
        """The word of the fault that this question meets, or nothing."""
        if weather := self.objects.find(WEATHER, WEATHER):
            return str(weather["word"])
        country, number = fields.get("countryCode", ""), fields.get("vatNumber", "")
        if country not in MEMBERS or not _NUMBER.fullmatch(number):
            return "INVALID_INPUT"
        asks = fields.get("requesterCountryCode", "")
        if operation == "checkVatApprox" and (asks or fields.get("requesterVatNumber")):
            requester = asks + fields.get("requesterVatNumber", "")
            if asks not in MEMBERS or len(requester) < 4 or self.objects.find(STRUCK_OFF, requester):
                return "INVALID_REQUESTER_INFO"
        return ""

    def _answer(self, operation: str, fields: dict[str, str]) -> bytes:
        country, number = fields["countryCode"], fields["vatNumber"]
        is_valid = self.objects.find(STRUCK_OFF, country + number) is None
        said = {
            "countryCode": country,
            "vatNumber": number,
            "requestDate": soap.day(self.clock.now()),
            "valid": "true" if is_valid else "false",
        }
        if operation == "checkVat":
            return soap.answer(operation, {**said, "name": "---", "address": "---"})
        is_asked_by_somebody = bool(fields.get("requesterVatNumber"))
        proof = f"WAPI{secrets.token_hex(6).upper()}" if is_asked_by_somebody else ""
        return soap.answer(operation, {**said, "traderName": "---", "requestIdentifier": proof})

    # --- What VIES and the member states do ---------------------------------------------------------------------------

    def _strike_off(self, identifier: str) -> Document:
        """The number is no longer valid."""
        return self.objects.find(STRUCK_OFF, identifier) or self.objects.add(STRUCK_OFF, {"id": identifier})

    def _list(self, identifier: str) -> Document:
        """The number is valid again."""
        self.objects.remove(identifier)
        return {"id": identifier}

    def _fail(self, word: str) -> Document:
        """Every question meets this fault from now on."""
        if word not in FAULTS:
            raise ControlError(f"word is one of {', '.join(FAULTS)}.")
        self.objects.remove(WEATHER)
        return self.objects.add(WEATHER, {"id": WEATHER, "word": word})

    def _recover(self) -> Document:
        """No more faults."""
        self.objects.remove(WEATHER)
        return {"id": WEATHER}


def _xml(body: bytes, status: int = 200) -> Response:
    return Response(status, body, {"Content-Type": "text/xml;charset=UTF-8"})
