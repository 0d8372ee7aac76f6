"""Whether the answer to the mail that asks for proof agrees. Only what the sender wrote counts, never what is quoted.

A yes needs a word of yes and no word that could turn it around, in whatever language; anything else goes to a person.
"""

import re
from enum import StrEnum

from privacy.mailbox import vocabulary
from privacy.mailbox.recognition import Verdict, folded, recognize

MOST_WORDS = 60
#: Words of no in any of the languages that mean nothing else in another of them.
_NO_ANYWHERE = re.compile(
    r"\b(?:not|dont|nein|nicht|kein\w*|non|jamais|pas|nunca|nao|niet|nooit|nee|nie|stop)\b|\w+n't\b"
)


class Answer(StrEnum):
    AGREES = "agrees"
    WITHDRAWS = "withdraws"
    UNCLEAR = "unclear"


def of(own_text: str) -> Answer:
    """What an answer says. `own_text` is what its sender wrote, without quotes and signature."""
    text = " ".join(folded(own_text).split())
    agrees = _agrees(text)
    withdraws = any(words.patterns["withdraws"].search(text) for words in vocabulary.everything())
    if withdraws:
        return Answer.UNCLEAR if agrees else Answer.WITHDRAWS
    return Answer.AGREES if agrees else Answer.UNCLEAR


def _agrees(text: str) -> bool:
    if not text or "?" in text or len(text.split()) > MOST_WORDS or _NO_ANYWHERE.search(text):
        return False
    fitting = [words for words in vocabulary.everything() if words.patterns["agrees"].search(text)]
    if fitting:
        return not any(words.patterns["refuses"].search(text) for words in fitting)
    asked = recognize("", text)  # who asks once more for deletion agrees, too
    return asked.verdict == Verdict.CLEAR
