"""Every spelling in which an identifier may stand is read, and what only looks like it isn't."""

import base64
import gzip
import json
import pickle
import quopri
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.residue import readings
from privacy.residue.identifiers import Identifier, Kind, of_addresses
from privacy.residue.matching import Matcher

ANN = Matcher(of_addresses(["ann@x.de"]))
LONG = "Katrin.Vogel+shop@Example-Company.com"
LONGER = Matcher(of_addresses([LONG]))


def kinds(matcher: Matcher, value: str | bytes) -> set[Kind]:
    return {hit.kind for hit in matcher.search(value)}


def folded(text: str) -> bytes:
    return base64.encodebytes(text.encode())


ENCODINGS: dict[str, Callable[[str], str | bytes]] = {
    "plain": lambda text: text,
    "bytes": str.encode,
    "percent": lambda text: quote(text, safe=""),
    "percent, small": lambda text: quote(text, safe="").lower(),
    "percent, all of it": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "percent, twice": lambda text: quote(quote(text, safe=""), safe=""),
    "percent of hash sign form": lambda text: f"next=%3D{quote(text)}%26",
    "hex": lambda text: text.encode().hex(),
    "hex, capitals": lambda text: text.encode().hex().upper(),
    "hex, half a byte off": lambda text: "a" + text.encode().hex() + "b",
    "JSON": lambda text: json.dumps({"note": f"line\n{text}"}),
    "JSON, all escaped": lambda text: '"' + "".join(f"\\u{ord(sign):04x}" for sign in text) + '"',
    "JSON in JSON": lambda text: json.dumps(json.dumps({"a": [text]})),
    "HTML": lambda text: text.replace("@", "&#64;"),
    "quoted-printable": lambda text: quopri.encodestring(text.replace("@", "=40").encode(), quotetabs=True),
    "quoted-printable, broken line": lambda text: (text[:5] + "=\r\n" + text[5:]).encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16, big end": lambda text: text.encode("utf-16-be"),
    "zlib": lambda text: zlib.compress(text.encode()),
    "gzip": lambda text: gzip.compress(text.encode()),
    "zlib inside": lambda text: b"\x89PNG\r\n" + zlib.compress(text.encode()) + b"end",
    "pickle": lambda text: pickle.dumps({"x" * 60: [text]}),
    "pickle of a text with a length that is a letter": lambda text: pickle.dumps(text.ljust(70)),
    "base64 on lines": folded,
    "compressed in base64 in JSON": lambda text: json.dumps(
        [base64.urlsafe_b64encode(zlib.compress(json.dumps({"a": text}).encode())).decode().rstrip("=")]
    ),
}


@pytest.mark.parametrize("text", [LONG, LONG.lower(), LONG.upper(), "katrin.vogel+SHOP@example-company.com"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_spelling_is_read(encoding: str, text: str) -> None:
    assert kinds(LONGER, ENCODINGS[encoding](text)) == {Kind.EMAIL}


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("offset", range(6))
@pytest.mark.parametrize("text", ["ann@x.de", "ANN@X.DE", "Ann@x.de"])
def test_base64_is_read_wherever_the_address_falls_in_it(
    text: str, offset: int, encode: Callable[[bytes], bytes]
) -> None:
    content = b"?>~" * 2 + b" " * offset + text.encode() + b" \xff\xfe"
    encoded = encode(content).decode()
    assert kinds(ANN, encoded) == {Kind.EMAIL}
    assert kinds(ANN, f"id/{encoded.rstrip('=')}/x") == {Kind.EMAIL}


@pytest.mark.parametrize(
    "text",
    [
        "joann@x.de",
        "jo.ann@x.de",
        "jo-ann@x.de",
        "ann+shop@x.de",
        "shop+ann@x.de",
        "ann@x.dev",
        "ann@x.de.example.com",
        "ann@x.de-mail.com",
        "ann@xx.de",
        "änn@x.de",
        "äann@x.de",
        "ann at x.de",
        "ann@x_de",
    ],
)
@pytest.mark.parametrize("encoding", ["plain", "percent", "JSON", "hex", "base64 on lines", "UTF-16", "zlib"])
def test_an_address_inside_another_is_somebody_elses(encoding: str, text: str) -> None:
    assert kinds(ANN, ENCODINGS[encoding](text)) == set()


@pytest.mark.parametrize(
    "text",
    [
        "ann@x.de",
        "ANN@X.DE",
        "Write to ann@x.de.",
        "<ann@x.de>",
        "mailto:ann@x.de?subject=x",
        "email=ann@x.de&x=1",
        "(ann@x.de)",
        "joann@x.de,ann@x.de",
        "'ann@x.de'",
        "https://x.example/ann@x.de/",
        "ann@x.de\nann",
    ],
)
def test_where_an_address_begins_and_ends(text: str) -> None:
    assert kinds(ANN, text) == {Kind.EMAIL}


def test_international_addresses_are_read_in_both_spellings_and_both_normal_forms() -> None:
    matcher = Matcher(of_addresses(["jörg@müller.de"]))
    for text in (
        "jörg@müller.de",
        "JÖRG@MÜLLER.DE",
        "jörg@xn--mller-kva.de",
        "jo\u0308rg@mu\u0308ller.de",
        quote("jörg@müller.de"),
        json.dumps("jörg@müller.de"),
        quopri.encodestring("jörg@müller.de".encode()),
    ):
        assert kinds(matcher, text) == {Kind.EMAIL}, text
    ascii_first = Matcher(of_addresses(["joerg@xn--mller-kva.de"]))
    assert kinds(ascii_first, "joerg@müller.de") == {Kind.EMAIL}


def test_hashes_of_the_address_are_found() -> None:
    hashes = {one.value for one in of_addresses(["ann@x.de"]) if one.kind is Kind.HASH}
    assert len(hashes) == 4
    for value in hashes:
        assert kinds(ANN, f"rl:{value.upper()}:1") == {Kind.HASH}
        assert kinds(ANN, f"rl:0{value}:1") == set()


def test_a_vat_number_is_found_in_groups_and_not_inside_another() -> None:
    matcher = Matcher([Identifier(Kind.VAT_NUMBER, "DE123456789")])
    for text in ("DE123456789", "de 123 456 789", "DE-123.456.789", "vat=DE123456789;"):
        assert kinds(matcher, text) == {Kind.VAT_NUMBER}
    for text in ("DE1234567890", "XDE123456789", "123456789", "DE123456780"):
        assert kinds(matcher, text) == set()


def test_names_are_words() -> None:
    matcher = Matcher([Identifier(Kind.NAME, "Ann Lee")])
    assert kinds(matcher, "Dear ann  LEE,") == {Kind.NAME}
    assert kinds(matcher, "Joann Lee, Ann Leeds") == set()


def test_a_bomb_is_opened_to_its_limit_only() -> None:
    bomb = zlib.compress(b"0" * 200_000_000, 9)
    read = sum(len(text) for _, text in readings.of(bomb))
    assert readings.MOST_OPENED <= read < readings.MOST_READ + readings.MOST_OPENED


def test_a_pickle_is_listed_and_never_loaded() -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return exec, ("raise SystemExit('ann@x.de')",)

    assert kinds(ANN, pickle.dumps(Trap())) == {Kind.EMAIL}


NAMES = st.from_regex(r"[a-z0-9][a-z0-9._+-]{0,12}[a-z0-9]", fullmatch=True)
DOMAINS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8})?\.[a-z]{2,6}", fullmatch=True)


@settings(deadline=None)  # how long it takes depends on who else is at work
@given(
    local=NAMES,
    domain=DOMAINS,
    upper=st.booleans(),
    before=st.binary(max_size=5),
    way=st.sampled_from(list(ENCODINGS)),
)
def test_whatever_the_address_anchors_let_through_what_the_pattern_finds(
    local: str, domain: str, upper: bool, before: bytes, way: str
) -> None:
    """PostgreSQL asks for the anchors alone, so no spelling that is read may lack them; what is packed is opened."""
    address = f"{local}@{domain}"
    matcher = Matcher(of_addresses([address]))
    text = address.upper() if upper else address
    encoded = base64.b64encode(before + b" " + text.encode() + b" ").decode()
    assert matcher.may_be_in(encoded.encode())
    assert kinds(matcher, encoded) == {Kind.EMAIL}
    if way not in {"zlib", "gzip", "zlib inside", "compressed in base64 in JSON"} and "broken" not in way:
        written = ENCODINGS[way](text)
        assert kinds(matcher, written) == {Kind.EMAIL}
        assert matcher.may_be_in(written.encode() if isinstance(written, str) else written)
