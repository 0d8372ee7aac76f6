"""The mails of a paid order, as a person reads them."""

import re
from datetime import timedelta
from decimal import Decimal
from email.message import EmailMessage

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from accounts import license_keys, licenses
from accounts.licenses.opening import AGREED
from accounts.models import License, Suspension
from privacy import clock, mails
from privacy.models import OutgoingMail
from shop import order_consents, orders, receipts, words
from shop.models import Edition, Order
from tests.accounts import purchases

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(mailoutbox: list[EmailMultiAlternatives]) -> list[EmailMultiAlternatives]:
    return mailoutbox


def html_of(mail: EmailMultiAlternatives) -> str:
    [(html, kind)] = mail.alternatives
    assert kind == "text/html"
    return str(html)


def test_the_whole_mail_of_an_order_with_its_keys_reads_well(sent: list[EmailMultiAlternatives]) -> None:
    order = purchases.paid((purchases.edition(sold_per=Edition.SoldPer.SEAT), 5), at_once=True, term_months=None)
    line, [key] = order.lines.get(), purchases.keys_of(order)
    assert mails.send_due() == 1
    [mail] = sent
    assert (mail.to, mail.subject) == (["ada@example.com"], f"Your order {order.number}: 1 key")
    day = re.search(rf"Order {order.number}, (\d+ \w+ \d{{4}})", mail.body)
    assert day is not None
    assert (
        mail.body
        == f"""\
Paid. Here is your key.

Hello Ada Lovelace,

You chose to have the keys at once. Each one also stands on your order page.

On {words.moment(order.consent_at)} you agreed: “{order_consents.TEXT.words}” This mail confirms it.

{line.product_name}
Team, 5 seats, no end
    {license_keys.text_of(key)}

Your order: {orders.link(order)}
Anyone with this link can see the order. Keep it to yourself.

Order {order.number}, {day[1]}
{line.product_name} Team, 5 seats: €500.00
VAT, 19%, Germany: €95.00
Paid by card: €595.00

--
You get this mail because you bought from us. There is no list to leave.
Questions: answer this mail. Deletion of your data: write so in an answer, that is enough.
AzureOps, {settings.SITE_URL}
Imprint: {settings.SITE_URL}/pages/imprint/
Privacy policy: {settings.SITE_URL}/privacy/
"""
    )


def test_a_sealed_order_says_how_and_until_when_it_can_be_returned(sent: list[EmailMultiAlternatives]) -> None:
    purchases.paid((purchases.edition(), 1))
    purchases.paid((purchases.edition(), 1), is_business=True)
    mails.send_due()
    to_consumer, to_company = (mail.body for mail in sent)
    assert "you can return what stays sealed without a reason" in to_consumer
    assert f"{settings.SITE_URL}/requests/withdrawal/" in to_consumer
    assert "without a reason" not in to_company


@pytest.mark.promise("P6b")
def test_opening_sealed_keys_is_confirmed_to_a_consumer_once(sent: list[EmailMultiAlternatives]) -> None:
    """Directive 2011/83/EU, Art. 16(m)(iii): without this mail the right to withdraw would not have ended."""
    order = purchases.paid((purchases.edition(), 3))
    company = purchases.paid((purchases.edition(), 1), is_business=True)
    mails.send_due()
    sent.clear()
    one, *_ = purchases.keys_of(order)
    for _ in range(2):
        licenses.open_key(one.pk, order=order)
    licenses.open_key(purchases.keys_of(company)[0].pk, order=company)
    mails.send_due()
    [mail] = sent
    one.refresh_from_db()
    assert one.opened_at is not None
    assert (mail.to, mail.subject) == (["ada@example.com"], f"Order {order.number}: 1 key opened")
    assert AGREED in mail.body
    assert f"{order.lines.get().product_name} Team: {words.moment(one.opened_at)}" in mail.body
    licenses.open_all(order)
    mails.send_due()
    assert sent[-1].subject == f"Order {order.number}: 3 keys opened"
    late = purchases.paid((purchases.edition(), 1))
    Order.objects.filter(pk=late.pk).update(paid_at=clock.now() - timedelta(days=20))
    licenses.open_key(purchases.keys_of(late)[0].pk, order=late)
    assert not OutgoingMail.objects.filter(kind="keys_opened", object_id=late.pk).exists()


def test_html_and_text_say_the_same(sent: list[EmailMultiAlternatives]) -> None:
    order = purchases.paid((purchases.edition(), 2), at_once=True)
    mails.send_due()
    html = html_of(sent[0])
    for group in "-".join(license_keys.text_of(key) for key in purchases.keys_of(order)).split("-"):
        assert f">{group}</td>" in html
    for part in ("Paid. Here are your keys.", "€200.00", "VAT, 19%, Germany", "€238.00", orders.link(order)):
        assert part in html


def test_names_are_escaped_in_html_and_plain_in_text(sent: list[EmailMultiAlternatives]) -> None:
    order = purchases.order((purchases.edition(), 1))
    order.party.name = "Tom & <b>Co</b>"
    order.party.save()
    purchases.pay(order)
    mails.send_due()
    assert "Hello Tom & <b>Co</b>," in sent[0].body
    assert "Hello Tom &amp; &lt;b&gt;Co&lt;/b&gt;," in html_of(sent[0])


def test_sealed_keys_are_not_in_the_mail(sent: list[EmailMultiAlternatives]) -> None:
    order = purchases.paid((purchases.edition(), 2))
    mails.send_due()
    keys = [license_keys.text_of(key) for key in purchases.keys_of(order)]
    assert sent[0].subject == f"Your order {order.number}: 2 keys"
    assert "Paid. Your keys are ready." in sent[0].body
    assert "choose “Show my key”" in sent[0].body
    assert not any(key in part for key in keys for part in (sent[0].body, html_of(sent[0])))


def test_an_opened_key_of_a_sealed_order_is_not_mailed_later(sent: list[EmailMultiAlternatives]) -> None:
    order = purchases.paid((purchases.edition(), 1))
    [key] = purchases.keys_of(order)
    licenses.open_key(key.pk, order=order)
    mails.send_due()
    assert license_keys.text_of(key) not in sent[0].body


@pytest.mark.parametrize("at_once", [True, False])
def test_keys_go_to_the_other_address_only(sent: list[EmailMultiAlternatives], at_once: bool) -> None:
    order = purchases.paid((purchases.edition(), 1), at_once=at_once, delivery_email="it@example.com")
    [key] = [license_keys.text_of(key) for key in purchases.keys_of(order)]
    mails.send_due()
    buyer, other = sorted(sent, key=lambda mail: mail.to[0])
    assert (buyer.to, other.to) == (["ada@example.com"], ["it@example.com"])
    assert other.subject == f"1 key of order {order.number}"
    assert (key in buyer.body, key in other.body) == (False, at_once)
    assert "Ada Lovelace bought from AzureOps" in other.body
    assert "€" not in other.body + html_of(other)


def test_sent_again_after_money_went_back_it_says_what_is_left(sent: list[EmailMultiAlternatives]) -> None:
    order = purchases.paid((purchases.edition(), 2))
    with transaction.atomic():
        receipts.issue(orders.lock(order.pk))
        receipts.credit(order, about="refund:1", amount=Decimal(119), tax=Decimal(19))
    mails.send_due()
    assert "Since then €119.00 went back to you. What is left is €119.00, of which €19.00 is tax." in sent[0].body
    assert "Since then €119.00 went back to you." in html_of(sent[0])
    assert [word for word in ("R-2", "C-2") if word in sent[0].body] == ["R-2", "C-2"]


def test_a_back_order_is_said_and_its_keys_follow(sent: list[EmailMultiAlternatives]) -> None:
    sold = purchases.edition(pool=1)
    purchases.paid((sold, 3), at_once=True)
    mails.send_due()
    [new] = purchases.fill(sold, 1)
    licenses.deliver_backorders()
    mails.send_due()
    confirmation, later = sent
    assert "2 keys more follow by mail as soon as we have them." in confirmation.body
    assert "Now they are here." in later.body
    assert "1 key more follows by mail" in later.body
    assert (new in confirmation.body, new in later.body) == (False, True)


def test_an_order_without_keys_says_that_they_follow(sent: list[EmailMultiAlternatives]) -> None:
    order = purchases.paid((purchases.edition(pool=0), 1))
    mails.send_due()
    assert sent[0].subject == f"Your order {order.number} is paid"
    assert "Our stock of keys is empty at the moment." in sent[0].body


def test_a_suspended_key_is_left_out(sent: list[EmailMultiAlternatives]) -> None:
    order = purchases.paid((purchases.edition(), 2), at_once=True)
    licenses.suspend(purchases.units_of(order)[:1], reason=Suspension.Reason.DISPUTE, about="1")
    mails.send_due()
    first, second = [license_keys.text_of(key) for key in purchases.keys_of(order)]
    assert (first in sent[0].body, second in sent[0].body) == (False, True)


def test_no_mail_leaves_for_an_order_that_has_lost_its_person(sent: list[EmailMultiAlternatives]) -> None:
    nameless = purchases.paid((purchases.edition(), 1), delivery_email="it@example.com")
    nameless.party.delete()
    orders.hold(nameless.pk, by=None, reason="odd")
    assert mails.send_due() == 0
    assert list(OutgoingMail.objects.values_list("state", flat=True)) == ["dropped", "dropped"]
    assert sent == []


def test_the_mails_of_an_order_on_hold_wait_and_leave_once_it_is_released(sent: list[EmailMultiAlternatives]) -> None:
    order = purchases.paid((purchases.edition(), 1), delivery_email="it@example.com")
    Order.objects.filter(pk=order.pk).update(state=Order.State.ON_HOLD)
    assert (mails.send_due(), sent) == (0, [])
    assert list(OutgoingMail.objects.values_list("state", "tries")) == [("pending", 0), ("pending", 0)]
    Order.objects.filter(pk=order.pk).update(state=Order.State.PAID)
    OutgoingMail.objects.update(next_try_at=clock.now())
    assert mails.send_due() == 2
    assert sorted(mail.to[0] for mail in sent) == ["ada@example.com", "it@example.com"]


def test_the_mail_of_a_thousand_keys_holds_them_all_and_can_be_shown(sent: list[EmailMultiAlternatives]) -> None:
    order = purchases.paid((purchases.edition(), 999), at_once=True)
    mails.send_due()
    keys = {license_keys.text_of(key) for key in purchases.keys_of(order)}
    found = set(re.findall(r"\b(?:[2-9A-Z]{5}-){4}[2-9A-Z]{5}\b", sent[0].body))
    assert found == keys
    assert len(html_of(sent[0]).encode()) < 300_000


def test_a_pool_key_of_another_form_is_mailed_as_it_is(sent: list[EmailMultiAlternatives]) -> None:
    sold = purchases.edition(pool=0)
    [text] = purchases.fill(sold, 1)
    purchases.paid((sold, 1), at_once=True)
    mails.send_due()
    assert (text in sent[0].body, text in html_of(sent[0])) == (True, True)


def test_a_mail_is_multipart_with_text_first(sent: list[EmailMultiAlternatives]) -> None:
    purchases.paid((purchases.edition(), 1))
    mails.send_due()
    message = sent[0].message()
    assert isinstance(message, EmailMessage) or message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.get_payload()] == ["text/plain", "text/html"]


def test_licenses_outlive_the_mail(sent: list[EmailMultiAlternatives]) -> None:
    order = purchases.paid((purchases.edition(), 1))
    Order.objects.filter(pk=order.pk).update(state=Order.State.ON_HOLD)
    assert (mails.send_due(), License.objects.count()) == (0, 1)
