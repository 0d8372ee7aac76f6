"""What is understood as a request for deletion, in eight languages, and what isn't."""

import pytest

from privacy.mailbox.recognition import Verdict, recognize

CLEAR = {
    "en": [
        ("Data deletion", ""),
        ("", "Please delete my personal data."),
        ("", "I would like you to erase all the information that you hold about me."),
        ("", "All of my personal data must be erased by you, please."),
        ("", "My account and all my data: please remove them from your systems, I want all my data deleted."),
        ("", "Could you please delete my account?"),
        ("", "I hereby exercise my right to be forgotten."),
        ("", "Pursuant to Art. 17 GDPR I request the erasure of my personal data."),
        ("", "Under the CCPA I request that you delete any personal information about me that you have collected."),
        ("", "Please remove me from your database."),
        ("", "Don't forget to delete my data."),
        ("", "Please delete everything you have on me"),
        ("", "please\ndelete\nmy\ndata"),
        ("", "I am no longer a customer, so please delete my account and my licenses."),
        ("", "Delete my orders and my personal data."),
        ("", "Please delete all data associated with kim@example.com."),
        ("GDPR erasure request", "See subject."),
        ("", "Forget me."),
        ("", "I want my data deleted."),
    ],
    "de": [
        ("Löschung meiner Daten", ""),
        ("", "Bitte löschen Sie alle meine Daten."),
        ("", "Hiermit beantrage ich die Löschung sämtlicher zu meiner Person gespeicherten Daten."),
        ("", "Meine personenbezogenen Daten sind gemäß Art. 17 DSGVO zu löschen."),
        ("", "Ich möchte, dass Sie mein Konto und alle Daten über mich entfernen."),
        ("", "Bitte loeschen Sie mein Kundenkonto."),
        ("", "Ich will, dass ihr meine Daten löscht und löschen könnt: bitte alle meine Daten löschen."),
        ("", "Können Sie bitte meine Daten löschen?"),
        ("", "Ich mache von meinem Recht auf Vergessenwerden Gebrauch."),
        ("Löschantrag", "Mit freundlichen Grüßen"),
        ("", "Bitte vergessen Sie nicht, meine Daten zu löschen."),
    ],
    "fr": [
        ("Suppression de mes données", ""),
        ("", "Je vous demande de supprimer toutes mes données personnelles."),
        ("", "Merci d’effacer l’ensemble de mes données."),
        ("", "Veuillez supprimer mon compte, s'il vous plaît."),
        ("", "J'exerce mon droit à l'effacement conformément à l'article 17 du RGPD."),
        ("", "Mes données personnelles, je souhaite que vous les supprimiez : supprimez toutes mes données."),
        ("", "Pouvez-vous supprimer mes données ?"),
    ],
    "es": [
        ("Supresión de mis datos", ""),
        ("", "Solicito que eliminen todos mis datos personales."),
        ("", "Por favor, borren mi cuenta."),
        ("", "Ejerzo mi derecho al olvido."),
        ("", "Quiero que supriman mis datos conforme al artículo 17 del RGPD."),
        ("", "¿Pueden borrar mis datos, por favor?"),
    ],
    "it": [
        ("Cancellazione dei miei dati", ""),
        ("", "Vi chiedo di cancellare tutti i miei dati personali."),
        ("", "Per favore eliminate il mio account."),
        ("", "Esercito il mio diritto all'oblio."),
        ("", "Potete rimuovere i miei dati?"),
    ],
    "nl": [
        ("Verzoek tot verwijdering", ""),
        ("", "Graag al mijn gegevens verwijderen."),
        ("", "Ik wil dat jullie mijn account verwijderen."),
        ("", "Ik doe een beroep op mijn recht op vergetelheid."),
        ("", "Kunt u mijn persoonsgegevens wissen?"),
    ],
    "pl": [
        ("Żądanie usunięcia danych", ""),
        ("", "Proszę o usunięcie moich danych osobowych."),
        ("", "Proszę usunąć moje konto."),
        ("", "Korzystam z prawa do bycia zapomnianym."),
    ],
    "pt": [
        ("Eliminação dos meus dados", ""),
        ("", "Solicito que apaguem todos os meus dados pessoais."),
        ("", "Por favor, excluam a minha conta."),
        ("", "Quero exercer o direito ao esquecimento."),
    ],
}
DOUBTFUL = [
    ("", "How do I delete my account?"),
    ("", "What happens to my licenses if I delete my account?"),
    ("", "Why have you still not deleted my data?"),
    ("", "You have my personal data. Please delete it."),
    ("", "I withdraw my consent to the processing of my data."),
    ("", "If you don't refund me, delete my data."),
    ("", "Please delete my phone number."),
    ("Delete", "kim@example.com"),
    ("", "Please close my account."),
    ("", "Please delete my data. But do not delete my data before Friday."),
    ("", "Wie kann ich mein Konto löschen?"),
    ("", "Comment supprimer mon compte ?"),
    ("", "¿Cómo puedo borrar mi cuenta?"),
    ("", "Ich widerrufe meine Einwilligung."),
    ("", "The update deleted all my data."),
]
NO = [
    ("", ""),
    ("Invoice", "Please send me the invoice of my last order."),
    ("", "Please delete my cart."),
    ("", "Please remove the license from my account."),
    ("", "Delete my review of Sheetdiff, it was a mistake."),
    ("", "Please do not delete my data."),
    ("", "I don't want you to delete my account."),
    ("", "Bitte löschen Sie meine Daten nicht."),
    ("", "Ich möchte nicht, dass Sie meine Daten löschen."),
    ("", "Ne supprimez pas mes données."),
    ("", "No borren mis datos."),
    ("", "Non cancellate i miei dati."),
    ("", "Verwijder mijn gegevens niet."),
    ("", "Proszę nie usuwać moich danych."),
    ("", "Não apaguem os meus dados."),
    ("", "Unsubscribe"),
    ("", "Please remove me from your mailing list."),
    ("", "Bitte nehmen Sie mich aus dem Verteiler und löschen Sie meine Adresse aus dem Newsletter."),
    ("", "Please send me a copy of my data under Art. 15 GDPR."),
    ("", "How can I remove a duplicate row in Sheetdiff?"),
    ("", "Bitte löschen Sie die Lizenz aus meinem Konto."),
    ("", "Können Sie die Lizenz aus meinem Konto löschen?"),
    ("", "Bitte meinen Warenkorb löschen."),
    ("", "Supprimez mon avis, s'il vous plaît."),
    ("", "Where is my key? Deletion of your data: write so in an answer, that is enough."),
    ("", "I have a question about my data."),
]


@pytest.mark.parametrize(
    ("language", "subject", "text"), [(code, *mail) for code, mails in CLEAR.items() for mail in mails]
)
def test_a_clear_request_is_recognized_with_its_language_and_a_reason(language: str, subject: str, text: str) -> None:
    found = recognize(subject, text)
    assert (found.verdict, found.language) == (Verdict.CLEAR, language), found
    assert found.reasons


@pytest.mark.parametrize(("subject", "text"), DOUBTFUL)
def test_what_may_be_a_request_goes_to_a_person_with_a_reason(subject: str, text: str) -> None:
    found = recognize(subject, text)
    assert found.verdict == Verdict.DOUBTFUL, found
    assert found.reasons


@pytest.mark.parametrize(("subject", "text"), NO)
def test_everything_else_is_left_alone(subject: str, text: str) -> None:
    assert recognize(subject, text).verdict == Verdict.NO, recognize(subject, text)


def test_of_two_laws_the_one_with_the_shorter_time_counts() -> None:
    both = recognize("", "Under the GDPR and the CCPA, please delete all my personal data.")
    assert both.law == "gdpr"
    assert {"names the law of California", "names the GDPR"} <= set(both.reasons)
    assert recognize("", "Under the CCPA, please delete all my personal data.").law == "ccpa"
