"""Who takes a mail. The first that does ends the search; what nobody takes stays in the mailbox as it is.

Answers to our mails and requests for deletion come first and can't be overtaken. Other parts of the shop add theirs::

    @mailbox.register_handler("cases")
    def as_case(judged: Judged) -> Outcome | None:
        ...

A handler runs in the transaction that takes the mail, so it writes rows and calls nobody outside. It must not answer a
mail that `judged.may_be_answered` denies. Who wants a mail's files picks them before that, one after the other, and
finds them in `judged.picked` under its name.
"""

from collections.abc import Callable
from dataclasses import dataclass

from privacy.mailbox.files import MailedFiles
from privacy.mailbox.judging import Judged
from privacy.models import DeletionRequest, ReceivedMail

Verdict = ReceivedMail.Verdict


@dataclass(frozen=True)
class Outcome:
    """What became of a mail, and the request that it is about, if it is about one."""

    verdict: ReceivedMail.Verdict
    request: DeletionRequest | None = None


Handler = Callable[[Judged], Outcome | None]
#: Says what a handler keeps of a mail's files. The files are looked for when they are asked for, and not before.
Pick = Callable[[Judged, Callable[[], MailedFiles]], object]
_registered: dict[str, Handler] = {}
_picks: dict[str, Pick] = {}


def register_handler(name: str, *, pick: Pick | None = None) -> Callable[[Handler], Handler]:
    """Adds a handler, behind those that are there. `pick` chooses of the files, and must survive whatever they are."""

    def remember(handler: Handler) -> Handler:
        _registered[name] = handler
        if pick is not None:
            _picks[name] = pick
        return handler

    return remember


def pick_files(judged: Judged, files: Callable[[], MailedFiles]) -> None:
    """Lets the handlers pick, outside of any transaction."""
    for name, pick in _picks.items():
        judged.picked[name] = pick(judged, files)


def registered() -> tuple[Handler, ...]:
    """The handlers in their order."""
    return tuple(_registered.values())
