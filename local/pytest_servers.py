"""The pytest plugin that gives a test run its servers and its settings, before Django reads either."""

import os
from contextlib import ExitStack
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest

from local import environments
from local.processes import StartError
from local.servers import throwaway_servers


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Set the environment; in the main process also start the servers that it names no URL for."""
    environments.replace(os.environ, environments.TEST)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop running in the tests' thread
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


def worker_redis_url(url: str, worker: str) -> str:
    """The URL of the pair of databases that belongs to an xdist worker such as `gw1`: 4 here, and 5 for what keeps its
    broker beside its cache. 0 and 1 belong to runs without xdist."""
    number = 2 * (int(worker.removeprefix("gw")) + 1)
    if url.startswith("unix:"):
        address, _, query = url.partition("?")
        return f"{address}?{urlencode(dict(parse_qsl(query)) | {'db': str(number)})}"
    return urlunsplit(urlsplit(url)._replace(path=f"/{number}"))
