"""SIGKILL in the background: what a dead worker had in hand is found by the next sweep, and done once."""

from decimal import Decimal
from email import message_from_bytes
from pathlib import Path

import pytest
from django.test import Client

from payments import refund_submission, webhooks
from payments.models import Attempt, Refund, WebhookEvent
from privacy import clock, mails
from privacy.models import OutgoingMail
from tests.chaos import workers
from tests.faults import buying, forks
from tests.payments import paying
from tests.payments.paying import Till
from tests.payments.test_webhooks import DECISIVE, deliver

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_the_end")]


def paid(till: Till, buyer: Client) -> Attempt:
    buying.begun(till)
    return Attempt.objects.select_related("order").get(pk=buying.pay(till, buyer).pk)


def test_after_the_inbox_commits_and_before_the_answer(till: Till) -> None:
    """The provider, which had no answer, sends the event again: it is kept once, and settles once."""
    attempt, identifier = buying.begun(till)
    till.agree(identifier)
    (event,) = till.events(DECISIVE[till.name])
    forks.kill(lambda: deliver(Client(), till, event), "webhook kept, not answered")
    assert WebhookEvent.objects.count() == 1
    assert (deliver(Client(), till, event), WebhookEvent.objects.count()) == (200, 1)
    assert webhooks.handle_due() == 1
    assert paying.states(attempt) == ("captured", "paid", ["assigned"] * 3)


def test_before_the_inbox_commits(till: Till) -> None:
    """Nothing was kept and nothing answered, so that the provider sends it again."""
    attempt, identifier = buying.begun(till)
    till.agree(identifier)
    (event,) = till.events(DECISIVE[till.name])
    forks.kill(lambda: deliver(Client(), till, event), "webhook verified, not kept")
    assert WebhookEvent.objects.count() == 0
    deliver(Client(), till, event)
    webhooks.handle_due()
    assert paying.states(attempt) == ("captured", "paid", ["assigned"] * 3)


@pytest.mark.parametrize(
    "place",
    [
        *("event claimed, not handled", "money taken, not written", "in the middle of fulfilment"),
        "event handled, not marked",
    ],
)
def test_while_an_event_is_handled(till: Till, place: str) -> None:
    """The claim ends by itself; another worker handles the event."""
    attempt, identifier = buying.begun(till)
    till.agree(identifier)
    deliver(Client(), till, till.events(DECISIVE[till.name])[0])
    forks.kill(webhooks.handle_due, place)
    event = WebhookEvent.objects.get()
    assert (event.tries, event.handled_at is None, webhooks.handle_due()) == (
        1,
        place != "event handled, not marked",
        0,
    )
    with clock.at(event.next_try_at):
        webhooks.handle_due()
    assert paying.states(attempt) == ("captured", "paid", ["assigned"] * 3)
    assert till.captured() == {"EUR": 35700}


def test_after_a_mail_left_and_before_it_is_marked(tills: dict[str, Till], buyer: Client, delivered: Path) -> None:
    """Nobody can know that it left, so it is sent again, under the Message-ID that mail programs know already."""
    paid(tills["stripe"], buyer)
    row = OutgoingMail.objects.get(kind="order_confirmation", sent_at=None)
    forks.kill(mails.send_due, "mail sent, not marked")
    row.refresh_from_db()
    assert (row.state, len(list(delivered.glob("*.eml")))) == ("pending", 1)
    with clock.at(row.next_try_at):
        mails.send_due()
    sent = [message_from_bytes(file.read_bytes()) for file in delivered.glob("*.eml")]
    same = [mail["Message-ID"] for mail in sent if mail["Subject"] == sent[0]["Subject"]]
    assert same == [mails.message_id(row)] * 2


@pytest.mark.parametrize(
    "place", ["refund claimed, not sent", "refund made, not written", "refund written, before the commit"]
)
def test_in_the_middle_of_a_refund_call(till: Till, buyer: Client, place: str) -> None:
    """The call is repeated under its key: the money goes back once, and the keys end."""
    attempt = paid(till, buyer)
    workers.give_back(attempt.order_id)
    forks.kill(refund_submission.submit_due, place)
    refund = Refund.objects.get()
    assert (refund.state, set(paying.states(attempt)[2])) == ("requested", {"suspended"})
    with clock.at(refund.next_try_at or clock.now()):
        refund_submission.submit_due()
    refund.refresh_from_db()
    assert (refund.state, refund.amount) == ("succeeded", Decimal(357))
    assert till.sandbox.ledger()["refunds"] == {"EUR": 35700}
