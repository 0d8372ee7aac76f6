"""What stands in the file of an export, for the residue scan: the file itself is encrypted."""

import io
from zipfile import ZipFile

from cryptography.exceptions import InvalidTag

from privacy.exports import sealing
from privacy.models import Export
from privacy.residue import openers


@openers.of(Export, "file")
def content_of(export: Export) -> bytes | None:
    """The data of the export; None where no file was made, or no secret opens it any more."""
    if export.file is None:
        return None
    try:
        packed = sealing.opened(bytes(export.file), about=export.link_nonce)
    except InvalidTag:
        return None
    with ZipFile(io.BytesIO(packed)) as archive:
        return archive.read("data.json")
