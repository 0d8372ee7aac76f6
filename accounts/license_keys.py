"""The text of a license key: made, checked, encrypted at rest, and found again by a keyed hash.

A key that the shop makes is 25 characters, shown in five groups: 24 random ones of a 32-letter alphabet (120 bits) and
a check character. A key from a pool may have any form of up to 200 characters and is given back exactly as it came.

Both subkeys are derived from LICENSE_KEYS_SECRET, which isn't in the database: whoever reads the tables alone learns no
key and can't test a guess.
"""

import hmac
import os
import secrets
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from accounts.models import LicenseKey

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
RANDOM_LENGTH, GROUP = 24, 5
LONGEST = 200
_VERSION, _NONCE_LENGTH = b"\x01", 12
#: Spaces, the dash and the controls of ASCII.
_SIGNS = bytes([*range(0x21), 0x2D, 0x7F])
#: The value of each random byte, and the letter of that: every letter has as many, since 32 divides 256.
_VALUES = bytes(range(len(ALPHABET))) * (256 // len(ALPHABET))
_LETTERS = bytes.maketrans(bytes(range(len(ALPHABET))), ALPHABET.encode())
# GF(32) by x^5 + x^2 + 1, primitive over GF(2): x has order 31. What each value becomes when multiplied by x.
_TIMES_X = [(value << 1) ^ (0b100101 if value & 0b10000 else 0) for value in range(len(ALPHABET))]


class UnusableKey(ValueError):
    """A text that can't be a key. The message is a sentence for the person who imports it."""


def generate() -> str:
    """A new key in five groups: `K7RWP-3XHQ9-TMB4V-E2NYC-8DFJ6`."""
    values = secrets.token_bytes(RANDOM_LENGTH).translate(_VALUES)
    key = values.translate(_LETTERS).decode() + ALPHABET[_check(values)]
    return "-".join([key[start : start + GROUP] for start in range(0, len(key), GROUP)])


def is_well_formed(text: str) -> bool:
    """Whether this is a key of the shop's own form whose check character fits. A slip of the pen makes it False."""
    key = normalize(text)
    return len(key) == RANDOM_LENGTH + 1 and set(key) <= set(ALPHABET) and _has_check(key)


def _has_check(key: str) -> bool:
    *values, last = map(ALPHABET.index, key)
    return _check(values) == last


def _check(values: Sequence[int]) -> int:
    """The value that makes the weighted sum zero over GF(32), with weights x, x^2, x^3, ...

    All weights differ and none is zero, so every wrong character and every swap of two different ones is noticed.
    """
    total = 0
    for value in reversed(values):
        total = _TIMES_X[total ^ value]
    return total


def normalize(text: str) -> str:
    """The form by which keys are compared: compatible characters unified, capitals, no spaces, dashes or controls."""
    if text.isascii():
        return text.upper().encode().translate(None, _SIGNS).decode()
    unified = unicodedata.normalize("NFKC", text).upper()
    return "".join(c for c in unified if not c.isspace() and unicodedata.category(c) not in {"Pd", "Cc", "Cf"})


def digest(text: str) -> str:
    """The keyed hash (HMAC-SHA256, hex) of the normalized key: the same for every way to type it."""
    _, mac_key = _subkeys(settings.LICENSE_KEYS_SECRET)
    return hmac.digest(mac_key, normalize(text).encode(), "sha256").hex()


def sealed(text: str) -> dict[str, object]:
    """The columns of LicenseKey that hold a key: `LicenseKey(edition=..., **sealed(text))`.

    Raises UnusableKey where the text is empty but for signs, or longer than 200 characters.
    """
    if len(text) > LONGEST:
        raise UnusableKey(f"A key has at most {LONGEST} characters. This one has {len(text)}.")
    if not normalize(text):
        raise UnusableKey("A key needs at least one letter or digit.")
    mark = digest(text)
    nonce = os.urandom(_NONCE_LENGTH)
    return {"digest": mark, "ciphertext": _VERSION + nonce + _cipher().encrypt(nonce, text.encode(), mark.encode())}


def text_of(key: LicenseKey) -> str:
    """The key in plain text, exactly as it was made or imported.

    Raises cryptography's InvalidTag where the secret is another one, or the ciphertext was moved to another row: it is
    bound to its digest.
    """
    blob = bytes(key.ciphertext)
    if blob[:1] != _VERSION:
        raise ValueError(f"License key {key.pk} was encrypted in a way that this version doesn't know.")
    nonce, body = blob[1 : 1 + _NONCE_LENGTH], blob[1 + _NONCE_LENGTH :]
    return _cipher().decrypt(nonce, body, key.digest.encode()).decode()


def groups(text: str) -> list[str]:
    """The five groups of a key that has this form, for drawing; empty for any other, which is shown as it is."""
    parts = text.split("-")
    return parts if [len(part) for part in parts] == [GROUP] * GROUP else []


def find(text: str) -> LicenseKey | None:
    """The key that somebody typed or pasted, whatever casing, spaces and dashes they used."""
    return LicenseKey.objects.filter(digest=digest(text)).first()


def _cipher() -> AESGCM:
    return _cipher_of(settings.LICENSE_KEYS_SECRET)


@lru_cache(maxsize=4)
def _cipher_of(secret: bytes) -> AESGCM:
    return AESGCM(_subkeys(secret)[0])


@lru_cache(maxsize=4)
def _subkeys(secret: bytes) -> tuple[bytes, bytes]:
    """The key for encryption and the key for the hash."""
    return _derived(secret, b"license key: encryption"), _derived(secret, b"license key: digest")


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret)
