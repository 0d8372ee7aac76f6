"""Mails as tests write them, and a Maildir to put them into."""

from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import make_msgid
from itertools import count
from pathlib import Path

from privacy.mailbox import Look

SUPPORT = "support@example.com"
KIM = "kim@customer.example"
ASKS = "Please delete all my personal data."
_NUMBERS = count(1)


def letter(
    text: str = ASKS,
    *,
    sender: str = KIM,
    to: str = SUPPORT,
    subject: str = "My data",
    html: str = "",
    headers: Mapping[str, str] | None = None,
) -> EmailMessage:
    """A mail of a person."""
    mail = EmailMessage()
    mail["Return-Path"], mail["Delivered-To"] = f"<{sender}>", to
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = make_msgid(domain="customer.example")
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    for name, value in (headers or {}).items():
        del mail[name]
        mail[name] = value
    return mail


class Box:
    """A Maildir."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, mail: EmailMessage | bytes, *, name: str = "", folder: str = "", flags: str = "") -> str:
        """Delivers a mail; returns its number."""
        uid = name or f"1700000000.M{next(_NUMBERS):06}.test"
        inside = self.folder / folder
        for part in ("cur", "new", "tmp"):
            (inside / part).mkdir(parents=True, exist_ok=True)
        content = mail if isinstance(mail, bytes) else mail.as_bytes()
        file = inside / "cur" / f"{uid}:2,{flags}" if flags else inside / "new" / uid
        file.write_bytes(content)
        return uid

    def files(self) -> set[str]:
        """Every mail in it, by folder and name."""
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file()}


def look_for(*words: str) -> Look[str]:
    """A look that finds these words; "?" where something can't be read."""
    return Look(
        in_text=lambda text: [word for word in words if word in text],
        in_file=lambda content: [word for word in words if word.encode() in content],
        unreadable="?",
    )
