"""Files of a mail that answers a case: taken by the rules of the page. What isn't taken is named, and stays in the
support mailbox; the mail counts all the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from accounts.cases import attachments
from accounts.cases.attachments import MOST_BYTES, MOST_FILES, File
from accounts.images import NotTaken
from privacy.mailbox.files import MailedFile, MailedFiles

#: A picture within the text that is smaller is the logo of a signature, or a smile.
_DECORATION = 20_000
_TOO_MANY = f"We take {MOST_FILES} files of a mail. Send it with the next one."
_CASE_IS_FULL = f"A request may have {attachments.MOST_OF_CASE} files. Please describe it in words."
_NOT_TO_BE_HAD = "It could not be read."
#: Mails hold these for other mail programs: what people mean is in them, unseen.
_OF_MAIL_PROGRAMS = {
    "application/ms-tnef": "This is how Outlook wraps files for itself. Send it as HTML or plain text.",
    "message/rfc822": "We take no mail within a mail. Copy what matters of it into yours.",
}
_NAMED = 10


@dataclass
class Picked:
    """The files that are kept, and of the others a sentence each that names them."""

    kept: list[File] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    more: int = 0

    @property
    def count_left(self) -> int:
        """How many files stay in the mailbox."""
        return len(self.left) + self.more

    @property
    def words(self) -> str:
        """What the customer and the staff read about the files that stay in the mailbox; empty where none does."""
        if not self.count_left:
            return ""
        rest = self.count_left - len(self.left[:_NAMED])
        lines = [*self.left[:_NAMED], f"and {rest} more." if rest else ""]
        return "\n".join(["(Not taken:", *(line for line in lines if line)]) + ")"


@dataclass
class _Mailed:
    """A file of a mail in the form of an upload."""

    name: str | None
    size: int | None
    given: Callable[[int], bytes | None]

    def read(self, num_bytes: int | None = None) -> bytes:
        content = self.given(num_bytes or MOST_BYTES + 1)
        if content is None:
            raise NotTaken(_NOT_TO_BE_HAD)
        return content


def pick(files: MailedFiles, *, room: int) -> Picked:
    """The first files that may be kept, `room` at most, what was attached before what is drawn within the text.

    One is in memory beside those that are kept, each `MOST_BYTES` at most.
    """
    picked = Picked(more=files.more)
    for file in _in_order(files):
        why_not = _why_not(file, len(picked.kept), room)
        if why_not:
            picked.left.append(f"{attachments.safe_name(_name(file))}: {why_not}")
            continue
        try:
            picked.kept += attachments.check([_Mailed(_name(file), file.size, file.read)])
        except NotTaken as sentence:
            picked.left.append(str(sentence))
    return picked


def _why_not(file: MailedFile, kept: int, room: int) -> str:
    """Why a file isn't even read; empty where it is."""
    if kept >= room:
        return _CASE_IS_FULL
    return _TOO_MANY if kept >= MOST_FILES else _OF_MAIL_PROGRAMS.get(file.kind, "")


def _in_order(files: MailedFiles) -> Iterator[MailedFile]:
    yield from (file for file in files.named if not file.is_inline)
    yield from (file for file in files.named if file.is_inline and not _is_decoration(file))


def _is_decoration(file: MailedFile) -> bool:
    return file.kind.startswith("image/") and file.size < _DECORATION


def _name(file: MailedFile) -> str:
    return file.name or ("mail.eml" if file.kind == "message/rfc822" else "file")
