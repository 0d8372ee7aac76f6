"""The log of deliveries: who got what for thirty days, what came back, and what is sent once more."""

from datetime import timedelta

import pytest
from django.core import mail as mailbox
from django.urls import reverse

from privacy import clock, mail_log, mail_wordings, mails, retention
from privacy.mailbox import bounces
from privacy.models import Look, MailRecipient, OutgoingMail
from tests import desk
from tests.accounts import purchases

pytestmark = pytest.mark.django_db
LIST = "admin:privacy_outgoingmail_changelist"


@pytest.fixture
def sent() -> OutgoingMail:
    """The confirmation of an order, which has left."""
    purchases.paid((purchases.edition(), 1))
    mails.send_due()
    return OutgoingMail.objects.get(kind="order_confirmation")


@pytest.mark.promise("P6a", "P7a")
def test_the_address_goes_after_thirty_days_and_the_mail_stays_on_record(sent: OutgoingMail) -> None:
    assert MailRecipient.objects.get().address == "ada@example.com"
    with clock.at(clock.now() + timedelta(days=29)):
        list(retention.run())
        assert MailRecipient.objects.exists()
    with clock.at(clock.now() + timedelta(days=31)):
        list(retention.run())
    assert not MailRecipient.objects.exists()
    assert OutgoingMail.objects.get(pk=sent.pk).state == "sent"


@pytest.mark.promise("P7a")
def test_whoever_writes_an_address_gets_its_last_day_with_it() -> None:
    mail = OutgoingMail.objects.create(kind="order_held", object_id=1, dedup_key="1")
    MailRecipient.objects.bulk_create([MailRecipient(mail=mail, address="ada@example.com", message_id="<1@x>")])
    row = MailRecipient.objects.get()
    assert row.expires_at == row.sent_at + timedelta(days=30)


def test_a_mail_that_is_sent_twice_after_a_crash_has_one_recipient(sent: OutgoingMail) -> None:
    OutgoingMail.objects.update(state="pending", sent_at=None, next_try_at=clock.now())
    mails.send_due()
    assert (MailRecipient.objects.count(), len(mailbox.outbox)) == (1, 2)


def test_mails_about_deletions_leave_no_address() -> None:
    unlogged = {kind for kind in mails.kinds() if kind.startswith("deletion_")}
    assert unlogged == mails._unlogged
    assert len(unlogged) == 7


def test_a_report_finds_its_mail_once(sent: OutgoingMail) -> None:
    message_id = mails.message_id(sent)
    assert mail_log.record_bounce(["<stranger@example.com>"], "5.1.1") is None
    assert mail_log.record_bounce([], "") is None
    assert mail_log.record_bounce([message_id], "5.1.1") == sent
    first = OutgoingMail.objects.get(pk=sent.pk)
    mail_log.record_bounce([message_id], "4.0.0")
    again = OutgoingMail.objects.get(pk=sent.pk)
    assert (again.bounce, again.bounced_at, again.state) == ("5.1.1", first.bounced_at, "sent")


def test_the_list_masks_and_the_page_is_a_look_on_record(sent: OutgoingMail) -> None:
    mail_log.record_bounce([mails.message_id(sent)], "5.1.1")
    manager = desk.at_desk("Shop Manager")
    listed = manager.get(reverse(LIST)).content.decode()
    assert ("ada@example.com" in listed, "came back: no such mailbox (5.1.1)" in listed) == (False, True)
    assert not Look.objects.exists()
    page = manager.get(reverse("admin:privacy_outgoingmail_change", args=[sent.pk])).content.decode()
    assert "ada@example.com" in page
    assert Look.objects.get().model == "privacy.MailRecipient"
    back = manager.get(f"{reverse(LIST)}?delivery=back").context["cl"]
    assert [row.pk for row in back.queryset] == [sent.pk]


def do(action: str, sent: OutgoingMail) -> str:
    response = desk.at_desk("Shop Manager").post(
        reverse(LIST), {"action": action, "_selected_action": [sent.pk]}, follow=True
    )
    return " ".join(str(message) for message in response.context["messages"])


def again(sent: OutgoingMail) -> str:
    return do("send_again", sent)


def test_a_mail_is_sent_once_more_once(sent: OutgoingMail) -> None:
    mail_wordings.write("order_confirmation", "en", subject="Once more", intro="")
    assert again(sent) == "To be sent once more within a minute: 1."
    assert again(sent).startswith("None of these can be sent once more")
    mails.send_due()
    assert [message.subject for message in mailbox.outbox][1:] == ["Once more"]
    first, second = (message.extra_headers["Message-ID"] for message in mailbox.outbox)
    assert first != second


@pytest.mark.promise("P12a")
def test_whose_address_is_gone_gets_nothing_once_more(sent: OutgoingMail) -> None:
    MailRecipient.objects.all().delete()
    assert again(sent).startswith("None of these can be sent once more")
    assert mails.send_due() == 0


def test_a_report_is_read_for_its_code() -> None:
    assert bounces._FULL_STATUS.findall("Action: failed\nStatus: 5.1.1 (no such user)\nDiagnostic: x") == ["5.1.1"]


# --- What came back waits for a person --------------------------------------------------------------------------------


@pytest.fixture
def back(sent: OutgoingMail) -> OutgoingMail:
    mail_log.record_bounce([mails.message_id(sent)], "5.1.1")
    return sent


def test_a_mail_that_came_back_waits_until_it_is_sent_once_more(back: OutgoingMail) -> None:
    assert list(mail_log.returned()) == [back]
    again(back)
    assert not mail_log.returned().exists()
    back.refresh_from_db()
    assert (back.bounced_at is None, back.bounce_closed_at is None) == (False, False)


def test_one_that_comes_back_again_waits_again(back: OutgoingMail) -> None:
    again(back)
    mails.send_due()
    second = OutgoingMail.objects.get(dedup_key__endswith=f"again-{back.pk}")
    mail_log.record_bounce([mails.message_id(second)], "5.1.1")
    assert list(mail_log.returned()) == [second]


def test_a_manager_says_that_nothing_is_left_to_do(back: OutgoingMail) -> None:
    manager = desk.at_desk("Shop Manager")
    assert [row.pk for row in manager.get(f"{reverse(LIST)}?delivery=open").context["cl"].queryset] == [back.pk]
    assert do("close_returned", back) == "Closed: 1."
    assert do("close_returned", back) == "None of these came back and was open."
    assert manager.get(f"{reverse(LIST)}?delivery=open").context["cl"].result_count == 0
    assert manager.get(f"{reverse(LIST)}?delivery=back").context["cl"].result_count == 1


def test_what_came_back_from_somebody_who_is_forgotten_waits_for_nobody(back: OutgoingMail) -> None:
    MailRecipient.objects.all().delete()
    assert not mail_log.returned().exists()


def test_mails_that_did_not_come_back_are_not_closed(sent: OutgoingMail) -> None:
    assert do("close_returned", sent) == "None of these came back and was open."
    assert OutgoingMail.objects.get(pk=sent.pk).bounce_closed_at is None
