"""Log lines as JSON fields, one a line, from which personal values and secrets are kept away.

Only named fields are written (`FIELDS`), so a value that somebody passes under a new name doesn't reach the log; and
the secret part of an order's link is cut out of every path that a library mentions.
"""

import logging
import logging.config
import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

#: What a line may say. Ids of rows, counts, names of states; never a name, an address, a token or a body.
FIELDS = frozenset(
    "event level logger timestamp exception stack_info order attempt refund dispute unit license key mail kind "
    "provider event_kind event_id state previous reason status count seconds method task task_id alert error".split()
)
_SECRET_PATHS = re.compile(
    r"/(order|payments/(?:return/\w+|cancel/\w+|pay)|accounts/password/reset/key|accounts?/confirm-email)"
    r"/[^/\s?'\"]{8,}"
)
_QUERIES = re.compile(r"(/[\w/.-]*)\?[^\s'\"]+")
_ADDRESSES = re.compile(r"[^\s@<>'\"(]+@[^\s@<>'\")]+")


def scrub(text: str) -> str:
    """`text` without e-mail addresses, query strings and the secret part of links."""
    return _ADDRESSES.sub("(address)", _QUERIES.sub(r"\1?…", _SECRET_PATHS.sub(r"/\1/…", text)))


def keep_named_fields(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Drops every field that isn't in `FIELDS` and scrubs what is text."""
    return {
        name: scrub(value) if isinstance(value, str) else value
        for name, value in event.items()
        if name in FIELDS or name.startswith("_")
    }


def configure(*, debug: bool) -> None:
    """Sets up structlog and the standard library's logging to write the same lines."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        keep_named_fields,
    ]
    renderer = structlog.dev.ConsoleRenderer(colors=False) if debug else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "lines": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"handlers": ["stderr"], "level": "INFO"},
            "loggers": {
                "django.server": {"level": "WARNING"},
                "httpx": {"level": "WARNING"},
                "stripe": {"level": "WARNING"},
            },
        }
    )
