"""The certificates that sign webhooks: a root, an intermediate and a leaf, made at the first start."""

from __future__ import annotations

import base64
import hashlib
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# The name in the certificate with which PayPal signs; a verifier may insist on it.
SIGNER = "messageverificationcerts.paypal.com"
LIFE = timedelta(days=3650)
ALGORITHM = "SHA256withRSA"


def signed_text(transmission_id: str, transmission_time: str, webhook_id: str, body: bytes) -> bytes:
    """What PayPal signs: https://developer.paypal.com/api/rest/webhooks/rest/#link-selfverificationmethod."""
    return f"{transmission_id}|{transmission_time}|{webhook_id}|{zlib.crc32(body)}".encode()


class Signer:
    """Signs with the leaf. The keys of root and intermediate are thrown away as soon as the leaf is made."""

    def __init__(self, data: Path) -> None:
        """Reads or makes `paypal-ca.pem` (public) and `paypal-signing.pem` (0600) in the folder."""
        self.ca_pem = data / "paypal-ca.pem"
        signing = data / "paypal-signing.pem"
        if not (self.ca_pem.exists() and signing.exists()):
            _make(self.ca_pem, signing)
        stored = signing.read_bytes()
        key = load_pem_private_key(stored, password=None)
        if not isinstance(key, RSAPrivateKey):
            raise TypeError(f"{signing} holds no RSA key.")
        self._key = key
        self._chain = x509.load_pem_x509_certificates(stored)
        self.certificate_id = f"CERT-{hashlib.sha256(self.chain_pem()).hexdigest()[:32]}"

    def chain_pem(self) -> bytes:
        """The leaf, then the intermediate."""
        return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in self._chain)

    def sign(self, text: bytes) -> str:
        return base64.b64encode(self._key.sign(text, PKCS1v15(), hashes.SHA256())).decode()

    def verifies(self, signature: str, text: bytes) -> bool:
        try:
            self._key.public_key().verify(base64.b64decode(signature), text, PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError):
            return False
        return True


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(subject: str, issuer: str, key: RSAPrivateKey, signer: RSAPrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LIFE)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _authority(
    subject: str, issuer: str, key: RSAPrivateKey, signer: RSAPrivateKey, *, path_length: int
) -> x509.Certificate:
    return (
        _builder(subject, issuer, key, signer)
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(signer, hashes.SHA256())
    )


def _make(ca_pem: Path, signing: Path) -> None:
    root_key, middle_key, leaf_key = (generate_private_key(65537, 2048) for _ in range(3))
    root_name, middle_name = "AzureOps sandbox root", "AzureOps sandbox intermediate"
    root = _authority(root_name, root_name, root_key, root_key, path_length=1)
    middle = _authority(middle_name, root_name, middle_key, root_key, path_length=0)
    leaf = (
        _builder(SIGNER, middle_name, leaf_key, middle_key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(SIGNER)]), critical=False)
        .sign(middle_key, hashes.SHA256())
    )
    private = leaf_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    signing.touch(mode=0o600)
    signing.write_bytes(private + leaf.public_bytes(Encoding.PEM) + middle.public_bytes(Encoding.PEM))
    ca_pem.write_bytes(root.public_bytes(Encoding.PEM))
