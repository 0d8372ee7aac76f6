"""Log lines as JSON fields, one a line, from which personal values and secrets are kept away.

Only named fields are written (`FIELDS`), so a value that somebody passes under a new name doesn't reach the log; the
secret part of links is cut out of every path that a library mentions; and of an exception its type and frames are
written, never its words: a library may have put a name or an address into them.
"""

import logging
import logging.config
import re
import sys
import traceback
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

import structlog

#: What a line may say, and what that is. Ids of rows, counts, names of states; never a name, an address, a token or a
#: body. `config/places.py` declares these as they stand here.
FIELDS = {
    "event": "what happened, in fixed words",
    "level": "how much it matters",
    "logger": "which module says so",
    "timestamp": "when",
    "exception": "type and frames of an error, without its words",
    "stack_info": "frames",
    "order": "number or id of an order",
    "attempt": "id of a payment attempt",
    "refund": "id of a refund",
    "dispute": "id of a dispute",
    "unit": "id of a unit of an order",
    "license": "id of a license",
    "key": "id of a license key",
    "mail": "id of a mail in the outbox",
    "export": "id of an export",
    "kind": "kind of a mail, an alert or a place",
    "provider": "payment provider",
    "event_kind": "kind of a provider's message",
    "event_id": "id of a provider's message",
    "state": "state of a row",
    "previous": "state of a row before",
    "reason": "why something was refused, in fixed words",
    "status": "status of an answer",
    "day": "a day of the books",
    "is_equal": "whether two sums are equal",
    "count": "how many",
    "seconds": "how long",
    "method": "method of a request",
    "task": "name of a task",
    "task_id": "id of a run of a task",
    "alert": "id of an alert",
    "rule": "name of a rule of retention",
    "error": "name or code of an error",
}
_OF_THE_FORMATTER = frozenset({"_record", "_from_structlog"})  # structlog's own, removed before a line is written
# The addresses whose next part opens something to whoever knows it. A test walks all addresses and fails on a new one.
_SECRET_PATHS = re.compile(
    r"/(order|no-invitations|requests(?!/order/)|privacy/deletion|payments/(?:return|cancel)/\w+|payments/pay|account/keys|account/logo/join|account/data/exports|account/password/reset/key)/\s*[^/\s?'\"]+",
    re.IGNORECASE,
)
_QUERIES = re.compile(r"(?<=\S)\?[^\s'\"]+")
_ADDRESSES = re.compile(r"[^\s@<>'\"(]+(?:@|%40)[^\s@<>'\")]+")
# What PostgreSQL adds to a sentence are the values of the row, over as many lines as they have.
_ROWS = re.compile(r"(?:DETAIL:|CONTEXT:|STATEMENT:|Failing row contains|Key \().*", re.DOTALL)
_SHORTEST_WORDS = 3  # shorter ones name nobody, and cutting them would leave no sentence


def scrub(text: str) -> str:
    """`text` without e-mail addresses, query strings, the secret part of links, and rows of the database."""
    text = _QUERIES.sub("?…", _SECRET_PATHS.sub(r"/\1/…", text))
    return _ROWS.sub("(row)", _ADDRESSES.sub("(address)", text))


def write_exception(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Writes an exception as types and frames, and its type wherever the line repeats its words (as Celery does)."""
    error = _error_of(event.pop("exc_info", None))
    if error is None:
        return event
    for link in _chain(error):
        for words in (repr(link), str(link)):
            if len(words) >= _SHORTEST_WORDS:
                event["event"] = str(event["event"]).replace(words, type(link).__name__)
    event["exception"] = "".join(_without_words(link) for link in _chain(error)).rstrip()
    return event


def _error_of(exc_info: Any) -> BaseException | None:
    """The exception of what `exc_info` may be: the exception, a triple that holds it, or True for the one at hand."""
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1]
    return sys.exc_info()[1] if exc_info else None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The exception and those it came from, the newest first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _without_words(error: BaseException) -> str:
    """Type and frames, and of an error of the database the constraint, without which it says little."""
    constraint = getattr(getattr(error, "diag", None), "constraint_name", None)
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    return "".join([name, f" ({constraint})" if constraint else "", "\n", *traceback.format_tb(error.__traceback__)])


def keep_named_fields(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Drops every field that isn't in `FIELDS` and scrubs what is no number."""
    kept = {name: _plain(value) for name, value in event.items() if name in FIELDS}
    return kept | {name: value for name, value in event.items() if name in _OF_THE_FORMATTER}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, int | float):
        return value
    return type(value).__name__ if isinstance(value, BaseException) else scrub(str(value))


def configure(*, debug: bool) -> None:
    """Sets up structlog and the standard library's logging to write the same lines."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        write_exception,
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
