"""How long a form with files may be: judged by what the browser announces, before a byte of it is read."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MOST_BYTES = 15_000_000
"""The longest form that the shop has, with room to spare: a file of keys of 10 MB at the desk."""


class LimitedUpload(FileUploadHandler):
    """Stands before the handlers that keep files: a longer form is answered with 400 and fills no disk."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  (Django's name)
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Raises RequestDataTooBig."""
        if content_length > MOST_BYTES:
            raise RequestDataTooBig("A form may have 15 MB.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hands the chunk on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leaves the file to the handlers behind."""
