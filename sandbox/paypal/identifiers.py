"""Ids that look like PayPal's, and who the merchant is."""

import hashlib
import secrets

# Without 0, 1, I and O, like the account ids of PayPal.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
MERCHANT_ID = "AZURESANDBX22"
MERCHANT_EMAIL = "merchant@example.com"


def new(length: int = 17) -> str:
    """An id of an order, a capture or a refund."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def event_id() -> str:
    return f"WH-{new()}-{new()}"


def dispute_id() -> str:
    return f"PP-D-{secrets.randbelow(9_000_000_000) + 1_000_000_000}"


def payer_id(email: str) -> str:
    """The same address always is the same account."""
    digest = hashlib.sha256(email.lower().encode()).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:13])
