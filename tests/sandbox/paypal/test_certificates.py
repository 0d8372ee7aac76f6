"""Webhook signatures, checked as the shop must check them: chain, name, then signature over the raw bytes."""

import base64
import json
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from sandbox.running import PayPalSandbox
from tests.sandbox.conftest import Caller, Inbox


def verify(headers: Mapping[str, str], body: Any, webhook_id: str, ca_pem: Path) -> None:
    """Raises when chain or signature are wrong."""
    chain = x509.load_pem_x509_certificates(requests.get(headers["PAYPAL-CERT-URL"], timeout=5).content)
    roots = Store(x509.load_pem_x509_certificates(ca_pem.read_bytes()))
    verifier = PolicyBuilder().store(roots).build_server_verifier(x509.DNSName("messageverificationcerts.paypal.com"))
    verifier.verify(chain[0], chain[1:])
    signed = "|".join(
        (headers["PAYPAL-TRANSMISSION-ID"], headers["PAYPAL-TRANSMISSION-TIME"], webhook_id, str(zlib.crc32(body)))
    )
    signature = base64.b64decode(headers["PAYPAL-TRANSMISSION-SIG"])
    chain[0].public_key().verify(signature, signed.encode(), PKCS1v15(), hashes.SHA256())


@pytest.fixture
def delivery(paypal_sandbox: PayPalSandbox, new_order: Callable[..., str]) -> tuple[dict[str, str], bytes]:
    paypal_sandbox.approve(new_order())
    return paypal_sandbox.signed(paypal_sandbox.deliveries()[0]["event"])


def test_webhook_that_arrives_verifies(
    paypal_sandbox: PayPalSandbox, new_order: Callable[..., str], inbox: Inbox
) -> None:
    paypal_sandbox.webhook_url = inbox.url
    order = new_order()
    paypal_sandbox.approve(order)
    request = inbox.wait(1)[0]
    verify(request.headers, request.body, paypal_sandbox.webhook_id, paypal_sandbox.ca_pem)
    event = json.loads(request.body)
    assert (event["event_type"], event["resource"]["id"]) == ("CHECKOUT.ORDER.APPROVED", order)
    assert request.headers["PAYPAL-AUTH-ALGO"] == "SHA256withRSA"
    assert request.headers["PAYPAL-CERT-URL"].startswith(f"{paypal_sandbox.cert_base}CERT-")


def test_changed_body_or_other_webhook_does_not_verify(
    paypal_sandbox: PayPalSandbox, delivery: tuple[dict[str, str], bytes]
) -> None:
    headers, body = delivery
    for changed, webhook_id in ((body + b" ", paypal_sandbox.webhook_id), (body, "OTHERWEBHOOK")):
        with pytest.raises(InvalidSignature):
            verify(headers, changed, webhook_id, paypal_sandbox.ca_pem)


def test_other_root_does_not_verify(
    paypal_sandbox: PayPalSandbox, delivery: tuple[dict[str, str], bytes], tmp_path: Path
) -> None:
    with PayPalSandbox(tmp_path) as other, pytest.raises(VerificationError):
        verify(*delivery, paypal_sandbox.webhook_id, other.ca_pem)


def test_certificates_outlive_the_process_and_the_key_is_private(tmp_path: Path) -> None:
    with PayPalSandbox(tmp_path) as first:
        before = (first.ca_pem.read_bytes(), first.provider.signer.certificate_id)
    with PayPalSandbox(tmp_path) as second:
        assert (second.ca_pem.read_bytes(), second.provider.signer.certificate_id) == before
    assert (tmp_path / "paypal-signing.pem").stat().st_mode & 0o077 == 0
    assert b"PRIVATE" not in (tmp_path / "paypal-ca.pem").read_bytes()


def test_unknown_certificate_is_404(paypal_sandbox: PayPalSandbox) -> None:
    assert requests.get(f"{paypal_sandbox.cert_base}CERT-unknown", timeout=5).status_code == 404


def question(sandbox: PayPalSandbox, headers: Mapping[str, str], body: Any, **changes: Any) -> dict[str, Any]:
    return {
        "auth_algo": headers["PAYPAL-AUTH-ALGO"],
        "cert_url": headers["PAYPAL-CERT-URL"],
        "transmission_id": headers["PAYPAL-TRANSMISSION-ID"],
        "transmission_sig": headers["PAYPAL-TRANSMISSION-SIG"],
        "transmission_time": headers["PAYPAL-TRANSMISSION-TIME"],
        "webhook_id": sandbox.webhook_id,
        "webhook_event": json.loads(body),
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "SUCCESS"),
        ({"webhook_id": "OTHERWEBHOOK"}, "FAILURE"),
        ({"transmission_time": "2020-01-01T00:00:00Z"}, "FAILURE"),
        ({"transmission_sig": "bm90IGEgc2lnbmF0dXJl"}, "FAILURE"),
        ({"cert_url": "https://evil.example/CERT-1"}, "FAILURE"),
        ({"webhook_event": {"id": "WH-unknown"}}, "FAILURE"),
    ],
)
def test_paypals_own_check_of_a_signature(
    paypal: Caller,
    paypal_sandbox: PayPalSandbox,
    delivery: tuple[dict[str, str], bytes],
    changes: dict[str, Any],
    status: Any,
) -> None:
    body = question(paypal_sandbox, *delivery, **changes)
    answer = paypal("POST", "/v1/notifications/verify-webhook-signature", body)
    assert answer.json() == {"verification_status": status}


def test_check_of_a_changed_event_fails(
    paypal: Caller, paypal_sandbox: PayPalSandbox, delivery: tuple[dict[str, str], bytes]
) -> None:
    headers, body = delivery
    event = json.loads(body) | {"summary": "changed"}
    answer = paypal(
        "POST",
        "/v1/notifications/verify-webhook-signature",
        question(paypal_sandbox, headers, body, webhook_event=event),
    )
    assert answer.json() == {"verification_status": "FAILURE"}
