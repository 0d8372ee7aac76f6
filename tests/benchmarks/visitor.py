"""A browser with its cookies, as the web server passes it to the shop. Only the shop's own work is measured."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from itertools import count
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

_number = count(1)
FORM = "application/x-www-form-urlencoded"


@dataclass
class Meter:
    """Adds up what requests cost: queries or CPU time, never both, for counting the ones costs the other."""

    counts_queries: bool
    total: float = 0.0

    def measure(self, act: Callable[[], Any]) -> Any:
        if self.counts_queries:
            with CaptureQueriesContext(connection) as captured:
                answer = act()
            self.total += sum(query["sql"] not in {"BEGIN", "COMMIT"} for query in captured)
        else:
            began = time.thread_time()
            answer = act()
            self.total += (time.thread_time() - began) * 1000
        return answer


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    text: str


def _german_address() -> str:
    """Another one each time: many orders from one connection in a short time are refused."""
    number = next(_number)
    return f"5.9.{number // 250}.{number % 250 + 1}"


@dataclass
class Visitor:
    """Asks the WSGI application; what is asked with a meter is added to it."""

    application: Callable[..., Any]
    cookies: SimpleCookie = field(default_factory=SimpleCookie)
    address: str = field(default_factory=_german_address)

    def get(self, path: str, meter: Meter | None = None, **headers: str) -> Answer:
        return self._ask(RequestFactory().get(path, **headers).environ, meter)

    def post(self, path: str, typed: dict[str, str], meter: Meter | None = None, **headers: str) -> Answer:
        headers = {"HTTP_SEC_FETCH_SITE": "same-origin"} | headers
        return self._ask(RequestFactory().post(path, urlencode(typed), content_type=FORM, **headers).environ, meter)

    def _ask(self, environ: dict[str, Any], meter: Meter | None) -> Answer:
        environ |= {"REMOTE_ADDR": self.address, "HTTP_HOST": "127.0.0.1"}
        environ["HTTP_COOKIE"] = "; ".join(f"{name}={each.coded_value}" for name, each in self.cookies.items())
        started: list[Any] = []

        def act() -> bytes:
            response = self.application(environ, lambda *answer: started.append(answer))
            body = b"".join(response)
            response.close()
            return body

        body = meter.measure(act) if meter else act()
        status, headers = started[-1][:2]
        for name, value in headers:
            if name == "Set-Cookie":
                self.cookies.load(value)
        return Answer(int(status[:3]), dict(headers).get("Location", ""), body.decode())
