"""Answers views of anonymous pages before Django wakes: a WSGI layer that keeps ready bytes in this process.

Only pages that are the same for everybody in a country are kept, each under the version of what everybody sees
(`privacy.page_version`), which a change of the catalog replaces: the next response shows the change. The version is
read on every request, and before a page is rendered: so a page rendered from old rows never stands under a new version.
What no signal covers is at most `MAX_AGE` old. Where Redis is away, every request passes through to Django.

A page is kept for a path, a country and a currency (chosen by the visitor, or the connection's), and the scheme. The
shop has one language; were a page to depend on more, it would say so by `Vary`, and would not be kept.
"""

import gzip
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from privacy import clock, page_version
from shop import location

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Key = tuple[str, str, location.Place, bool, str]

MAX_AGE = timedelta(seconds=60)
MOST_BYTES = 32_000_000
SILENCE = timedelta(seconds=1)
FAILURES_TO_SILENCE = 3
_KEPT_PATH = re.compile(
    r"/(?:(?:c|pages|trusted-by)/[-\w]+/|p/[-\w]+/(?:reviews/|questions/)?|privacy/|trusted-by/)?", re.ASCII
)
_KEPT_QUERY = re.compile(r"page=[1-9][0-9]{0,3}")
_OWN_TO_A_VISITOR = (b"csrfmiddlewaretoken",)


@dataclass(frozen=True)
class KeptPage:
    """A page as bytes, plain and zipped, with the headers that Django gave it."""

    headers: Headers
    body: bytes
    zipped: bytes
    etag: str
    made_at: datetime

    @property
    def size(self) -> int:
        return len(self.body) + len(self.zipped) + 2_000  # headers, key and objects, roughly


class PageCache:
    """The layer around a WSGI application. One object a process; its threads share it."""

    def __init__(self, application: Application, *, most_bytes: int = MOST_BYTES) -> None:
        self._application = application
        self._most_bytes = most_bytes
        self._pages: OrderedDict[Key, KeptPage] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        self._failures = 0
        self._ask_version_from = datetime.min.replace(tzinfo=UTC)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        key = self._key(environ)
        if key is None:
            return self._application(environ, start_response)
        page = self._find(key)
        if page is not None:
            return _answer(page, environ, start_response)
        if environ["REQUEST_METHOD"] == "HEAD":
            return self._application(environ, start_response)
        return self._render(key, environ, start_response)

    def _key(self, environ: Environ) -> Key | None:
        """Under what the answer may be kept; None for everything that Django must answer itself."""
        if not is_for_everybody(environ):
            return None
        secure = _is_secure(environ)
        if settings.SECURE_SSL_REDIRECT and not secure:
            return None
        version = self._version()
        if version is None:
            return None
        place = location.place_of_environ(environ)
        return environ["PATH_INFO"], environ.get("QUERY_STRING", ""), place, secure, version

    def _version(self) -> str | None:
        """The version in force. A Redis that stays silent is asked once a second: each question waits 50 ms.

        One late answer is no silence: a busy machine would then render every page for a second, and be busier still.
        """
        now = clock.now()
        if now < self._ask_version_from:
            return None
        version = page_version.current()
        self._failures = 0 if version else self._failures + 1
        if self._failures >= FAILURES_TO_SILENCE:
            self._ask_version_from = now + SILENCE
        return version

    def _find(self, key: Key) -> KeptPage | None:
        with self._lock:
            page = self._pages.get(key)
            if page is None:
                return None
            if clock.now() - page.made_at > MAX_AGE:
                self._bytes -= self._pages.pop(key).size
                return None
            self._pages.move_to_end(key)
            return page

    def _keep(self, key: Key, page: KeptPage) -> None:
        with self._lock:
            before = self._pages.pop(key, None)
            self._bytes += page.size - (before.size if before else 0)
            self._pages[key] = page
            while self._bytes > self._most_bytes:
                self._bytes -= self._pages.popitem(last=False)[1].size

    def _render(self, key: Key, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        made_at = clock.now()
        status, headers, body = _response_of(self._application, environ)
        if not is_keepable(status, headers, body):
            start_response(status, headers)
            return [body]
        page = KeptPage(_kept_headers(headers), body, gzip.compress(body, mtime=0), _etag(body), made_at)
        self._keep(key, page)
        return _answer(page, environ, start_response)


def is_for_everybody(environ: Environ) -> bool:
    """Whether this asks for a page that looks the same for everybody, in a form whose every variant is known."""
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or environ.get("SCRIPT_NAME") or not _KEPT_PATH.fullmatch(path):
        return False
    if query and not (path.startswith("/c/") and _KEPT_QUERY.fullmatch(query)):
        return False
    cookies = environ.get("HTTP_COOKIE", "")
    # Anything that looks like these names passes through: to find none is what must be certain.
    if cookies and (settings.SESSION_COOKIE_NAME in cookies or "messages" in cookies):
        return False
    domain, _ = split_domain_port(environ.get("HTTP_HOST", ""))
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def is_keepable(status: str, headers: Headers, body: bytes) -> bool:
    """Whether an answer may be given to others: nothing in it may be one visitor's, and nothing good only once."""
    values: dict[str, str] = {}
    for name, value in headers:
        values[name.lower()] = f"{values.get(name.lower(), '')},{value}"
    varies = {name.strip().lower() for name in values.get("vary", "").split(",")} - {"", "accept-encoding"}
    return (
        status.startswith("200 ")
        and values.get("content-type", "").startswith(",text/html")
        and "set-cookie" not in values
        and "cache-control" not in values
        and "content-encoding" not in values
        and "'nonce-" not in values.get("content-security-policy", "")
        and not varies
        and not any(sign in body for sign in _OWN_TO_A_VISITOR)
    )


def _is_secure(environ: Environ) -> bool:
    """As Django decides it: by the trusted proxy's header where one is set, else by the connection."""
    if settings.SECURE_PROXY_SSL_HEADER:
        name, secure = settings.SECURE_PROXY_SSL_HEADER
        if (value := environ.get(name)) is not None:
            return value.split(",", 1)[0].strip() == secure
    return environ.get("wsgi.url_scheme") == "https"


def _response_of(application: Application, environ: Environ) -> tuple[str, Headers, bytes]:
    """Lets the application answer, and gives status, headers and the whole body."""
    started: list[tuple[str, Headers]] = []
    response = application(environ, lambda status, headers, exc_info=None: started.append((status, headers)))
    try:
        body = b"".join(response)
    finally:
        if close := getattr(response, "close", None):
            close()
    status, headers = started[-1]
    return status, headers, body


def _kept_headers(headers: Headers) -> Headers:
    """Django's headers, the security headers among them, without those that every answer sets anew."""
    own = {"content-length", "etag", "vary"}
    return [(name, value) for name, value in headers if name.lower() not in own]


def _etag(body: bytes) -> str:
    return f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'


def _answer(page: KeptPage, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Sends the page, or 304 where the browser has it. It must ask each time: the page may change at any moment."""
    common = [("ETag", page.etag), ("Cache-Control", "private, no-cache"), ("Vary", "Accept-Encoding")]
    known = environ.get("HTTP_IF_NONE_MATCH", "")
    if known and (known.strip() == "*" or page.etag.removeprefix("W/") in known):
        start_response("304 Not Modified", common)
        return []
    zipped = _takes_gzip(environ)
    body = page.zipped if zipped else page.body
    encoding = [("Content-Encoding", "gzip")] if zipped else []
    start_response("200 OK", [*page.headers, *common, *encoding, ("Content-Length", str(len(body)))])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _takes_gzip(environ: Environ) -> bool:
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "").replace(" ", "")
    return "gzip" in accepted and "gzip;q=0" not in accepted
