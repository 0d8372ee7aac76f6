"""Stored values in words."""

from payments.models import FraudAssessment
from privacy.exports import words


def test_a_column_says_the_words_of_its_choice_and_a_list_has_none() -> None:
    verdict, reasons = (FraudAssessment._meta.get_field(name) for name in ("verdict", "reasons"))
    assert words.of_column(verdict, "hold") == "waits for a person"
    assert words.of_column(verdict, "") == words.EMPTY
    assert words.of_column(reasons, ["one"]) == '[\n "one"\n]'
    assert words.of_column(reasons, []) == words.EMPTY
