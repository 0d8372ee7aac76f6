"""Bytes of a stranger become text, by the charset that they name where there is such a one, else by what fits."""

import codecs
import re

#: Python's own ways to write code points; no mail has them, and some take long on purpose-made bytes.
_NO_CHARSETS = {"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"}
#: Signs that nobody sees: breaks of words, directions, marks of byte order. Who hides words with them hides nothing.
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
#: Controls, and halves of letters, which UTF-7 can hold and no database.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")


def decoded(content: bytes, charset: str) -> str:
    """The text of `content`. Never raises."""
    for name in (_known(charset), "utf-8"):
        if name:
            try:
                return content.decode(name)
            except (LookupError, UnicodeError, ValueError):
                continue
    # Cut or wrong here and there: what reads best. Nearly all mails that name no charset are of these two.
    fits = _known(charset) or ("utf-8" if _is_mostly_utf8(content) else "cp1252")
    return content.decode(fits, "replace")


def clean(text: str) -> str:
    """The text with one kind of line end, and without NULs and other signs that nobody sees."""
    return _CONTROLS.sub(" ", _UNSEEN.sub("", _LINE_ENDS.sub("\n", text)))


def _known(charset: str) -> str:
    try:
        found = codecs.lookup(charset.strip().strip("\"'")[:40]) if charset else None
        if found is None or found.name.replace("-", "_") in _NO_CHARSETS:
            return ""
        b"A".decode(found.name, "replace")  # Python's codecs unpack, too; those aren't for text, and raise here
    except (LookupError, UnicodeError, ValueError):
        return ""
    return "cp1252" if found.name in {"ascii", "iso8859-1"} else found.name


def _is_mostly_utf8(content: bytes) -> bool:
    """Whether the wrong places are few; the end isn't looked at, since a text may be cut within a letter."""
    return content[:-3].decode("utf-8", "replace").count("\ufffd") <= len(content) // 1000
