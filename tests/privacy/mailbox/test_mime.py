"""The text of mails as they come: cut, mislabeled, nested, quoted, and made to hurt."""

import io
import time
from base64 import b64encode
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.mailbox import automatic, body_structure, charsets, mime_text, own_text, recognition
from privacy.mailbox.judging import Judged
from privacy.mailbox.messages import MOST_PARTS, MOST_TEXT_BYTES, Message, MessageRef, Part
from privacy.mailbox.mime_scan import scan


def message(raw: bytes) -> Message:
    headers, parts = scan(io.BytesIO(raw))
    return Message(MessageRef("x", "1", "1"), len(raw), datetime.now(UTC), headers, tuple(parts))


def text(raw: bytes) -> str:
    return "|".join(reading.text for reading in mime_text.readings(message(raw)))


@pytest.mark.parametrize(
    ("charset", "content", "shown"),
    [
        ("utf-8", "Löschen €".encode(), "Löschen €"),
        ("iso-8859-1", "Löschen".encode("latin-1"), "Löschen"),
        ("us-ascii", "Löschen".encode("cp1252"), "Löschen"),
        ("", "Löschen".encode(), "Löschen"),
        ("", "Löschen".encode("cp1252"), "Löschen"),
        ("no-such-charset", "Löschen".encode(), "Löschen"),
        ("utf-8", "Löschen".encode("cp1252"), "L\ufffdschen"),
        ("utf-16", "Löschen".encode("utf-16"), "Löschen"),
        ("zlib_codec", b"abc", "abc"),
        ("punycode", b"abc-", "abc-"),
        ("koi8-r", "Привет".encode("koi8-r"), "Привет"),
    ],
)
def test_charsets(charset: str, content: bytes, shown: str) -> None:
    assert charsets.decoded(content, charset) == shown


@pytest.mark.parametrize(
    ("encoding", "content", "shown"),
    [
        ("base64", b64encode("Löschen".encode()), "Löschen"),
        ("BASE64 ", b64encode(b"delete my data")[:-3] + b"\n", "delete my da"),
        ("base64", b"this isn't base64 at all, is it?", "this isn't base64 at all, is it?"),
        ("quoted-printable", b"L=C3=B6schen=\nx =zz", "Löschenx =zz"),
        ("8bit", "Löschen".encode(), "Löschen"),
        ("x-unknown", b"as it is", "as it is"),
    ],
)
def test_transfer_encodings(encoding: str, content: bytes, shown: str) -> None:
    assert mime_text.decoded(Part("text/plain", "", encoding, content)) == shown


def test_the_text_is_found_behind_and_inside_attachments() -> None:
    raw = (
        b"Content-Type: multipart/mixed; boundary=outer\n\npreamble\n"
        b"--outer\nContent-Type: application/zip\nContent-Transfer-Encoding: base64\n\n"
        + b"QUFB\n"
        * 100_000
        + b"--outer\n"
        b"Content-Type: multipart/alternative; boundary=inner\n\n--inner\nContent-Type: text/plain\n\nplain\n"
        b"--inner\nContent-Type: text/html\n\n<p>page</p>\n--inner--\nepilogue\n"
        b"--outer\nContent-Type: text/plain\nContent-Disposition: attachment; filename=x.txt\n\nattached\n"
        b"--outer\nContent-Type: message/rfc822\n\nSubject: inside\n\nforwarded\n--outer--\nafter\n"
    )
    assert text(raw) == "plain|page"


def test_so_much_and_no_more_is_kept() -> None:
    many = b"--b\nContent-Type: text/plain\n\nhi\n" * 5_000
    assert len(message(b"Content-Type: multipart/mixed; boundary=b\n\n" + many).parts) == MOST_PARTS
    long = message(b"Content-Type: text/plain\n\n" + b"x" * 3_000_000)
    assert sum(len(part.content) for part in long.parts) == MOST_TEXT_BYTES
    assert len(message(b"A: " + b"x" * 1_000_000 + b"\n\nhi").raw_headers) <= 65_536


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("wide cells", "<table><tr><td>" + "x" * 60_000 + "<tr><td>y" * 20_000),
        ("deep", "<div>" * 50_000 + "x"),
        ("deep lists", "<ul><li>" * 30_000 + "x"),
        ("large margins", "<p style='margin-top: 99999999em; padding-left: 9999999em'>x</p>" * 2_000),
        ("open tags", "<" * 250_000),
        ("entities", "&amp;" * 50_000),
    ],
)
def test_pages_that_are_made_to_hurt_are_read_in_bounded_time_and_space(name: str, page: str) -> None:
    started = time.process_time()
    assert len(mime_text.of_html(page)) < 1_000_000, name
    assert time.process_time() - started < 5, name


@pytest.mark.parametrize(
    "letter", ["a ", "not ", "my data ", "delete ", "<", ">\n", "a@", "=?utf-8?q?", "- \n", "wrote:\n", "on a "]
)
def test_rules_take_bounded_time_on_any_repetition(letter: str) -> None:
    started = time.process_time()
    words = letter * (200_000 // len(letter))
    own_text.of(words)
    recognition.recognize(words[:4_000], words)
    judged = Judged(message(f"From: {words[:900]}\nSubject: {words[:900]}\n\n{words}".encode()))
    assert judged.whose is not None
    assert automatic.origin(judged.message)
    assert time.process_time() - started < 10


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=3_000))
def test_whatever_comes_is_read_and_nothing_is_raised(raw: bytes) -> None:
    judged = Judged(message(raw))
    assert judged.recognition.verdict in set(recognition.Verdict)
    assert judged.doubts is not None


_STRUCTURE = st.recursive(
    st.sampled_from([b"NIL", b'"text"', b'"plain"', b"12", b'"multipart"', b'"a\\"b"']),
    lambda inner: st.lists(inner, max_size=9).map(lambda items: b"(" + b" ".join(items) + b")"),
    max_leaves=40,
)


@settings(max_examples=300, deadline=None)
@given(_STRUCTURE)
def test_whatever_a_server_says_of_parts_is_read_or_called_unreadable(structure: bytes) -> None:
    try:
        found = body_structure.wanted_parts([b"1 (UID 1 BODYSTRUCTURE " + structure + b")"])
    except body_structure.Unreadable:
        return
    assert len(found) <= MOST_PARTS


def test_a_structure_with_a_literal_and_a_nested_tree() -> None:
    plain = b'("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "BASE64" 10 1 NIL ("INLINE" NIL) NIL NIL)'
    attached = b'("text" "plain" NIL NIL NIL "7bit" 10 1 NIL ("attachment" ("filename" "x")) NIL NIL)'
    pairs = [
        (b'1 (BODYSTRUCTURE (("image" "png" ("name" {5}', b'a(b"c'),
        b') NIL NIL "base64" 9 NIL NIL NIL NIL)('
        + plain
        + attached
        + b' "mixed" ("boundary" "b") NIL NIL NIL) "mixed"))',
    ]
    (found,) = body_structure.wanted_parts(pairs)
    assert (found.number, found.kind, found.charset, found.encoding) == ("2.1", "text/plain", "utf-8", "base64")


OWN = {
    "Yes\n\nOn Fri, 3 May 2026 at 10:00, AzureOps <support@x.example>\nwrote:\n\n> old\n\nbelow": "Yes\n\nbelow",
    "Ja\n\nAm 03.05.2026 um 10:00 schrieb AzureOps:\n\nalter Text": "Ja",
    "Oui\n\nLe ven. 3 mai 2026 à 10:00, AzureOps a écrit :\n> vieux": "Oui",
    "Sí\n\nEl vie, 3 may 2026 a las 10:00, AzureOps escribió:\n> viejo": "Sí",
    "Ja\n\nOp vr 3 mei 2026 om 10:00 schreef AzureOps <a@b.example>:\n> oud": "Ja",
    "Yes\n\n-----Original Message-----\nold": "Yes",
    "Ja\n\nVon: AzureOps\nGesendet: heute\nAn: Kim\nBetreff: x\n\nalt": "Ja",
    "Yes\n-- \nKim\nI love deleting data": "Yes",
    "Yes\n\nSent from my iPhone": "Yes",
    "> old\nYes\n> old": "Yes",
    "Hi\nFrom: nothing\nYes": "Hi\nFrom: nothing\nYes",
    "": "",
}


@pytest.mark.parametrize(("whole", "own"), OWN.items())
def test_what_the_sender_wrote(whole: str, own: str) -> None:
    assert own_text.of(whole) == own


def test_quotes_of_mail_programs_are_no_words_of_the_sender() -> None:
    page = (
        "<div>Yes</div><div class='gmail_quote'>On Monday wrote: <blockquote>no</blockquote></div>"
        "<div class='moz-signature'>Kim</div><p id='divRplyFwdMsg'>From: x</p><p>old</p>"
    )
    assert mime_text.of_html(page, only_own=True).split() == ["Yes"]
    assert all(word in mime_text.of_html(page) for word, _ in pairwise(["no", "Kim", "old", ""]))
