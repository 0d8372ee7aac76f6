"""A payment has its receipt, a refund its credit note, whichever provider says so; the order's page leads to both."""

import re
from decimal import Decimal

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from payments import credit_notes, refund_settlement, refunds
from payments.models import Attempt, Refund
from payments.providers.base import RefundSnapshot
from privacy import mails
from privacy.models import OutgoingMail
from shop import orders, receipts
from shop.models import AccountingDocument, Order
from tests.accounts.conftest import person
from tests.payments import paying
from tests.payments.paying import Till

pytestmark = pytest.mark.django_db
State = Refund.State


@pytest.fixture
def bought(till: Till, client: Client) -> Attempt:
    """Two licenses for 238.00 EUR, paid and delivered."""
    return paying.paid(till, client, paying.order(2))


def refund(attempt: Attempt, count: int = 1, *states: str) -> Refund:
    """Gives the first `count` units back, through these states."""
    with transaction.atomic():
        attempt.order = orders.lock(attempt.order_id)
        asked = refunds.request_units(attempt, refunds.units_left(attempt.order)[:count], by=None, reason="Asked.")
    for state in states:
        snapshot = RefundSnapshot(
            state=state, amount=asked.amount, currency=attempt.currency, provider_refund=f"re_{asked.pk}"
        )
        refund_settlement.apply_snapshot(asked.pk, snapshot)
    return Refund.objects.select_related("attempt__order").get(pk=asked.pk)


def kinds(order: Order) -> list[str]:
    return [f"{document.kind} {document.total}" for document in AccountingDocument.objects.filter(order=order)]


def test_a_payment_has_one_receipt_however_often_it_is_told(bought: Attempt, till: Till, client: Client) -> None:
    paying.come_back(client, till, bought, "again")
    assert kinds(bought.order) == ["receipt 238.000"]


def test_a_refund_gets_its_note_when_it_has_succeeded_and_not_before(bought: Attempt) -> None:
    made = refund(bought, 1, State.SUBMITTED)
    assert kinds(bought.order) == ["receipt 238.000"]
    snapshot = RefundSnapshot(
        state=State.SUCCEEDED, amount=made.amount, currency="EUR", provider_refund=f"re_{made.pk}"
    )
    refund_settlement.apply_snapshot(made.pk, snapshot)
    refund_settlement.apply_snapshot(made.pk, snapshot)
    assert kinds(bought.order) == ["receipt 238.000", "credit_note -119.000"]


def test_a_refund_that_fails_has_no_note_and_one_that_fails_late_is_reversed(bought: Attempt) -> None:
    refund(bought, 1, State.FAILED)
    assert kinds(bought.order) == ["receipt 238.000"]
    refund(bought, 1, State.SUCCEEDED, State.FAILED)
    assert kinds(bought.order) == ["receipt 238.000", "credit_note -119.000", "reversal 119.000"]
    mails.send_due()
    assert receipts.of(bought.order)[-1].label in mail.outbox[-1].body
    assert [row.kind for row in OutgoingMail.objects.filter(kind="refund_failed")] == ["refund_failed"]


def test_money_beside_the_sale_gets_no_note(bought: Attempt) -> None:
    second = Attempt.objects.create(
        order=bought.order,
        number=9,
        provider="stripe",
        amount=238,
        currency="EUR",
        state="captured",
        captured_at=bought.captured_at,
    )
    with transaction.atomic():
        second.order = orders.lock(bought.order_id)
        back = refunds.request_amount(second, Decimal(238), by=None, reason="Twice.", is_of_sale=False)
    snapshot = RefundSnapshot(state=State.SUCCEEDED, amount=back.amount, currency="EUR", provider_refund="re_second")
    refund_settlement.apply_snapshot(back.pk, snapshot)
    assert kinds(bought.order) == ["receipt 238.000"]


def test_tax_that_was_not_owed_gives_a_note_and_a_new_receipt_in_one_mail(bought: Attempt) -> None:
    Order.objects.filter(pk=bought.order_id).update(is_business=True)
    with transaction.atomic():
        bought.order = orders.lock(bought.order_id)
        back = refunds.request_tax(bought, bought.order.tax, by=None, reason="The number is valid.")
    snapshot = RefundSnapshot(state=State.SUCCEEDED, amount=back.amount, currency="EUR", provider_refund="re_tax")
    refund_settlement.apply_snapshot(back.pk, snapshot)
    assert kinds(bought.order) == ["receipt 238.000", "credit_note -238.000", "receipt 200.000"]
    mails.send_due()
    sent = next(each for each in mail.outbox if "way back" in each.body)
    back.attempt.order.refresh_from_db()
    for document in credit_notes.documents_of(back):
        assert f"{document.label}/" in sent.body


def test_the_order_page_leads_to_its_documents_and_to_no_other(bought: Attempt, client: Client) -> None:
    refund(bought, 1, State.SUCCEEDED)
    page = client.get(orders.path(bought.order)).content.decode()
    addresses = re.findall(r'href="([^"]+/receipts/[^"]+)"', page)
    assert len(addresses) == 2
    texts = [client.get(address).content.decode() for address in addresses]
    assert "Receipt R-" in texts[0]
    assert "Credit note C-" in texts[1]
    assert "Ada Lovelace" in texts[1]
    assert "€-119.00" in texts[1] or "-€119.00" in texts[1]
    other = paying.order()
    missing = client.get(addresses[0].replace(orders.token(bought.order), orders.token(other)))
    assert missing.status_code == 404
    assert missing.content == client.get(reverse("order_receipt", args=["x", "R-2026-000001"])).content


def test_after_erasure_the_receipt_shows_the_same_facts_without_the_person(bought: Attempt, client: Client) -> None:
    label = AccountingDocument.objects.get().label
    address = f"{orders.path(bought.order)}receipts/{label}/"
    assert "Ada Lovelace" in client.get(address).content.decode()
    bought.order.party.delete()
    page = client.get(address).content.decode()
    assert "Ada" not in page
    assert "Name and address removed on" in page
    assert "€238.00" in page


def test_an_account_sees_the_receipts_of_its_own_orders(till: Till, client: Client) -> None:
    ada, bob = person("ada@example.com"), person("bob@example.com")
    attempt = paying.paid(till, client, paying.order(1, user=ada))
    address = reverse("account_receipt", args=[attempt.order.number, AccountingDocument.objects.get().label])
    client.force_login(ada)
    assert client.get(address).status_code == 200
    client.force_login(bob)
    assert client.get(address).status_code == 404
