"""Terms that staff search for people by. None stands in an address: access logs of every proxy keep those.

A list's address carries the term encrypted, for one staff member, one list and half an hour. Nothing is stored, so
there is nothing to remove; what a log keeps of it can't be opened once SECRET_KEY has been changed, nor by anyone
without it before.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db.models import Model

from privacy import clock
from privacy.looks import REASON_LASTS

#: Longer terms are cut: an address has at most 254 letters.
LONGEST = 254


def seal(term: str, *, user_id: int, model: type[Model]) -> str:
    """`term` as it stands in the address of a list."""
    now = int(clock.now().timestamp())
    return _box().encrypt_at_time(f"{_bound_to(user_id, model)}{term[:LONGEST]}".encode(), now).decode()


def term_of(sealed: str, *, user_id: int, model: type[Model]) -> str | None:
    """The term of such an address; None where it is another's, another list's, too old, or none at all."""
    now = int(clock.now().timestamp())
    try:
        text = _box().decrypt_at_time(sealed.encode(), int(REASON_LASTS.total_seconds()), now).decode()
    except (InvalidToken, ValueError):
        return None
    bound = _bound_to(user_id, model)
    return text.removeprefix(bound) if text.startswith(bound) else None


def _bound_to(user_id: int, model: type[Model]) -> str:
    return f"{user_id}:{model._meta.label}:"


def _box() -> MultiFernet:
    return _boxes((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _boxes(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"desk: searches").derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
