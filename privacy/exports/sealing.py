"""The file of an export at rest, and the secret part of its link.

Both hang on SECRET_KEY, which isn't in the database: whoever reads the tables alone opens no file and follows no link.
An earlier secret in SECRET_KEY_FALLBACKS opens what was sealed under it.
"""

import os
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from privacy import link_tokens

LINKS = link_tokens.Links(b"export: link")
_NONCE_LENGTH = 12


def sealed(content: bytes, *, about: uuid.UUID) -> bytes:
    """`content` encrypted with AES-GCM and bound to `about`: on another row it can't be opened."""
    nonce = os.urandom(_NONCE_LENGTH)
    return nonce + _cipher(settings.SECRET_KEY).encrypt(nonce, content, about.bytes)


def opened(blob: bytes, *, about: uuid.UUID) -> bytes:
    """The other way round. Raises cryptography's InvalidTag where no secret fits, or the file was moved."""
    nonce, body = blob[:_NONCE_LENGTH], blob[_NONCE_LENGTH:]
    *earlier, last = link_tokens.secrets()
    for secret in earlier:
        try:
            return _cipher(secret).decrypt(nonce, body, about.bytes)
        except InvalidTag:
            continue
    return _cipher(last).decrypt(nonce, body, about.bytes)


def _cipher(secret: str) -> AESGCM:
    return AESGCM(link_tokens.derived(secret, b"export: file"))
