"""Whether PayPal signed a webhook: https://developer.paypal.com/api/rest/webhooks/rest/#link-selfverificationmethod.

PayPal signs transmission id, time, webhook id and the CRC32 of the raw body with a certificate that the request itself
names. So the certificate is fetched from an allowed address only, and believed only where its chain ends at a root that
we trust.
"""

import base64
import ssl
import threading
import zlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import certifi
import requests
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, Store, VerificationError
from django.conf import settings

from payments.providers.base import Forged, NoAnswer
from privacy import clock

HEADERS = ("Transmission-Id", "Transmission-Time", "Cert-Url", "Transmission-Sig", "Auth-Algo")
ALGORITHM = "SHA256withRSA"
OWNER = "paypal.com"
MOST_KEPT, MOST_BYTES = 16, 64_000
_kept: dict[tuple[str, str], x509.Certificate] = {}
_lock = threading.Lock()


def verify(headers: Mapping[str, str], body: bytes, *, webhook_id: str) -> None:
    """Raises Forged unless PayPal signed exactly this body for this webhook; NoAnswer while its certificate is away.

    There is no limit on the age: PayPal repeats a delivery for days, with the time of the first.
    """
    try:
        transmission, moment, url, signature, algorithm = (headers[f"Paypal-{name}"] for name in HEADERS)
        signed = base64.b64decode(signature, validate=True)
    except (KeyError, ValueError) as error:
        raise Forged("headers missing or unreadable") from error
    if algorithm != ALGORITHM or not webhook_id:
        raise Forged("unknown algorithm, or no webhook id is set")
    text = f"{transmission}|{moment}|{webhook_id}|{zlib.crc32(body)}"
    key = certificate(url).public_key()
    if not isinstance(key, RSAPublicKey):
        raise Forged("the certificate holds no RSA key")
    try:
        key.verify(signed, text.encode(), PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        raise Forged("bad signature") from error


def certificate(url: str) -> x509.Certificate:
    """The signing certificate at an allowed address, its chain verified for now; kept in memory. Raises as `verify`."""
    if not is_allowed(url):
        raise Forged("the certificate's address isn't allowed")
    now, place = clock.now(), (url, settings.PAYPAL_WEBHOOK_CA)
    kept = _kept.get(place)
    if kept is not None and kept.not_valid_before_utc <= now <= kept.not_valid_after_utc:
        return kept
    chain = _fetch(url)
    _check_chain(chain, now)
    with _lock:
        while len(_kept) >= MOST_KEPT:
            del _kept[next(iter(_kept))]
        _kept[place] = chain[0]
    return chain[0]


def is_allowed(url: str) -> bool:
    """Whether an address lies under one of `PAYPAL_CERT_BASES`: the same scheme, host and port, and a path below it."""
    try:
        parts = urlsplit(url)
        has_user = parts.username is not None or parts.password is not None
        places = [(urlsplit(base), base) for base in settings.PAYPAL_CERT_BASES]
        same = [
            base for place, base in places if _origin(place) == _origin(parts) and _is_below(parts.path, place.path)
        ]
    except ValueError:
        return False
    is_plain = url.isascii() and url.isprintable() and not any(sign in url for sign in ("\\", "..", "%", "?", "#", " "))
    return bool(same) and is_plain and not has_user


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def _is_below(path: str, base: str) -> bool:
    return path.startswith(base.rstrip("/") + "/")


def _fetch(url: str) -> list[x509.Certificate]:
    try:
        with requests.get(url, timeout=settings.PROVIDER_TIMEOUT, allow_redirects=False, stream=True) as response:
            if response.status_code >= 500:
                raise NoAnswer(f"certificate_http_{response.status_code}")
            if response.status_code != 200:
                raise Forged("no certificate at the address")
            pem = response.raw.read(MOST_BYTES, decode_content=True)
    except requests.RequestException as error:
        raise NoAnswer("certificate_no_connection") from error
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise Forged("no certificate at the address") from error


def _check_chain(chain: list[x509.Certificate], now: datetime) -> None:
    ca_policy = ExtensionPolicy.webpki_defaults_ca()
    if settings.PAYPAL_WEBHOOK_CA:  # roots of somebody's own making: any extensions, but only authorities issue
        ca_policy = ExtensionPolicy.permit_all().require_present(x509.BasicConstraints, Criticality.AGNOSTIC, None)
    elif not _belongs_to_paypal(chain[0]):
        raise Forged("the certificate is somebody else's")
    policy = PolicyBuilder().store(Store(_roots(settings.PAYPAL_WEBHOOK_CA))).time(now)
    policy = policy.extension_policies(ca_policy=ca_policy, ee_policy=ExtensionPolicy.permit_all())
    try:
        policy.build_client_verifier().verify(chain[0], chain[1:])
    except VerificationError as error:
        raise Forged("the certificate's chain isn't trusted") from error


def _roots(path: str) -> list[x509.Certificate]:
    path = path or ssl.get_default_verify_paths().cafile or certifi.where()
    return x509.load_pem_x509_certificates(Path(path).read_bytes())


def _belongs_to_paypal(leaf: x509.Certificate) -> bool:
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(
            x509.DNSName
        )
    except x509.ExtensionNotFound:
        return False
    return any(name.lower() == OWNER or name.lower().endswith(f".{OWNER}") for name in names)


def forget() -> None:
    """Drops the certificates kept in memory."""
    with _lock:
        _kept.clear()
