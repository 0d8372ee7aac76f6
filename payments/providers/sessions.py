"""HTTP with the providers, over urllib3 alone.

`requests`, which both packages would use, composes settings, cookies and a request anew for each call: two thirds of
what a call costs. What the machine says of proxies and certificates is read by its rules, but once, and a `.netrc`
can't replace our credentials.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import certifi
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies, prepend_scheme_if_needed, select_proxy
from urllib3 import exceptions

from payments.providers.base import NoAnswer

MOST_CONNECTIONS = 10  # kept open, for as many threads at once; more are opened where they are needed


@dataclass(frozen=True)
class Answer:
    """What came back, whatever its status. The names of `headers` may be written in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Session:
    """Asks for addresses under `base`, over connections that stay open. Threads may share it."""

    def __init__(self, base: str, timeout: float) -> None:
        self._pools = _pools(base)
        self._timeout = urllib3.Timeout(connect=timeout, read=timeout)

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: str | bytes | None = None) -> Answer:
        """Asks once: nothing is repeated, no redirect is followed, no cookie is kept.

        Raises NoAnswer, with the code `timeout` or `no_connection`.
        """
        try:
            answer = self._pools.request(
                method,
                url,
                headers={**headers, "Accept-Encoding": "gzip"},
                body=body,
                timeout=self._timeout,
                retries=False,
                redirect=False,
            )
        except exceptions.NewConnectionError as error:  # refused: a kind of time-out in the package's order of errors
            raise NoAnswer("no_connection") from error
        except exceptions.TimeoutError as error:
            raise NoAnswer("timeout") from error
        except exceptions.HTTPError as error:
            raise NoAnswer("no_connection") from error
        return Answer(answer.status, answer.headers, answer.data)


def _pools(base: str) -> urllib3.PoolManager:
    roots = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or certifi.where()
    trust = {"cert_reqs": "CERT_REQUIRED", "ca_cert_dir" if Path(roots).is_dir() else "ca_certs": roots}
    proxy = select_proxy(base, get_environ_proxies(base))
    if not proxy:
        return urllib3.PoolManager(maxsize=MOST_CONNECTIONS, **trust)  # type: ignore[arg-type]
    proxied = HTTPAdapter(pool_maxsize=MOST_CONNECTIONS)
    return proxied.proxy_manager_for(prepend_scheme_if_needed(proxy, "http"), **trust)
