"""Which address a request is about. Proof is asked from that address alone, whoever wrote."""

from dataclasses import dataclass

from privacy import mail_addresses
from privacy.mailbox.messages import Message

SEVERAL = "names several addresses, so a person looks whose data is meant"
NONE = "names no address that could be asked"


@dataclass(frozen=True)
class Whose:
    """The address, and in words why a person should look; without such words it is certain."""

    address: str
    doubt: str = ""


def of(message: Message, own_text: str) -> Whose:
    """The one other address that the mail names, else the sender's."""
    named = mail_addresses.named_in(f"{message.subject}\n{own_text}")
    others = [address for address in named if address != message.sender and not mail_addresses.is_ours(address)]
    if len(others) == 1:
        return Whose(others[0])
    sender = "" if mail_addresses.is_ours(message.sender) else message.sender
    if not sender:
        answers = [address for _, address in message.addresses("reply-to") if not mail_addresses.is_ours(address)]
        sender = answers[0] if answers else ""
    return Whose(sender, NONE if not sender else SEVERAL if others else "")
