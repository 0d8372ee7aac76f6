"""Settings for runs that serve nobody. `python -m local.environments COMMAND ...` runs a command as in production."""

import os
import sys
from collections.abc import MutableMapping

NOWHERE = "http://127.0.0.1:9"  # the discard port: who forgets a stand-in fails at once and reaches nobody
TEST = {
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "SITE_URL": "http://testserver",
    "SECRET_KEY": "of-the-test-run-and-of-nothing-else-0123456789-abcdefghijklmn",
    "LICENSE_KEYS_SECRET": "dGVzdC1ydW4tbGljZW5zZS1rZXlzLXNlY3JldC0wMDE=",
    "STORE_NAME": "AzureOps",
    "SUPPORT_EMAIL": "support@example.com",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "STRIPE_API_BASE": NOWHERE,
    "STRIPE_SECRET_KEY": "sk_test_local",
    "STRIPE_WEBHOOK_SECRET": "whsec_test_local",
    "PAYPAL_API_BASE": NOWHERE,
    "PAYPAL_CLIENT_ID": "test-client",
    "PAYPAL_CLIENT_SECRET": "test-secret",
    "PAYPAL_WEBHOOK_ID": "WH-TEST",
    "VIES_URL": NOWHERE,
    "VAT_NUMBER": "",
    "ALLOW_SANDBOX": "true",
    "ERASURE_JOURNAL": "/proc/erasure.journal",  # nothing can be written there; whoever writes names one
}
AS_IN_PRODUCTION = TEST | {
    "ALLOWED_HOSTS": "shop.example",
    "SITE_URL": "https://shop.example",
    "VAT_NUMBER": "DE136695976",
    "STORE_ADDRESS": "Example GmbH, Musterweg 1, 10115 Berlin",
    "ALLOW_SANDBOX": "false",
}
UNSET = (
    "DEBUG",
    "TRUSTED_PROXIES",
    "PAYPAL_CERT_BASES",
    "PAYPAL_WEBHOOK_CA",
    "DEV_MAIL_DIR",
    "MEDIA_ROOT",
    "BACKUP_DIR",
    "MAILBOX_URL",
    "MAILBOX_CA",
    "MAILBOX_AUTHSERV_ID",
)


def replace(environ: MutableMapping[str, str], settings: dict[str, str]) -> None:
    """Replace every setting of the shop in `environ`, so that no key of the developer's shell is ever used. The two
    servers stay as they are named there."""
    environ.update(settings)
    for name in UNSET:
        environ.pop(name, None)


if __name__ == "__main__":
    replace(os.environ, AS_IN_PRODUCTION)
    # Types and settings can be checked without a server; what needs one is run beside `local.servers`.
    for name, url in {"DATABASE_URL": "postgres://shop@127.0.0.1:9/shop", "REDIS_URL": "redis://127.0.0.1:9/0"}.items():
        os.environ[name] = os.environ.get(name) or url
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606
