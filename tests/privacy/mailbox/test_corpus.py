"""Mails as people write them (`mails.txt`), and as mail programs wrap them: which are requests, and which aren't."""

from base64 import b64encode
from pathlib import Path
from quopri import encodestring

import pytest

from privacy.mailbox.judging import Judged
from privacy.mailbox.recognition import Verdict, recognize
from tests.privacy.mailbox.test_mime import message

_LINES = (Path(__file__).parent / "mails.txt").read_text().splitlines()
MAILS = [tuple(part.strip() for part in line.split("|")) for line in _LINES if not line.startswith("#")]
EXPECTED = {
    "request": {Verdict.CLEAR, Verdict.DOUBTFUL},
    "unclear": {Verdict.DOUBTFUL, Verdict.NO},
    "other": {Verdict.NO},
}


@pytest.mark.parametrize(("verdict", "subject", "text"), MAILS, ids=[f"{mail[0]}: {mail[2][:40]}" for mail in MAILS])
def test_a_mail_is_what_people_would_say_it_is(verdict: str, subject: str, text: str) -> None:
    found = recognize(subject, text.replace(" / ", "\n"))
    if verdict.startswith("clear"):
        assert (found.verdict, found.language) == (Verdict.CLEAR, verdict.split()[1]), found
    else:
        assert found.verdict in EXPECTED[verdict], found


def judged(raw: bytes) -> Judged:
    return Judged(message(raw))


ASKS = "Bitte löschen Sie alle meine persönlichen Daten."
PAGE = f"<html><head><title>x</title><style>p {{}}</style></head><body><p>{ASKS}</p></body></html>"
QUOTED = "Danke für die Rechnung.\n\nAm 3.5.2026 um 10:00 schrieb Kim <kim@x.de>:\n> " + ASKS
WRAPPED = {
    "html alone": ("text/html; charset=utf-8", "8bit", PAGE.encode()),
    "html in base64": ("text/html; charset=utf-8", "base64", b64encode(PAGE.encode())),
    "quoted-printable": ("text/plain; charset=utf-8", "quoted-printable", encodestring(ASKS.encode())),
    "quoted-printable, latin": ("text/plain; charset=iso-8859-15", "quoted-printable", encodestring(ASKS.encode("l9"))),
    "utf-16": ("text/plain; charset=utf-16", "base64", b64encode(ASKS.encode("utf-16"))),
    "utf-7": ("text/plain; charset=utf-7", "7bit", ASKS.encode("utf-7")),
    "macintosh": ("text/plain; charset=macintosh", "8bit", ASKS.encode("mac-roman")),
    "no charset": ("text/plain", "8bit", ASKS.encode("cp1252")),
    "a charset that nobody has": ("text/plain; charset=x-unknown", "8bit", ASKS.encode()),
    "letters that nobody sees": ("text/plain; charset=utf-8", "8bit", "\u200b".join(ASKS).encode()),
    "lines of a few words": ("text/plain; charset=utf-8", "8bit", ASKS.replace(" ", "\n").encode()),
    "format flowed": ("text/plain; charset=utf-8; format=flowed", "8bit", ASKS.replace("alle ", "alle \n").encode()),
    "entities": ("text/html", "7bit", PAGE.replace("ö", "&ouml;").encode()),
    "a table": ("text/html", "7bit", f"<table><tr><td>{ASKS.replace('ö', '&#246;')}</td></tr></table>".encode()),
    "a letter above it": ("text/html", "8bit", f"<div>Hallo,</div><div>{ASKS}</div><div>Kim</div>".encode()),
    "no blank line of headers": ("text/plain; charset=utf-8", "", ASKS.encode()),
}


@pytest.mark.parametrize("how", WRAPPED)
def test_a_request_is_read_however_it_is_wrapped(how: str) -> None:
    kind, encoding, body = WRAPPED[how]
    head = f"From: kim@x.de\nSubject: Hallo\nContent-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n\n"
    found = judged(head.encode() + body)
    assert found.recognition.verdict == Verdict.CLEAR, (found.reading, found.recognition)


def test_what_somebody_quotes_is_no_request_and_what_is_passed_on_is_for_a_person() -> None:
    head = b"From: kim@x.de\nContent-Type: text/plain; charset=utf-8\n"
    assert judged(head + b"Subject: Re: x\n\n" + QUOTED.encode()).recognition.verdict == Verdict.NO
    passed_on = f"FYI\n\n---------- Forwarded message ---------\nFrom: Ada <ada@x.de>\nTo: us\nSubject: Daten\n\n{ASKS}"
    found = judged(head + b"Subject: Fwd: Daten\n\n" + passed_on.encode())
    assert found.recognition.verdict == Verdict.DOUBTFUL
    assert found.is_doubtful


def test_a_mail_in_a_mail_in_a_mail_is_for_a_person() -> None:
    inner = f"From: ada@x.de\r\nSubject: Daten\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{ASKS}\r\n".encode()
    for number in range(3):
        head = f'From: kim@x.de\r\nSubject: Fwd: Daten\r\nContent-Type: multipart/mixed; boundary="b{number}"'
        text = f"--b{number}\r\nContent-Type: text/plain\r\n\r\nFYI"
        other = f"--b{number}\r\nContent-Type: message/rfc822"
        inner = f"{head}\r\n\r\n{text}\r\n{other}\r\n\r\n".encode() + inner + f"\r\n--b{number}--\r\n".encode()
    assert judged(inner).recognition.verdict != Verdict.CLEAR


def test_without_a_text_the_subject_counts() -> None:
    head = b"From: kim@x.de\nSubject: =?utf-8?b?" + b64encode("Löschung meiner Daten".encode()) + b"?=\n"
    assert judged(head + b"Content-Type: application/pdf\n\n%PDF").recognition.verdict == Verdict.CLEAR
    assert judged(head + b'Content-Type: multipart/mixed; boundary="x"\n\n--x--\n').recognition.verdict == Verdict.CLEAR
