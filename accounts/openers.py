"""What stands in a session, for the residue scan: the session itself is signed, and perhaps compressed."""

import json

from django.contrib.sessions.models import Session

from privacy.residue import openers


@openers.of(Session, "session_data")
def content_of(session: Session) -> str:
    """The session as it is stored, and as the shop reads it."""
    return f"{session.session_data}\n{json.dumps(session.get_decoded(), default=str)}"
