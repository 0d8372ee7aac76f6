import pytest

from privacy.masking import mask_email


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("kim@nordhafen.example", "k…@nordhafen.example"),
        ("k@nordhafen.example", "k…@nordhafen.example"),
        ("ümit@nordhafen.example", "ü…@nordhafen.example"),
        ('"a@b"@nordhafen.example', '"…@nordhafen.example'),
        ("no address", "…"),
        ("", ""),
    ],
)
def test_an_address_is_masked(address: str, shown: str) -> None:
    assert mask_email(address) == shown
