"""The shop behind its page cache, as the web server runs it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from config.page_cache import PageCache

GERMANY, UNITED_STATES = "5.9.0.1", "8.8.8.8"


@dataclass
class Answer:
    """What a browser got."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Shop:
    """The application as the server runs it, and how often Django woke."""

    woken: int = 0
    cache: PageCache = field(init=False)

    def __post_init__(self) -> None:
        handler = WSGIHandler()

        def django(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            self.woken += 1
            return handler(environ, start_response)

        self.cache = PageCache(django)

    def get(self, path: str, method: str = "GET", **environ: Any) -> Answer:
        """Asks as a new visitor from Germany; `environ` adds to the request."""
        visitor = {"REMOTE_ADDR": GERMANY, "HTTP_HOST": "testserver"} | environ
        request = RequestFactory().generic(method, path).environ
        started: list[Any] = []
        response = self.cache(request | visitor, lambda *answer: started.append(answer))
        body = b"".join(response)
        if close := getattr(response, "close", None):
            close()
        status, headers = started[-1][:2]
        return Answer(int(status[:3]), {name.lower(): value for name, value in headers}, body)

    def is_kept(self, path: str, **environ: Any) -> bool:
        """Whether the second of two requests was answered without Django."""
        self.get(path, **environ)
        before = self.woken
        self.get(path, **environ)
        return self.woken == before
