"""Secret parts of links that aren't stored: each follows from a stored nonce and SECRET_KEY, and is found by its hash.

Whoever reads the tables alone follows no link. An earlier secret in SECRET_KEY_FALLBACKS still spells the links that
were made under it.
"""

import base64
import hashlib
import hmac
import uuid
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_LENGTH = 24  # bytes: 192 bits


@dataclass(frozen=True)
class Links:
    """The links of one purpose. With `in_addresses` a token is of small letters and digits: mail servers may change the
    casing of what stands before the @."""

    purpose: bytes
    in_addresses: bool = False

    def new(self) -> tuple[uuid.UUID, str]:
        """Nonce and hash of a new link."""
        nonce = uuid.uuid4()
        return nonce, self.hash(self._spell(nonce, settings.SECRET_KEY))

    def token(self, nonce: uuid.UUID, stored_hash: str) -> str:
        """The secret part of the link with this nonce, under the secret it was made with."""
        made = [self._spell(nonce, secret) for secret in secrets()]
        return next((one for one in made if self.hash(one) == stored_hash), made[0])

    def hash(self, token: str) -> str:
        """What is stored of a token. 192 random-looking bits need no salt."""
        if self.in_addresses:
            token = token.lower()
        return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

    def _spell(self, nonce: uuid.UUID, secret: str) -> str:
        mac = hmac.digest(derived(secret, self.purpose), nonce.bytes, "sha256")[:_LENGTH]
        if self.in_addresses:
            return base64.b32encode(mac).decode().rstrip("=").lower()
        return base64.urlsafe_b64encode(mac).decode()


def secrets() -> list[str]:
    """The shop's secret, then the earlier ones."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def derived(secret: str, purpose: bytes) -> bytes:
    """A key of 32 bytes for one purpose alone."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
