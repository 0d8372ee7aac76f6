"""Who takes a mail. The first that does ends the search; what nobody takes stays in the mailbox as it is.

Answers to our mails and requests for deletion come first and can't be overtaken. Other parts of the shop add theirs::

    @mailbox.register_handler("cases")
    def as_case(judged: Judged) -> Outcome | None:
        ...

A handler runs in the transaction that takes the mail, so it writes rows and calls nobody outside. It must not answer a
mail that `judged.may_be_answered` denies.
"""

from collections.abc import Callable
from dataclasses import dataclass

from privacy.mailbox.judging import Judged
from privacy.models import DeletionRequest, ReceivedMail

Verdict = ReceivedMail.Verdict


@dataclass(frozen=True)
class Outcome:
    """What became of a mail, and the request that it is about, if it is about one."""

    verdict: ReceivedMail.Verdict
    request: DeletionRequest | None = None


Handler = Callable[[Judged], Outcome | None]
_registered: dict[str, Handler] = {}


def register_handler(name: str) -> Callable[[Handler], Handler]:
    """Adds a handler, behind those that are there."""

    def remember(handler: Handler) -> Handler:
        _registered[name] = handler
        return handler

    return remember


def registered() -> tuple[Handler, ...]:
    """The handlers in their order."""
    return tuple(_registered.values())
