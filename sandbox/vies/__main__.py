"""`python -m sandbox.vies`: see ../README.md."""

import sqlite3
import sys

from sandbox import command
from sandbox.vies.provider import ViesProvider


def main(arguments: list[str]) -> int:
    sentence = command.check_keys(arguments)
    if sentence:
        return command.refuse(sentence)
    options = command.parser("vies").parse_args(arguments)
    try:
        provider = ViesProvider(options.data)
    except (OSError, sqlite3.Error) as error:
        return command.unwritable(options.data, error)
    return command.run(provider, options.port, options.webhook)


sys.exit(main(sys.argv[1:]))
