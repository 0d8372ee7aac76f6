"""Files of cases, handed out: to be saved, never to be shown or run in the shop's own name."""

import io

from django.db.models import Prefetch
from django.http import FileResponse

from accounts.models import CaseAttachment, CaseParty

#: For lists of messages: the names of their files, without what is in them.
WITHOUT_CONTENT = Prefetch("attachments", queryset=CaseAttachment.objects.defer("content"))


def of(party: CaseParty, file_id: int) -> CaseAttachment | None:
    """A file of this case's messages; notes of the staff have none."""
    return CaseAttachment.objects.filter(pk=file_id, message__party=party).first()


def response(file: CaseAttachment) -> FileResponse:
    """The file as a download that no browser guesses another kind of."""
    made = FileResponse(
        io.BytesIO(bytes(file.content)), as_attachment=True, filename=file.name, content_type=file.media_type
    )
    made["X-Content-Type-Options"] = "nosniff"
    made["Content-Security-Policy"] = "default-src 'none'; sandbox"
    made["X-Robots-Tag"] = "noindex"
    made["Cache-Control"] = "private, no-store"
    return made
