"""Ids that look like Stripe's: a prefix that names the kind, then letters and digits."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits
# Which account the sandbox is. The shop compares it with the account of a payment.
ACCOUNT = "acct_1SandboxOfAzureOps"
API_VERSION = "2026-10-28.endive"


def new(prefix: str, length: int = 24) -> str:
    return f"{prefix}_{''.join(secrets.choice(ALPHABET) for _ in range(length))}"
