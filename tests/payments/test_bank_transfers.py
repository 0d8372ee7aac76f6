"""Bank transfers: instructions, fourteen days, and what people at the desk record."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from payments import attempts, bank_transfers, methods, reconciliation, refund_submission, refunds
from payments.models import Attempt, ProviderCall, Refund
from payments.providers.base import ProviderError
from privacy import clock, mails
from privacy.models import Alert
from shop import orders, payment_methods
from shop.models import Order
from tests import desk
from tests.accounts import purchases
from tests.payments import paying
from tests.payments.paying import Till

pytestmark = pytest.mark.django_db
IBAN = "DE89370400440532013000"


@pytest.fixture(autouse=True)
def account(settings: Any) -> None:
    settings.BANK_TRANSFER_IBAN, settings.BANK_TRANSFER_HOLDER = IBAN, "AzureOps GmbH"
    settings.BANK_TRANSFER_BIC = "COBADEFFXXX"


@pytest.fixture
def waiting() -> Attempt:
    """An order whose buyer chose to pay by bank transfer."""
    placed = paying.order()
    Order.objects.filter(pk=placed.pk).update(payment_method="bank_transfer")
    placed.refresh_from_db()
    assert attempts.begin(placed, "manual") == orders.path(placed)
    return Attempt.objects.select_related("order").get(order=placed)


def test_it_is_offered_once_account_and_holder_are_known(settings: Any) -> None:
    assert "bank_transfer" in [method.name for method in payment_methods.offered("US", "EUR")]
    settings.BANK_TRANSFER_HOLDER = ""
    assert "bank_transfer" not in [method.name for method in payment_methods.offered("US", "EUR")]


def test_the_buyer_is_told_how_to_pay_on_the_page_and_by_mail(waiting: Attempt, client: Client) -> None:
    assert (waiting.state, waiting.next_look_at, ProviderCall.objects.count()) == ("requires_action", None, 0)
    page = client.get(orders.path(waiting.order)).content.decode()
    mails.send_due()
    [sent] = mail.outbox
    assert sent.subject == f"How to pay your order {waiting.order.number}"
    for part in ("€119.00", "AzureOps GmbH", "DE89 3704 0044 0532 0130 00", "COBADEFFXXX", waiting.order.number):
        assert part in page
        assert part in sent.body
    assert 'value="bank_transfer"' not in page
    until = waiting.order.expires_at
    assert f"You can pay until {until.day} {until:%B %Y, %H:%M} UTC." in page


def test_it_waits_for_fourteen_days_and_nobody_is_asked(waiting: Attempt) -> None:
    assert waiting.order.expires_at == waiting.order.placed_at + timedelta(days=14)
    with clock.at(waiting.order.expires_at - timedelta(minutes=1)):
        assert (reconciliation.look_at_due(), reconciliation.expire_due()) == (0, 0)
    with clock.at(waiting.order.expires_at + timedelta(minutes=1)):
        assert reconciliation.expire_due() == 1
    assert paying.states(waiting) == ("cancelled", "expired", [])
    assert Alert.objects.count() == 0


def test_choosing_it_again_changes_nothing(waiting: Attempt) -> None:
    assert methods.pay_again(waiting.order, "bank_transfer", address="") == orders.path(waiting.order)
    assert Attempt.objects.count() == 1


def test_who_turns_to_a_card_has_a_card_s_time(waiting: Attempt, stripe_sandbox: Any) -> None:
    methods.pay_again(waiting.order, "card", address="")
    order = Order.objects.get(pk=waiting.order_id)
    assert order.expires_at - clock.now() <= timedelta(minutes=35)
    assert list(Attempt.objects.values_list("provider", "state")) == [
        ("manual", "cancelled"),
        ("stripe", "requires_action"),
    ]
    methods.pay_again(order, "bank_transfer", address="")
    assert Order.objects.get(pk=order.pk).expires_at == order.placed_at + timedelta(days=14)


def test_recorded_money_pays_the_order_once(waiting: Attempt) -> None:
    manager = desk.person("Shop Manager")
    assert bank_transfers.record_arrival(waiting.pk, amount=Decimal(119), by=manager)
    assert paying.states(waiting) == ("captured", "paid", ["assigned"])
    told = waiting.order.events.get(kind="payment_recorded")
    assert (told.by_id, told.detail) == (manager.pk, "119.00 EUR, manual")
    assert not bank_transfers.record_arrival(waiting.pk, amount=Decimal(119), by=manager)
    assert purchases.states(waiting.order) == ["assigned"]


@pytest.mark.parametrize("amount", ["118.99", "119.01"])
def test_another_amount_waits_for_a_decision(waiting: Attempt, amount: str) -> None:
    bank_transfers.record_arrival(waiting.pk, amount=Decimal(amount), by=desk.person("Shop Manager"))
    assert paying.states(waiting) == ("captured", "on_hold", [])
    waiting.refresh_from_db()
    assert (waiting.problem, waiting.amount) == ("amount_mismatch", Decimal(amount))


def test_money_that_arrives_after_the_end_still_pays(waiting: Attempt) -> None:
    with clock.at(waiting.order.expires_at + timedelta(minutes=1)):
        reconciliation.expire_due()
        bank_transfers.record_arrival(waiting.pk, amount=Decimal(119), by=desk.person("Shop Manager"))
    assert paying.states(waiting) == ("captured", "paid", ["assigned"])


def test_nobody_records_what_a_provider_tells(stripe_sandbox: Any) -> None:
    attempt, _ = paying.begun(Till("stripe", stripe_sandbox))
    with pytest.raises(bank_transfers.NotByHand):
        bank_transfers.record_arrival(attempt.pk, amount=Decimal(119), by=desk.person("Shop Manager"))


@pytest.fixture
def refund(waiting: Attempt) -> Refund:
    bank_transfers.record_arrival(waiting.pk, amount=Decimal(119), by=desk.person("Shop Manager"))
    waiting.order = orders.lock(waiting.order_id)
    [made] = refunds.give_back(waiting.order, by=None, reason="Asked for.")
    refund_submission.submit_due()
    return made


def test_a_refund_calls_a_person_who_records_it(refund: Refund) -> None:
    refund.refresh_from_db()
    assert (refund.state, refund.next_try_at) == ("submitted", None)
    assert [alert.kind for alert in Alert.objects.filter(closed_at__isnull=True)] == ["refund_by_hand"]
    assert refund_submission.submit_due() == 0
    manager = desk.person("Shop Manager")
    assert bank_transfers.record_return(refund.pk, by=manager)
    refund.refresh_from_db()
    assert (refund.state, purchases.states(refund.attempt.order)) == ("succeeded", ["revoked"])
    assert Alert.objects.filter(closed_at__isnull=True).count() == 0
    assert not bank_transfers.record_return(refund.pk, by=manager)


def test_the_desk_records_arrival_and_return(waiting: Attempt) -> None:
    client = desk.at_desk("Shop Manager")
    of_order = f"/admin/shop/order/{waiting.order_id}/change/"
    address = f"/admin/payments/attempt/{waiting.pk}/arrival/"
    assert address in client.get(of_order).content.decode()
    asked = client.get(address).content.decode()
    assert ('value="119.00"' in asked, "Look at the bank statement first." in asked) == (True, True)
    assert "Type the amount that arrived." in client.post(address, {"amount": ""}).content.decode()
    answer = client.post(address, {"amount": "119.00"}, follow=True)
    assert (
        answer.redirect_chain[0][0],
        f"Recorded. Order {waiting.order.number} is paid." in answer.content.decode(),
    ) == (
        of_order,
        True,
    )
    assert address not in answer.content.decode()
    assert "recorded before" in client.post(address, {"amount": "119.00"}, follow=True).content.decode()
    waiting.order = orders.lock(waiting.order_id)
    [made] = refunds.give_back(waiting.order, by=None, reason="Asked for.")
    refund_submission.submit_due()
    sent = f"/admin/payments/refund/{made.pk}/sent/"
    assert sent in client.get("/admin/payments/refund/").content.decode()
    assert client.get(sent).status_code == 200
    assert "is told" in client.post(sent, follow=True).content.decode()
    assert client.post(sent).status_code == 404


@pytest.mark.promise("P9a")
def test_only_who_may_records(waiting: Attempt) -> None:
    client = desk.at_desk("Support")
    for address in (f"/admin/payments/attempt/{waiting.pk}/arrival/", "/admin/payments/refund/1/sent/"):
        assert [client.get(address).status_code, client.post(address).status_code] == [403, 403]


def test_a_free_order_is_settled_at_once_and_gives_its_keys_back_without_a_refund() -> None:
    placed = paying.order()
    Order.objects.filter(pk=placed.pk).update(net=0, tax=0, total=0)
    placed.refresh_from_db()
    attempts.begin(placed, "manual")
    attempt = Attempt.objects.get(order=placed)
    assert (attempt.provider, *paying.states(attempt)) == ("free", "captured", "paid", ["assigned"])
    orders.hold(placed.pk, by=None, reason="Looks odd.")
    orders.cancel(placed.pk, by=None, reason="Not as agreed.")
    assert (paying.states(attempt), Refund.objects.count()) == (("captured", "cancelled", ["revoked"]), 0)
    with pytest.raises(ProviderError):
        refund_submission.look("free", "nothing")


def test_the_address_of_the_return_page_knows_no_bank(client: Client) -> None:
    token = orders.token(paying.order())
    assert client.get(reverse("payment_return", args=["stripe", token]).replace("stripe", "manual")).status_code == 404
