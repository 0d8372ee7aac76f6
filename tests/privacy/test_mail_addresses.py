"""One mailbox, however its address is written down."""

import unicodedata

import pytest

from privacy import mail_addresses
from privacy.residue import Kind, identifiers

COMPOSED = "jörg@müller.example"
SAME = {
    COMPOSED,
    unicodedata.normalize("NFD", COMPOSED),
    "jörg@xn--mller-kva.example",
    unicodedata.normalize("NFD", "jörg@xn--mller-kva.example"),
}


@pytest.mark.parametrize("typed", [COMPOSED, " Jörg@XN--Mller-KVA.example", unicodedata.normalize("NFD", COMPOSED)])
def test_every_spelling_leads_to_all_and_to_one_form(typed: str) -> None:
    assert mail_addresses.spellings([typed]) == SAME
    assert mail_addresses.normal(typed) == COMPOSED


def test_a_plus_is_another_address_and_what_is_no_punycode_stays() -> None:
    assert mail_addresses.spellings(["ann+x@example.com"]) == {"ann+x@example.com"}
    assert mail_addresses.normal("ann@xn--\xe9.example") == "ann@xn--\xe9.example"
    assert mail_addresses.spellings(["nobody"]) == {"nobody"}


def test_a_scan_looks_for_each_spelling_as_it_reads_them() -> None:
    found = {one.value for one in identifiers.of_addresses([COMPOSED]) if one.kind is Kind.EMAIL}
    assert found == {unicodedata.normalize("NFC", spelled) for spelled in SAME}
