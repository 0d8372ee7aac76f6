"""Secrets of second factors at rest: encrypted, so that a copy of the database opens no account."""

import base64
import os
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE_LENGTH = 12


def sealed(text: str) -> str:
    """`text` encrypted with AES-GCM under a key that is derived for this purpose alone, in URL-safe base64."""
    nonce = os.urandom(_NONCE_LENGTH)
    return base64.urlsafe_b64encode(
        nonce + _cipher(settings.LICENSE_KEYS_SECRET).encrypt(nonce, text.encode(), None)
    ).decode()


def opened(text: str) -> str:
    """The other way round. Raises cryptography's InvalidTag where the secret is another one."""
    blob = base64.urlsafe_b64decode(text)
    return _cipher(settings.LICENSE_KEYS_SECRET).decrypt(blob[:_NONCE_LENGTH], blob[_NONCE_LENGTH:], None).decode()


@lru_cache(maxsize=4)
def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=b"second factor secrets").derive(secret))
