"""The text of a mail, out of parts that may be broken, mislabeled or hostile. Never raises.

A mail may say one thing as plain text and another as HTML, so each is a reading of its own. Of a reading there is all
of it, and what the sender wrote: without what is quoted, and without the signature.
"""

import binascii
import quopri
import re
from dataclasses import dataclass

import structlog
from inscriptis.html_engine import Inscriptis
from lxml import html as lxml_html
from lxml.etree import LxmlError
from lxml.html import HtmlElement

from privacy.mailbox import charsets, own_text
from privacy.mailbox.messages import MOST_TEXT_BYTES, Message, Part

log = structlog.get_logger(__name__)
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_TAGS = re.compile(r"<[^<>]{0,2000}>")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0", re.IGNORECASE)
_UNREAD = ("script", "style", "head", "title", "template", "noscript", "svg", "math", "select", "textarea")
#: Drawn as a grid these could be made as wide as a sender likes; the words are all that is wanted.
_PLAIN = dict.fromkeys(("table", "tbody", "thead", "tr", "td", "th", "ul", "ol", "li", "dl", "dt", "dd", "pre"), "div")
_QUOTES = (
    "//blockquote|//*[contains(@class, 'gmail_quote')]|//*[contains(@class, 'yahoo_quoted')]"
    "|//*[contains(@class, 'moz-cite-prefix')]|//*[contains(@class, 'gmail_signature')]"
    "|//*[contains(@class, 'moz-signature')]|//*[contains(@class, 'protonmail_quote')]"
)
#: From here on Outlook quotes the mail that is answered.
_OUTLOOK = "//*[@id='divRplyFwdMsg' or @id='appendonsend' or @id='x_divRplyFwdMsg']"


@dataclass(frozen=True)
class Reading:
    """All that a mail says in one of its forms, and what of it the sender wrote."""

    text: str
    own: str


def readings(message: Message) -> list[Reading]:
    """The mail as plain text and as HTML, as far as it has them and they differ; never none."""
    plain = "\n\n".join(decoded(part) for part in message.readable("text/plain")).strip()
    found = [Reading(plain, own_text.of(plain))] if plain else []
    pages = [page for part in message.readable("text/html") if (page := decoded(part)).strip()]
    if pages:
        whole = "\n\n".join(of_html(page) for page in pages).strip()
        if whole:
            own = own_text.of("\n\n".join(of_html(page, only_own=True) for page in pages).strip())
        else:  # nested deeper than a parser goes
            whole = charsets.clean(" ".join(_TAGS.sub(" ", page) for page in pages)).strip()
            own = own_text.of(whole)
        if whole and " ".join(own.split()) not in {" ".join(reading.own.split()) for reading in found}:
            found.append(Reading(whole, own))
    return found or [Reading("", "")]


def of_part(part: Part) -> bytes:
    """The bytes of a part without its transfer encoding; what isn't encoded as it says stays as it is."""
    encoding = part.encoding.strip().lower()
    if encoding == "base64":
        return _from_base64(part.content)
    if encoding == "quoted-printable":
        return quopri.decodestring(part.content)
    return part.content


def of_html(page: str, *, only_own: bool = False) -> str:
    """The words of an HTML page, without what is hidden; with `only_own` also without what it quotes."""
    try:
        tree = lxml_html.document_fromstring(page.strip().encode("utf-8", "replace"), parser=_parser())
        _reduce(tree, only_own=only_own)
        return charsets.clean(Inscriptis(tree).get_text())
    except (LxmlError, ValueError, RecursionError, TypeError, KeyError, IndexError, AttributeError) as error:
        log.info("html of a mail not read", error=type(error).__name__)
        return charsets.clean(_TAGS.sub(" ", page))


def decoded(part: Part) -> str:
    """The text of a part, whatever its charset and encoding are said to be."""
    return charsets.clean(charsets.decoded(of_part(part)[:MOST_TEXT_BYTES], part.charset))


def _from_base64(content: bytes) -> bytes:
    letters = _NO_BASE64.sub(b"", content)
    signs = sum(content.count(sign) for sign in (b"=", b"\r", b"\n"))
    if len(content) - len(letters) > signs + len(content) // 10:  # it says base64, and is something else
        return content
    whole = letters[: len(letters) - len(letters) % 4]
    rest = letters[len(whole) :]
    if len(rest) > 1:  # a last piece without its padding
        whole += rest + b"=" * (4 - len(rest))
    try:
        return binascii.a2b_base64(whole)
    except binascii.Error:
        return content


def _parser() -> lxml_html.HTMLParser:
    return lxml_html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)


def _reduce(tree: HtmlElement, *, only_own: bool) -> None:
    doomed = [element for element in tree.iter(*_UNREAD) if element.tag != "head" or element.getparent() is not None]
    doomed += [element for element in tree.iter() if _HIDDEN.search(element.get("style") or "")]
    if only_own:
        doomed += tree.xpath(_QUOTES)
        for mark in tree.xpath(_OUTLOOK):
            doomed += [mark, *mark.itersiblings()]
    for element in doomed:
        if element.getparent() is not None:
            element.drop_tree()
    for element in tree.iter():
        element.attrib.clear()  # widths, margins and other sizes that a sender chooses
        if isinstance(element.tag, str):
            element.tag = _PLAIN.get(element.tag, element.tag)
