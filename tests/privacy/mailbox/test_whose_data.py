"""Whose data a mail is about: the sender's, or of the one address that stands beside the data."""

import pytest

from privacy import mailbox
from privacy.mailbox import whose_data
from privacy.mailbox.whose_data import NONE, SEVERAL, Whose
from privacy.models import DeletionRequest, RequestAddress
from tests.privacy.mailbox.letters import ASKS, KIM, SUPPORT, Box, letter

ADA = "ada@customer.example"


def whose(maildir: Box, text: str, **said: str) -> Whose:
    maildir.put(letter("-", **said))
    return whose_data.of(next(iter(mailbox.preview())).message, text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        f"Please delete all personal data of {ADA}.",
        f"Please delete all data associated with {ADA.upper()}",
        f"Please delete my account ({ADA}).",
        f"Please delete all my personal data that you have stored under the e-mail address {ADA}.",
        f"Hello,\n\nplease delete all my personal data\nunder {ADA}\n\nKim",
        f"Bitte löschen Sie alle meine Daten zur E-Mail-Adresse {ADA}.",
        f"Veuillez supprimer toutes mes données liées à l'adresse {ADA}.",
        f"Por favor, borren mi cuenta con el correo {ADA}.",
    ],
)
def test_the_address_beside_the_data_is_meant(maildir: Box, text: str) -> None:
    assert whose(maildir, text) == Whose(ADA)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "Please delete all my personal data.\n\nKim Doe\ninfo@doe.example",
        "Please delete all my personal data\nKim Doe\ninfo@doe.example",
        "Please delete my account\ninfo@doe.example",
        "Please delete all my personal data, or I complain to dpo@ico.example.",
        "Please delete all my personal data and write to info@doe.example.",
        "Please delete all my personal data. I am info@doe.example.",
        f"Please delete the personal data of {ADA} and bob@customer.example.",
        f"The data of {ADA} were in your mail. Please delete all my personal data.",
    ],
)
def test_another_address_is_for_a_person_and_the_sender_is_who_asks(maildir: Box, text: str) -> None:
    assert whose(maildir, text) == Whose(KIM, SEVERAL)


@pytest.mark.django_db
def test_without_another_address_it_is_the_sender(maildir: Box) -> None:
    assert whose(maildir, f"{ASKS} I am {KIM}, write to {SUPPORT}.") == Whose(KIM)


@pytest.mark.django_db
def test_a_mail_of_nobody_is_about_the_address_that_it_names(maildir: Box) -> None:
    assert whose(maildir, f"{ASKS} I am {ADA}.", sender=SUPPORT) == Whose(ADA, SEVERAL)
    assert whose(maildir, ASKS, sender=SUPPORT) == Whose("", NONE)


@pytest.mark.django_db
def test_nobody_is_asked_whose_address_stands_in_a_signature(maildir: Box) -> None:
    maildir.put(letter(f"{ASKS}\nKim Doe\ninfo@doe.example"))
    mailbox.fetch()
    assert (DeletionRequest.objects.get().state, RequestAddress.objects.get().address) == ("received", KIM)
