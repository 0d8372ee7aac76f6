"""Webhook signatures: the certificate's address, its chain and its time, and the raw body."""

import base64
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as elliptic
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from payments.providers import paypal_signatures
from payments.providers.base import Forged, NoAnswer
from privacy import clock
from sandbox.server import Request, Response, Server

BODY = b'{"id": "WH-1", "event_type": "CHECKOUT.ORDER.APPROVED"}'


class Authority:
    """Makes certificates: a root, leaves, and intermediates that may or may not issue."""

    def __init__(self, name: str = "root") -> None:
        self.key = generate_private_key(65537, 2048)
        self.name = name
        self.certificate = self.issue(name, self.key, ca=True)

    def issue(self, name: str, key: Any, *, ca: bool = False, host: str = "", days: tuple[int, int] = (-1, 30)) -> Any:
        now = clock.now()
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .issuer_name(_name(self.name))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + timedelta(days=days[0]))
            .not_valid_after(now + timedelta(days=days[1]))
        )
        if ca:
            builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        if host:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        return builder.sign(self.key, hashes.SHA256())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class Host:
    """Serves one chain under /certs/, and counts."""

    def __init__(self) -> None:
        self.pem, self.status, self.asked = b"", 200, 0
        self.server = Server(0, self.answer)

    def answer(self, request: Request) -> Response:
        self.asked += 1
        if self.status == 302:
            return Response(302, b"", {"Location": "/other"})
        return Response(self.status, self.pem, {})

    @property
    def url(self) -> str:
        return f"{self.server.base_url}/certs/CERT-1"


@pytest.fixture
def host() -> Any:
    made = Host()
    made.server.start()
    yield made
    made.server.stop()


@pytest.fixture(scope="module")
def root() -> Authority:
    return Authority()


@pytest.fixture
def trusting(root: Authority, host: Host, settings: Any, tmp_path: Path) -> Authority:
    """The shop trusts this root and this host."""
    ca = tmp_path / "ca.pem"
    ca.write_bytes(root.certificate.public_bytes(Encoding.PEM))
    settings.PAYPAL_WEBHOOK_CA = str(ca)
    settings.PAYPAL_CERT_BASES = [f"{host.server.base_url}/certs/"]
    paypal_signatures.forget()
    return root


KEY = generate_private_key(65537, 2048)


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)


def signed(url: str, *, key: Any = KEY, body: bytes = BODY, **changes: str) -> dict[str, str]:
    text = f"T-1|2026-11-22T10:00:00Z|WH|{zlib.crc32(body)}".encode()
    headers = {
        "Paypal-Transmission-Id": "T-1",
        "Paypal-Transmission-Time": "2026-11-22T10:00:00Z",
        "Paypal-Cert-Url": url,
        "Paypal-Transmission-Sig": base64.b64encode(key.sign(text, PKCS1v15(), hashes.SHA256())).decode(),
        "Paypal-Auth-Algo": "SHA256withRSA",
    }
    return headers | {f"Paypal-{name.replace('_', '-').title()}": value for name, value in changes.items()}


def verify(headers: dict[str, str], body: bytes = BODY) -> None:
    paypal_signatures.verify(headers, body, webhook_id="WH")


def test_what_paypal_signed_is_believed_and_its_certificate_is_kept(host: Host, trusting: Authority) -> None:
    host.pem = pem(trusting.issue("leaf", KEY))
    for _ in range(3):
        verify(signed(host.url))
    assert host.asked == 1


def test_there_is_no_limit_on_the_age(host: Host, trusting: Authority) -> None:
    """PayPal repeats a delivery for days with the time of the first; the rest of the checks hold."""
    host.pem = pem(trusting.issue("leaf", KEY))
    with clock.at(clock.now() + timedelta(days=3)):
        verify(signed(host.url))


@pytest.mark.parametrize(
    "changes",
    [
        {"transmission_id": "T-2"},
        {"transmission_time": "2026-11-22T10:00:01Z"},
        {"auth_algo": "SHA1withRSA"},
        {"auth_algo": ""},
        {"transmission_sig": ""},
        {"transmission_sig": "é"},
        {"transmission_sig": "AAAA"},
    ],
)
def test_a_changed_header_is_refused(host: Host, trusting: Authority, changes: dict[str, str]) -> None:
    host.pem = pem(trusting.issue("leaf", KEY))
    with pytest.raises(Forged):
        verify(signed(host.url, **changes))


def test_a_changed_body_is_refused_even_by_a_space(host: Host, trusting: Authority) -> None:
    host.pem = pem(trusting.issue("leaf", KEY))
    with pytest.raises(Forged, match="bad signature"):
        verify(signed(host.url), BODY + b" ")


def test_another_webhook_s_event_is_refused(host: Host, trusting: Authority) -> None:
    host.pem = pem(trusting.issue("leaf", KEY))
    for webhook_id in ("OTHER", ""):
        with pytest.raises(Forged):
            paypal_signatures.verify(signed(host.url), BODY, webhook_id=webhook_id)


ADDRESSES = [
    "http://{host}:{port}/elsewhere/CERT-1",
    "http://{host}:{port}/certs",
    "http://{host}:{port}/certs/../elsewhere/CERT-1",
    "http://{host}:{port}/certs/%2e%2e/elsewhere",
    "http://{host}:{port}/certs/CERT-1?x=1",
    "http://{host}:{port}/certs/CERT-1#x",
    "http://{host}:1/certs/CERT-1",
    "http://{host}/certs/CERT-1",
    "https://{host}:{port}/certs/CERT-1",
    "http://{host}.evil.example:{port}/certs/CERT-1",
    "http://user@{host}:{port}/certs/CERT-1",
    "http://{host}:{port}@evil.example/certs/CERT-1",
    "http://evil.example/http://{host}:{port}/certs/CERT-1",
    "http://{host}:{port}\\@evil.example/certs/CERT-1",
    "//{host}:{port}/certs/CERT-1",
    "http://[::1/certs/CERT-1",
    "http://{host}:x/certs/CERT-1",
    "file:///etc/passwd",
    "",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_certificate_elsewhere_is_refused_before_any_fetch(host: Host, trusting: Authority, address: str) -> None:
    host.pem = pem(trusting.issue("leaf", KEY))
    _, _, place = host.server.base_url.rpartition("/")
    name, _, port = place.partition(":")
    with pytest.raises(Forged, match="isn't allowed"):
        verify(signed(address.format(host=name, port=port)))
    assert host.asked == 0


def test_paypal_s_own_addresses_are_allowed_by_default(settings: Any) -> None:
    settings.PAYPAL_CERT_BASES = ["https://api.paypal.com", "https://api-m.paypal.com"]
    assert paypal_signatures.is_allowed("https://api.paypal.com/v1/notifications/certs/CERT-360caa42-5a29e601")
    assert paypal_signatures.is_allowed("https://API.paypal.com:443/v1/notifications/certs/CERT-1")
    assert not paypal_signatures.is_allowed("https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1")


def by_a_stranger(root: Authority) -> bytes:
    return pem(Authority("stranger").issue("leaf", KEY))


def by_a_namesake(root: Authority) -> bytes:
    return pem(Authority(root.name).issue("leaf", KEY))


def by_a_leaf(root: Authority) -> bytes:
    middle = Authority("middle")
    middle.certificate = root.issue("middle", middle.key)
    return pem(middle.issue("leaf", KEY), middle.certificate)


def expired(root: Authority) -> bytes:
    return pem(root.issue("leaf", KEY, days=(-20, -1)))


def not_yet(root: Authority) -> bytes:
    return pem(root.issue("leaf", KEY, days=(1, 20)))


def of_another_key(root: Authority) -> bytes:
    return pem(root.issue("leaf", generate_private_key(65537, 2048)))


def of_another_kind(root: Authority) -> bytes:
    return pem(root.issue("leaf", elliptic(SECP256R1())))


def nothing(root: Authority) -> bytes:
    return b"hello"


BAD = [by_a_stranger, by_a_namesake, by_a_leaf, expired, not_yet, of_another_key, of_another_kind, nothing]


@pytest.mark.parametrize("make", BAD)
def test_a_certificate_that_does_not_hold_is_refused(
    host: Host, trusting: Authority, make: Callable[[Authority], bytes]
) -> None:
    host.pem = make(trusting)
    with pytest.raises(Forged):
        verify(signed(host.url))


def test_a_chain_through_an_intermediate_holds(host: Host, trusting: Authority) -> None:
    middle = Authority("middle")
    middle.certificate = trusting.issue("middle", middle.key, ca=True)
    host.pem = pem(middle.issue("leaf", KEY), middle.certificate)
    verify(signed(host.url))


def test_a_kept_certificate_is_looked_at_anew_when_its_time_is_over(host: Host, trusting: Authority) -> None:
    host.pem = pem(trusting.issue("leaf", KEY, days=(-1, 5)))
    verify(signed(host.url))
    with clock.at(clock.now() + timedelta(days=6)), pytest.raises(Forged, match="isn't trusted"):
        verify(signed(host.url))


@pytest.mark.parametrize(("status", "error"), [(302, Forged), (404, Forged), (500, NoAnswer), (503, NoAnswer)])
def test_a_certificate_that_can_not_be_had(
    host: Host, trusting: Authority, status: int, error: type[Exception]
) -> None:
    host.status = status
    with pytest.raises(error):
        verify(signed(host.url))
    assert host.asked == 1


def test_with_the_system_s_roots_the_certificate_must_be_paypal_s(host: Host, settings: Any) -> None:
    settings.PAYPAL_WEBHOOK_CA = ""
    settings.PAYPAL_CERT_BASES = [f"{host.server.base_url}/certs/"]
    paypal_signatures.forget()
    authority = Authority()
    for name in ("", "paypal.com.evil.example", "notpaypal.com"):
        host.pem = pem(authority.issue("leaf", KEY, host=name))
        with pytest.raises(Forged, match="somebody else's"):
            verify(signed(host.url))
    host.pem = pem(authority.issue("leaf", KEY, host="messageverificationcerts.paypal.com"))
    with pytest.raises(Forged, match="isn't trusted"):
        verify(signed(host.url))
