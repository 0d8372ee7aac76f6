"""Which address a request is about. Proof is asked from that address alone, whoever wrote.

A mail names addresses for many reasons: its sender's signature, a colleague, the authority that somebody will complain
to. Only the one that stands beside the data that are to be deleted is certain.
"""

import re
from dataclasses import dataclass

from privacy import mail_addresses
from privacy.mailbox import vocabulary
from privacy.mailbox.messages import Message
from privacy.mailbox.recognition import Verdict, recognize
from privacy.mailbox.wording import folded, sentences_of

SEVERAL = "names another address beside the sender's, so a person looks whose data is meant"
NONE = "names no address that could be asked"
#: The words that tie an address to the data before it, folded, in any of the languages; none begins another clause.
_TIE = re.compile(
    r"of|for|about|on|under|with|to|the|is|are|was|at|my|e-?mail|mail|address|account|user|login|stored|saved|kept|held"
    r"|registered|associated|linked|connected|belonging|related|you|have|hold|that"
    r"|von|zu|zum|zur|unter|fur|mit|der|die|das|dem|(?:e-?)?(?:mail-?)?adresse|konto|gespeichert\w*|verknupft\w*|gehor\w*"
    r"|de|du|d|pour|sous|a|au|avec|l|la|le|lie\w*|associe\w*|enregistre\w*|compte|courriel"
    r"|del|para|con|el|en|bajo|asociad\w*|vinculad\w*|direccion|correo|electronico|cuenta"
    r"|di|per|il|all|indirizzo|associat\w*|registrat\w*|collegat\w*"
    r"|van|voor|bij|met|het|op|adres|gekoppeld\w*|geregistreerd\w*"
    r"|dla|z|pod|do|na|adresem|adresu|powiazan\w*|ao|da|dos|endereco|associad\w*|registrad\w*"
)
_OTHER_SIGN = re.compile(r"[^\w\s(<\[\"':,=-]")
_WORD = re.compile(r"\w[\w-]*")


@dataclass(frozen=True)
class Whose:
    """The address, and in words why a person should look; without such words it is certain."""

    address: str
    doubt: str = ""


def of(message: Message, own_text: str) -> Whose:
    """The sender's address, or the one other whose data the mail asks to delete."""
    sender = "" if mail_addresses.is_ours(message.sender) else message.sender
    if not sender:
        answers = [address for _, address in message.addresses("reply-to") if not mail_addresses.is_ours(address)]
        sender = answers[0] if answers else ""
    named = mail_addresses.named_in(f"{message.subject}\n{own_text}")
    others = [address for address in named if address != sender and not mail_addresses.is_ours(address)]
    if not others:
        return Whose(sender, "" if sender else NONE)
    if len(others) == 1 and _is_beside_the_data(others[0], f"{message.subject}\n\n{own_text}"):
        return Whose(others[0])
    return Whose(sender or others[0], SEVERAL)


def _is_beside_the_data(address: str, text: str) -> bool:
    """Whether a sentence that clearly asks for deletion says that the data are those of this address."""
    typed = folded(address)
    asking = [sentence for sentence in sentences_of(folded(text)) if typed in sentence]
    return any(_ties(sentence, typed) for sentence in asking if recognize("", sentence).verdict == Verdict.CLEAR)


def _ties(sentence: str, typed: str) -> bool:
    place = sentence.index(typed)
    if sentence[:place].rstrip(" \t<([\"'").endswith("\n"):
        return False  # on a line of its own, as in a signature
    for words in vocabulary.everything():
        for data in words.patterns["data"].finditer(sentence):
            if data.start() < place < data.end() or (data.end() <= place and _is_tie(sentence[data.end() : place])):
                return True
    return False


def _is_tie(between: str) -> bool:
    """Whether only small words stand between."""
    return not _OTHER_SIGN.search(between) and all(_TIE.fullmatch(word) for word in _WORD.findall(between))
