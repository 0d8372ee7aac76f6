"""Django's way to a mail server, and two things that it can't: an empty return path, and addresses that aren't ASCII.

An answer made by a program has an empty return path, so that nothing answers it (RFC 3834, section 3.1; RFC 5321,
section 4.5.5). Where an address has letters outside ASCII before the @, the server has to know SMTPUTF8 (RFC 6531).
"""

import smtplib
from email.utils import parseaddr
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp


class EmailBackend(smtp.EmailBackend):
    """The mail server of the settings."""

    def _send(self, email_message: EmailMessage) -> bool:
        sender, recipients = on_the_wire(email_message.from_email), email_message.recipients()
        addresses = [on_the_wire(recipient) for recipient in recipients]
        if not addresses or self.connection is None:
            return False
        options = () if (sender + "".join(addresses)).isascii() else ("SMTPUTF8", "BODY=8BITMIME")
        try:
            content: Any = email_message.message()
            self.connection.sendmail(sender, addresses, content.as_bytes(linesep="\r\n"), mail_options=options)
        except smtplib.SMTPException:
            if not self.fail_silently:
                raise
            return False
        return True


def on_the_wire(address: str) -> str:
    """An address as the server is told it: without a name, the host in ASCII; empty for the empty return path.

    Raises ValueError where it is no address or would be more than one line.
    """
    if not address:
        return ""
    if any(sign in address for sign in "\r\n\0"):
        raise ValueError("An address is one line.")
    _, plain = parseaddr(address)
    local, _, host = plain.rpartition("@")
    if not local or not host:
        raise ValueError("This is no mail address.")
    return f"{local}@{host if host.isascii() else host.encode('idna').decode()}"
