import pytest

from privacy.masking import mask_email, mask_words


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("kim@nordhafen.example", "k…@nord….example"),
        ("k@nordhafen.example", "k…@nord….example"),
        ("kim@mail.nordhafen.example", "k…@mail….example"),
        ("kim@gmx.de", "k…@g….de"),
        ("kim@x.de", "k…@….de"),
        ("ümit@nordhafen.example", "ü…@nord….example"),
        ('"a@b"@nordhafen.example', '"…@nord….example'),
        ("root@localhost", "r…@…"),
        ("no address", "…"),
        ("", ""),
    ],
)
def test_an_address_is_masked(address: str, shown: str) -> None:
    assert mask_email(address) == shown


@pytest.mark.parametrize(
    ("text", "shown"), [("Kim Sørensen", "K… S…"), ("Nordhafen  GmbH & Co.", "N… G… &… C…"), ("K", "K…"), ("", "")]
)
def test_a_name_is_masked(text: str, shown: str) -> None:
    assert mask_words(text) == shown
