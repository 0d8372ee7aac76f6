"""The file of an export at rest, and the secret part of its link.

Both hang on SECRET_KEY, which isn't in the database: whoever reads the tables alone opens no file and follows no link.
An earlier secret in SECRET_KEY_FALLBACKS opens what was sealed under it.
"""

import base64
import hashlib
import hmac
import os
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE_LENGTH, _TOKEN_LENGTH = 12, 24


def sealed(content: bytes, *, about: uuid.UUID) -> bytes:
    """`content` encrypted with AES-GCM and bound to `about`: on another row it can't be opened."""
    nonce = os.urandom(_NONCE_LENGTH)
    return nonce + _cipher(settings.SECRET_KEY).encrypt(nonce, content, about.bytes)


def opened(blob: bytes, *, about: uuid.UUID) -> bytes:
    """The other way round. Raises cryptography's InvalidTag where no secret fits, or the file was moved."""
    nonce, body = blob[:_NONCE_LENGTH], blob[_NONCE_LENGTH:]
    *earlier, last = _secrets()
    for secret in earlier:
        try:
            return _cipher(secret).decrypt(nonce, body, about.bytes)
        except InvalidTag:
            continue
    return _cipher(last).decrypt(nonce, body, about.bytes)


def token(nonce: uuid.UUID, stored_hash: str) -> str:
    """The secret part of a link, which isn't stored: it follows from the nonce and the secret it was made under."""
    made = [_token(nonce, secret) for secret in _secrets()]
    return next((one for one in made if token_hash(one) == stored_hash), made[0])


def new_link() -> tuple[uuid.UUID, str]:
    """Nonce and hash of a new link."""
    nonce = uuid.uuid4()
    return nonce, token_hash(_token(nonce, settings.SECRET_KEY))


def token_hash(token: str) -> str:
    """What is stored of a link's token. 192 random-looking bits need no salt."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _token(nonce: uuid.UUID, secret: str) -> str:
    mac = hmac.digest(_derived(secret, b"export: link"), nonce.bytes, "sha256")
    return base64.urlsafe_b64encode(mac[:_TOKEN_LENGTH]).decode()


def _cipher(secret: str) -> AESGCM:
    return AESGCM(_derived(secret, b"export: file"))


def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
