"""A buyer's browser over HTTP: cookies, forms, and how long each answer took."""

import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

TIMEOUT = 120.0
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """`seconds` from the first byte sent to the last byte read."""

    what: str
    status: int
    location: str
    text: str
    seconds: float


@dataclass
class Browser:
    """Speaks to any server, the shop and the providers' pages alike; redirects are followed by whoever asks.

    `address` is where the shop's proxy says that the buyer is.
    """

    shop: str
    address: str
    cookies: SimpleCookie = field(default_factory=SimpleCookie)
    answers: list[Answer] = field(default_factory=list)

    def ask(self, what: str, path: str, typed: dict[str, str] | None = None) -> Answer:
        """A page of the shop, or a form sent there. `what` names the step in the report."""
        cookies = "; ".join(f"{name}={each.coded_value}" for name, each in self.cookies.items())
        answer = self._send(what, f"{self.shop}{path}", typed, {"Cookie": cookies, "X-Forwarded-For": self.address})
        self.answers.append(answer)
        return answer

    def elsewhere(self, address: str, typed: dict[str, str]) -> Answer:
        """A form sent to another server, which isn't measured."""
        return self._send("elsewhere", address, typed, {})

    def _send(self, what: str, address: str, typed: dict[str, str] | None, headers: dict[str, str]) -> Answer:
        parts = urlsplit(address)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT)
        began = time.monotonic()
        try:
            headers = {**headers, "Sec-Fetch-Site": "same-origin"} | ({"Content-Type": FORM} if typed else {})
            connection.request("POST" if typed else "GET", path, urlencode(typed) if typed else None, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                self.cookies.load(value)
        location = response.getheader("Location") or ""
        return Answer(what, response.status, location, text, time.monotonic() - began)
