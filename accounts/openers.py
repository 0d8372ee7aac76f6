"""What the residue scan can't read by itself: sessions are signed, and perhaps compressed; files are bytes."""

import json

from django.contrib.sessions.models import Session

from accounts.models import CaseAttachment
from privacy.residue import openers


@openers.of(Session, "session_data")
def content_of(session: Session) -> str:
    """The session as it is stored, and as the shop reads it."""
    return f"{session.session_data}\n{json.dumps(session.get_decoded(), default=str)}"


@openers.of(CaseAttachment, "content")
def file_of(attachment: CaseAttachment) -> bytes:
    """A file of a case, as its customer sent it: text, and what a PDF has in its streams."""
    return bytes(attachment.content)
