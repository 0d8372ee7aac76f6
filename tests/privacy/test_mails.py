from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail as mailbox
from django.db import connection

from privacy import clock, mails
from privacy.models import Alert, OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(mails, "_kinds", {})

    @mails.kind("hello")
    def hello(object_id: int) -> mails.Mail:
        context = {"orders": [{"number": "AO-1", "day": "1 May 2026", "url": "https://shop.example/order/x/"}]}
        return mails.Mail(
            to="ada@example.com", subject="Hello\r\nBcc: x", template="mails/order_links", context=context
        )

    @mails.kind("gone")
    def gone(object_id: int) -> None:
        return None

    @mails.kind("broken")
    def broken(object_id: int) -> mails.Mail:
        raise RuntimeError("template broke for ada@example.com")

    return


def test_one_occasion_gives_one_mail_with_a_stable_id() -> None:
    for _ in range(3):
        mails.queue("hello", 7)
    mails.queue("hello", 7, occasion="again")
    assert OutgoingMail.objects.count() == 2
    assert mails.send_due() == 2
    first, second = mailbox.outbox
    assert first.to == ["ada@example.com"]
    assert first.subject == "Hello Bcc: x"
    assert first.alternatives[0][1] == "text/html"
    assert first.extra_headers["Auto-Submitted"] == "auto-generated"
    ids = [message.extra_headers["Message-ID"] for message in (first, second)]
    assert ids == [mails.message_id(row) for row in OutgoingMail.objects.order_by("pk")]
    assert len(set(ids)) == 2
    assert mails.send_due() == 0


def test_a_mail_that_is_no_longer_needed_is_dropped() -> None:
    mails.queue("gone", 1)
    assert mails.send_due() == 0
    assert OutgoingMail.objects.get().state == "dropped"


def test_a_broken_mail_waits_longer_each_time_and_then_alerts(caplog: pytest.LogCaptureFixture) -> None:
    mails.queue("broken", 1)
    mails.queue("hello", 1)
    assert mails.send_due() == 1
    row = OutgoingMail.objects.get(kind="broken")
    assert (row.state, row.tries) == ("pending", 1)
    for _ in range(mails.MOST_TRIES):
        with clock.at(OutgoingMail.objects.get(kind="broken").next_try_at + timedelta(seconds=1)):
            mails.send_due()
    row.refresh_from_db()
    assert (row.state, row.tries) == ("failed", mails.MOST_TRIES)
    assert Alert.objects.get().kind == "mail_failed"
    assert "ada@example.com" not in caplog.text


def test_a_mail_that_has_to_wait_waits_without_an_end() -> None:
    @mails.kind("held")
    def held(object_id: int) -> mails.Mail:
        raise mails.NotNow

    mails.queue("held", 1)
    for _ in range(mails.MOST_TRIES + 2):
        with clock.at(OutgoingMail.objects.get().next_try_at + timedelta(seconds=1)):
            mails.send_due(1)
    assert (OutgoingMail.objects.get().state, OutgoingMail.objects.get().tries) == ("pending", 0)


def test_a_claimed_mail_is_out_of_reach_for_others_and_comes_back() -> None:
    mails.queue("hello", 1)
    claimed = mails._claim()
    assert claimed is not None
    assert mails._claim() is None
    with clock.at(clock.now() + timedelta(seconds=61)):
        assert mails._claim() == claimed


def test_a_row_is_sent_exactly_when_it_has_a_time() -> None:
    mails.queue("hello", 1)
    with pytest.raises(Exception, match="outgoingmail_sent_at_iff_sent"), connection.cursor() as cursor:
        cursor.execute("UPDATE privacy_outgoingmail SET state = 'sent'")


@pytest.mark.parametrize(
    ("typed", "mailed"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("Ada Lovelace c/o Byron", "Ada Lovelace c/o Byron"),
        ("Dr.Müller-O'Neil Jr.", "Dr. Müller-O'Neil Jr."),
        ("J. R. R. Tolkien", "J. R. R. Tolkien"),
        ("https://evil.example/pay now", "https evil. example/pay now"),
        ("Call support@evil.example", "Call support evil. example"),
        ("www.evil。example", "www. evil。 example"),
        ("192.0.2.1\\x", "192. 0. 2. 1 x"),
    ],
)
def test_a_name_becomes_no_link_in_a_mail(typed: str, mailed: str) -> None:
    """Anybody may type a stranger's address at checkout, with a name that says where to pay."""
    mail = mails.Mail(to="ada@example.com", subject="Hello", template="mails/order_links", context={"name": typed})
    assert mail.context["name"] == mailed
