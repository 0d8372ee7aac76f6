"""Files of a request: taken by what their bytes are, pictures drawn anew, everything else refused with a sentence."""

import io
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.cases import attachments
from accounts.images import NotTaken
from tests.accounts import pictures


def packed(objects: bytes, *, kind: bytes = b"/ObjStm", packing: bytes = b"/Filter /FlateDecode") -> bytes:
    """A PDF that keeps objects in a stream, as most programs write it today."""
    head = b"%PDF-1.7\n2 0 obj\n<< /Type " + kind + b" /N 1 /First 4 " + packing + b" >>\nstream\r\n"
    return head + zlib.compress(objects) + b"\nendstream\nendobj\n%%EOF\n"


PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def check(content: bytes, name: str = "file.bin") -> attachments.File:
    return attachments.check([SimpleUploadedFile(name, content, "text/html")])[0]


def test_a_picture_loses_where_it_was_taken() -> None:
    file = check(pictures.photograph(), "holiday.png")
    assert (file.media_type, file.name) == ("image/jpeg", "holiday.jpg")
    assert pictures.PLACE.encode() not in file.content
    assert not Image.open(io.BytesIO(file.content)).getexif()


@pytest.mark.parametrize(
    ("content", "name", "kind", "called"),
    [
        (PDF, "bill.pdf", "application/pdf", "bill.pdf"),
        (PDF, "bill.exe", "application/pdf", "bill.pdf"),
        (packed(b"1 0 << /Type /Catalog >>"), "bill.pdf", "application/pdf", "bill.pdf"),
        (packed(b"/JS", kind=b"/XObject"), "scan.pdf", "application/pdf", "scan.pdf"),
        ("Grüße\n".encode(), "note.txt", "text/plain", "note.txt"),
        (b"print('x')\n", "virus.py", "text/plain", "virus.py.txt"),
        (b"plain", "../../etc/pass\u202ewd.txt", "text/plain", "passwd.txt"),
        (b"plain", "a\r\nSet-Cookie: x.txt", "text/plain", "aSet-Cookie_ x.txt"),
        (b"plain", "...", "text/plain", "file.txt"),
    ],
)
def test_what_it_is_decides_and_its_name_is_made_safe(content: bytes, name: str, kind: str, called: str) -> None:
    file = check(content, name)
    assert (file.media_type, file.name, file.content) == (kind, called, content)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "We don’t take SVG"),
        (b"<html><script>1</script>", "pictures .*, PDF and plain text"),
        (b"MZ\x90\0program", "pictures .*, PDF and plain text"),
        (b"PK\x03\x04archive", "pictures .*, PDF and plain text"),
        (PDF[:-8], "damaged"),
        (PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript >>"), "can run something"),
        (PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /J#61vaScript >>"), "can run something"),
        (PDF.replace(b"/Catalog", b"/Catalog /S /Launch"), "can run something"),
        (PDF.replace(b"/Catalog", b"/Catalog /EmbeddedFiles 2 0 R"), "carries other files"),
        (PDF.replace(b"/Root", b"/Encrypt 3 0 R /Root"), "locked"),
        (packed(b"1 0 << /S /JavaScript >>"), "can run something"),
        (packed(b"1 0 << /S /J#53 >>", kind=b"/Obj#53tm"), "can run something"),
        (packed(b"1 0 << /A 1 >>", packing=b"/Filter [/ASCIIHexDecode /FlateDecode]"), "can’t look into"),
        (packed(b"1 0 << /A 1 >>", packing=b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>"), "can’t look"),
        (packed(b"1 0 << /A 1 >>").replace(b"x\x9c", b"xx"), "can’t look into"),
        (packed(bytes(17 * 1024**2)), "can’t look into"),
        (b"text " * 60_000, "256 KB"),
        (b"x" * (attachments.MOST_BYTES + 1), "2.0 MB"),
        (pictures.png() + b"<script>alert(1)</script>", "more than a picture"),
    ],
)
def test_everything_else_is_refused_with_a_sentence_that_names_the_file(content: bytes, why: str) -> None:
    with pytest.raises(NotTaken, match=rf"^bad\.bin: .*{why}"):
        check(content, "bad.bin")


def test_a_message_has_three_files_at_most() -> None:
    with pytest.raises(NotTaken, match="3 files at most"):
        attachments.check([SimpleUploadedFile("a.txt", b"a")] * 4)
