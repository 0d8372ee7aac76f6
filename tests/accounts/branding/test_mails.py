"""The decision about a logo is told to everybody who manages it, and to nobody who left (P6a, P6f)."""

import pytest
from django.core import mail as mailbox

from accounts import branding
from accounts.models import Logo
from privacy import mails
from privacy.erasure import outbox
from privacy.erasure.cases import Case
from privacy.models import OutgoingMail
from privacy.people import of_account
from shop import words
from tests import desk
from tests.accounts.branding import logos
from tests.accounts.conftest import person

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P6a", "P6f")]
WHY = "It shows <b>a trademark</b> of somebody else."
DECISIONS = ["logo_published", "logo_declined"]


@pytest.fixture
def shared() -> Logo:
    """A published logo that Ada and Bob manage; what was mailed so far has been read."""
    logo = logos.with_colleague(logos.customer(), person("bob@example.com", name="Bob Noyce"))
    mails.send_due()
    mailbox.outbox.clear()
    return logo


def decline(logo: Logo) -> None:
    branding.decide(logo.pk, revision=logo.revision, by=desk.person("Shop Manager"), refusal=WHY)


def sent() -> dict[str, str]:
    """Subjects by recipient, of all that is due."""
    mails.send_due()
    return {message.to[0]: message.subject for message in mailbox.outbox}


def waiting() -> int:
    return OutgoingMail.objects.filter(kind__in=DECISIONS, state="pending").count()


def test_a_published_logo_is_told_once() -> None:
    logo = logos.handed_in()
    mails.send_due()
    mailbox.outbox.clear()
    manager = desk.person("Shop Manager")
    assert branding.decide(logo.pk, revision=1, by=manager)
    assert not branding.decide(logo.pk, revision=1, by=manager)
    assert sent() == {"ada@example.com": "The logo of Nordhafen GmbH is shown"}
    [message] = mailbox.outbox
    product = logo.products.get().name
    for text in (str(message.body), str(message.alternatives[0][0])):
        assert f"for {product}" in " ".join(text.split())
        assert "/trusted-by/" in text
        assert "/account/logo/" in text


def test_a_declined_logo_tells_each_manager_why_and_until_when(shared: Logo) -> None:
    decline(shared)
    told = "The logo of Nordhafen GmbH isn’t shown"
    assert sent() == {"ada@example.com": told, "bob@example.com": told}
    shared.refresh_from_db()
    assert shared.expires_at is not None
    last_day = words.day(shared.expires_at.date())
    for message in mailbox.outbox:
        text, html = str(message.body), str(message.alternatives[0][0])
        assert (WHY in text, "<b>" in html, f"deleted on {last_day}" in text) == (True, False, True)
        assert f"deleted on {last_day}" in html
    assert "Hello Bob Noyce" in str(next(each.body for each in mailbox.outbox if each.to == ["bob@example.com"]))


def test_whoever_left_before_the_mail_went_out_gets_none(shared: Logo) -> None:
    decline(shared)
    branding.leave(shared.managers.get(user__email="bob@example.com").user)
    assert set(sent()) == {"ada@example.com"}
    assert OutgoingMail.objects.filter(kind="logo_declined", state="dropped").count() == 1


def test_an_answer_to_what_was_changed_meanwhile_is_told_to_nobody(shared: Logo) -> None:
    decline(shared)
    logos.handed_in(shared.managers.first().user)
    assert sent() == {}


def test_a_logo_that_was_taken_back_is_not_written_about(shared: Logo) -> None:
    decline(shared)
    branding.withdraw(shared.managers.first().user)
    assert sent() == {}


def test_the_next_round_is_told_again(shared: Logo) -> None:
    again = logos.handed_in(shared.managers.first().user)
    branding.decide(again.pk, revision=again.revision, by=desk.person("Shop Manager"))
    assert set(sent()) == {"ada@example.com", "bob@example.com"}


@pytest.mark.promise("P12a")
def test_a_deletion_drops_what_waits_for_its_person_and_leaves_the_colleagues(shared: Logo) -> None:
    decline(shared)
    bob = shared.managers.get(user__email="bob@example.com").user
    assert outbox.drop(Case(of_account(bob.pk))) == 1
    assert waiting() == 1
    assert set(sent()) == {"ada@example.com"}
