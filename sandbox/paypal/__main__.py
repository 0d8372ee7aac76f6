"""`python -m sandbox.paypal`: see ../README.md."""

import sqlite3
import sys

from sandbox import command
from sandbox.paypal.provider import PayPalProvider


def main(arguments: list[str]) -> int:
    sentence = command.check_keys(arguments)
    if sentence:
        return command.refuse(sentence)
    parser = command.parser("paypal")
    parser.add_argument("--client-id", default="sandbox-client", help="the client id that the shop must send")
    parser.add_argument("--client-secret", default="sandbox-secret", help="the client secret that the shop must send")
    parser.add_argument("--webhook-id", default="WHSANDBOX", help="the webhook id that is part of every signature")
    options = parser.parse_args(arguments)
    try:
        provider = PayPalProvider(
            options.data,
            client_id=options.client_id,
            client_secret=options.client_secret,
            webhook_id=options.webhook_id,
        )
    except (OSError, sqlite3.Error) as error:
        return command.unwritable(options.data, error)
    return command.run(provider, options.port, options.webhook)


sys.exit(main(sys.argv[1:]))
