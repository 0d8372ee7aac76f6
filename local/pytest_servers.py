"""The pytest plugin that gives a test run its servers and its settings, before Django reads either."""

import os
from collections.abc import MutableMapping
from contextlib import ExitStack
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest

from local.processes import StartError
from local.servers import throwaway_servers

NOWHERE = "http://127.0.0.1:9"  # the discard port: a test that forgets its stand-in fails at once and reaches nobody
SETTINGS = {
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "SITE_URL": "http://testserver",
    "SECRET_KEY": "of-the-test-run-and-of-nothing-else-0123456789-abcdefghijklmn",
    "LICENSE_KEYS_SECRET": "dGVzdC1ydW4tbGljZW5zZS1rZXlzLXNlY3JldC0wMDE=",
    "STORE_NAME": "AzureOps",
    "SUPPORT_EMAIL": "support@example.com",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "STRIPE_API_BASE": NOWHERE,
    "STRIPE_SECRET_KEY": "sk_test_local",
    "STRIPE_WEBHOOK_SECRET": "whsec_test_local",
    "PAYPAL_API_BASE": NOWHERE,
    "PAYPAL_CLIENT_ID": "test-client",
    "PAYPAL_CLIENT_SECRET": "test-secret",
    "PAYPAL_WEBHOOK_ID": "WH-TEST",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright keeps an event loop running in the thread of the tests
}
UNSET = ("DEBUG", "TRUSTED_PROXIES", "PAYPAL_CERT_BASES", "PAYPAL_WEBHOOK_CA", "DEV_MAIL_DIR")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Set the environment; in the main process also start the servers that it names no URL for."""
    configure(os.environ)
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is not None:  # the main process started the servers and handed their URLs on
        os.environ["REDIS_URL"] = worker_redis_url(os.environ["REDIS_URL"], worker)
        return
    servers = ExitStack()
    early_config.add_cleanup(servers.close)
    try:
        os.environ.update(servers.enter_context(throwaway_servers()))
    except StartError as error:
        raise pytest.UsageError(str(error)) from error


def configure(environ: MutableMapping[str, str]) -> None:
    """Replace every setting of the shop by the one for tests, so that no key of the developer's shell is ever used."""
    environ.update(SETTINGS)
    for name in UNSET:
        environ.pop(name, None)


def worker_redis_url(url: str, worker: str) -> str:
    """The URL of the pair of databases that belongs to an xdist worker such as `gw1`: 4 here, and 5 for what keeps its
    broker beside its cache. 0 and 1 belong to runs without xdist."""
    number = 2 * (int(worker.removeprefix("gw")) + 1)
    if url.startswith("unix:"):
        address, _, query = url.partition("?")
        return f"{address}?{urlencode(dict(parse_qsl(query)) | {'db': str(number)})}"
    return urlunsplit(urlsplit(url)._replace(path=f"/{number}"))
