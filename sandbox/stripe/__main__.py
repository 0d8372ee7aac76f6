"""`python -m sandbox.stripe`: see ../README.md."""

import sqlite3
import sys

from sandbox import command
from sandbox.stripe.provider import StripeProvider


def main(arguments: list[str]) -> int:
    sentence = command.check_keys(arguments)
    if sentence:
        return command.refuse(sentence)
    parser = command.parser("stripe")
    parser.add_argument("--secret-key", default="sk_test_sandbox", help="the key that the shop must send")
    parser.add_argument("--webhook-secret", default="whsec_sandbox", help="the secret that signs webhooks")
    options = parser.parse_args(arguments)
    try:
        provider = StripeProvider(options.data, secret_key=options.secret_key, webhook_secret=options.webhook_secret)
    except (OSError, sqlite3.Error) as error:
        return command.unwritable(options.data, error)
    return command.run(provider, options.port, options.webhook)


sys.exit(main(sys.argv[1:]))
