import pytest

from shop import vat_numbers


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("DE 136695976", "DE", "DE136695976"),
        ("de-136.695.976", "DE", "DE136695976"),
        ("136695976", "DE", "DE136695976"),
        ("EL 094259216", "GR", "EL094259216"),
        ("GR094259216", "GR", "EL094259216"),
        ("ATU13585627", "AT", "ATU13585627"),
    ],
)
def test_a_number_is_kept_in_its_compact_form(text: str, country: str, number: str) -> None:
    assert vat_numbers.clean(text, country) == number


@pytest.mark.parametrize(
    ("text", "country", "sentence"),
    [
        ("DE28143096", "DE", "A number of Germany is DE and nine digits. Please check yours."),
        ("DE136695977", "DE", "A number of Germany is DE and nine digits. Please check yours."),
        ("x" * 30, "FR", "A number of France is FR and two characters and nine digits. Please check yours."),
        (
            "ATU13585627",
            "DE",
            (
                "This number starts with AT, but you pay from Germany. "
                "Write the number that starts with DE, or leave it out."
            ),
        ),
    ],
)
def test_a_wrong_form_gets_a_sentence(text: str, country: str, sentence: str) -> None:
    with pytest.raises(vat_numbers.WrongVatNumber) as wrong:
        vat_numbers.clean(text, country)
    assert str(wrong.value) == sentence
