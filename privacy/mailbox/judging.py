"""What a mail is, before anything is done about it: who wrote it, what it says, and whether it asks for deletion."""

from dataclasses import dataclass, field
from functools import cached_property

from privacy.mailbox import authentication, automatic, mime_text, own_text, whose_data
from privacy.mailbox.automatic import Origin
from privacy.mailbox.messages import Message
from privacy.mailbox.mime_text import Reading
from privacy.mailbox.recognition import Recognition, Verdict, recognize
from privacy.mailbox.whose_data import Whose

_ORDER = (Verdict.NO, Verdict.DOUBTFUL, Verdict.CLEAR)
_PASSED_ON = "passes on a mail that asks for it"
_ONLY_SUBJECT = "stands in the subject of an answer"


@dataclass(frozen=True)
class Judged:
    """A mail with what was found out about it. Nothing here believes what the mail says of its sender.

    `picked` is what handlers chose of its files, by the name of the handler.
    """

    message: Message
    picked: dict[str, object] = field(default_factory=dict, compare=False)

    @cached_property
    def origin(self) -> Origin:
        return automatic.origin(self.message)

    @cached_property
    def readings(self) -> list[Reading]:
        return mime_text.readings(self.message)

    @cached_property
    def _found(self) -> tuple[Reading, Recognition]:
        """The reading that asks most clearly, with what it asks."""
        found = [(reading, self._recognized(reading)) for reading in self.readings]
        return max(found, key=lambda pair: _ORDER.index(pair[1].verdict))

    @property
    def reading(self) -> Reading:
        return self._found[0]

    @property
    def recognition(self) -> Recognition:
        return self._found[1]

    @cached_property
    def whose(self) -> Whose:
        return whose_data.of(self.message, self.reading.own)

    @cached_property
    def hints(self) -> dict[str, str]:
        return authentication.hints(self.message)

    @property
    def may_be_a_request(self) -> bool:
        """Whether it is taken as one. What a machine wrote must ask clearly, and what our own shop wrote can't ask,
        unless a person had it send the letter; a report of a delivery quotes others and asks for nothing."""
        if automatic.is_report(self.message):
            return False
        if self.origin == Origin.OURSELVES and automatic.says_automatic(self.message):
            return False
        if self.origin in {Origin.PERSON, Origin.OURSELVES}:
            return self.recognition.verdict != Verdict.NO
        return self.recognition.verdict == Verdict.CLEAR

    @property
    def doubts(self) -> list[str]:
        """Why a person has to look first, in words; none where the request is clear."""
        found = [self.whose.doubt] if self.whose.doubt else []
        if self.origin not in {Origin.PERSON, Origin.OURSELVES}:
            found.append(f"comes from no person, as its headers say ({self.origin})")
        return found

    @property
    def is_doubtful(self) -> bool:
        return self.recognition.verdict == Verdict.DOUBTFUL or bool(self.doubts)

    @property
    def may_be_answered(self) -> bool:
        """Whether a program may answer it (RFC 3834), and it isn't known to be forged."""
        return self.origin == Origin.PERSON and bool(self.message.sender) and self.hints.get("dmarc") != "fail"

    def _recognized(self, reading: Reading) -> Recognition:
        subject = self.message.subject
        if own_text.is_forward(subject):
            # The mail that is passed on asks, not its sender: a person finds out who wants what.
            own = recognize("", reading.own)
            whole = recognize(subject, reading.text)
            if own.verdict == Verdict.NO and whole.verdict != Verdict.NO:
                return _doubtful(whole, _PASSED_ON)
            return own
        if own_text.is_answer(subject):
            # Its subject is that of another mail, perhaps of ours; it counts only where nothing else was written.
            own = recognize("", reading.own)
            if own.verdict == Verdict.NO and not reading.own.strip():
                alone = recognize(subject, "")
                return alone if alone.verdict == Verdict.NO else _doubtful(alone, _ONLY_SUBJECT)
            return own
        return recognize(subject, reading.own)


def _doubtful(found: Recognition, why: str) -> Recognition:
    return Recognition(Verdict.DOUBTFUL, (why, *found.reasons), found.language, found.law)
