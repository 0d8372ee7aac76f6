"""What counts as a yes to the mail that asks for proof: nothing but a yes, in eight languages."""

import pytest

from privacy import deletion_words
from privacy.mailbox import agreement
from privacy.mailbox.agreement import Answer

YES = [
    "Yes",
    "yes.",
    "YES!",
    "Yes, please. Best regards, Kim",
    "Hi,\n\nyes, I confirm.\n\nThanks\nKim Doe",
    "Hello AzureOps team,\nI hereby confirm the deletion of my data.\nKim",
    "Yes, delete all my data now, please.",
    "Yes, please delete my account and all my data.",
    "I agree.",
    "Go ahead",
    "Please delete all my personal data.",
    "Ja",
    "Ja, bitte löschen!",
    "Hallo,\nja, bitte löschen Sie alle meine Daten.\n\nMit freundlichen Grüßen\nKim von Weber",
    "Hiermit bestätige ich die Löschung meiner Daten.",
    "Ich bestätige die Löschung meiner Daten.",
    "Oui",
    "Oui, je confirme.",
    "Bonjour,\nje confirme la suppression de mes données.\nCordialement,\nAnne Dupont",
    "Sí",
    "Sí, confirmo la supresión de mis datos. Gracias.",
    "Sì, confermo la cancellazione dei miei dati",
    "Ja, akkoord",
    "Ik bevestig de verwijdering van mijn gegevens",
    "Tak, potwierdzam usunięcie moich danych",
    "Sim, confirmo.",
]
NO_YES = [
    "Bonjour, je suis absente jusqu'au 3 juin. Si urgent, contactez Bob",
    "Estoy de vacaciones hasta el lunes. Si es urgente, llame al 555 1234.",
    "Sono in ferie. Il nostro ufficio si trova a Roma.",
    "Ja, ich bin im Urlaub bis Montag.",
    "We confirm receipt of your e-mail.",
    "I confirm receipt of your e-mail.",
    'We have received your message "Please confirm the deletion of your data (D-000012)". Ticket #4711',
    "Wir bestätigen den Eingang Ihrer Nachricht.",
    "Ich bestätige den Eingang Ihrer Nachricht.",
    "Ok I will think about it",
    "Ok. Thanks, I will think about it",
    "Make sure to write to Bob",
    "Your request has been received (#12345). Yes, we are on it",
    "Yes\n\nD-000012",
    "Please confirm the deletion of your data",
    "Yes. Confirmez la suppression de vos données",
    "Yes, delete my phone number and my orders.",
    "Yes, forget it.",
    "Ja, vergessen Sie es.",
    "Yes, but later",
    "Yes\nNon",
    "Bonjour pas maintenant,\noui",
    "Deleted.",
    "",
    "Thanks",
    "Kim",
]


@pytest.mark.parametrize("text", YES)
def test_a_yes_with_a_greeting_and_a_name_around_it_agrees(text: str) -> None:
    assert agreement.of(text) == Answer.AGREES


@pytest.mark.parametrize("text", NO_YES)
def test_a_word_of_yes_in_another_answer_does_not(text: str) -> None:
    assert agreement.of(text) == Answer.UNCLEAR


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_no_sentence_of_our_own_mail_agrees_where_a_program_quotes_it_without_marks(language: str) -> None:
    words = deletion_words.of(language, "proof", number="D-000012", store="AzureOps", until="3.6.2026")
    for count in range(1, len(words) + 1):
        quoted = list(words.values())[:count]
        assert agreement.of("\n".join(quoted)) == Answer.UNCLEAR
        assert agreement.of(quoted[-1]) == Answer.UNCLEAR
        assert agreement.of("\n".join(["Yes", *quoted])) == Answer.UNCLEAR
