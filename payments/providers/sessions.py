"""HTTP sessions with the providers. What the machine says of proxies and certificates is read once, not each time."""

import os

import requests
from requests.utils import get_environ_proxies


def session(base: str) -> requests.Session:
    """A session for the addresses under `base`, through the proxies and with the roots that the environment names.

    `requests` would look at the whole environment four times a call, and would let a `.netrc` replace our credentials.
    """
    made = requests.Session()
    made.trust_env = False
    made.proxies = get_environ_proxies(base)
    made.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
    return made
