"""What a provider says about a refund becomes what the shop knows; one made there is taken in."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client

from payments import refund_settlement, refund_submission, webhooks
from payments.models import Attempt, Reference, Refund
from payments.providers.base import RefundSnapshot
from privacy import clock
from privacy.models import Alert
from shop import orders
from tests.accounts import purchases
from tests.payments import paying
from tests.payments.giving_back import ask, two, units
from tests.payments.paying import Till
from tests.payments.test_webhooks import deliver

pytestmark = pytest.mark.django_db
REFUND = {"stripe": "POST /v1/refunds", "paypal": "POST /v2/payments/captures/*/refund"}


def test_a_refused_refund_gives_the_keys_back_and_calls_a_person(till: Till, bought: Attempt) -> None:
    till.sandbox.act("refund", bought.reference(till.kind))
    refund = ask(bought)
    refund_submission.submit_due()
    refund.refresh_from_db()
    assert refund.state == "failed"
    assert refund.problem == {"stripe": "charge_already_refunded", "paypal": "CAPTURE_FULLY_REFUNDED"}[till.name]
    assert (units(bought), purchases.states(bought.order)) == (["fulfilled"] * 2, ["assigned"] * 2)
    assert Alert.objects.get().kind == "refund_failed"


def test_a_pending_refund_leaves_the_keys_suspended_until_it_is_made(till: Till, bought: Attempt) -> None:
    till.sandbox.switch(refunds="pending")
    refund = ask(bought)
    refund_submission.submit_due()
    refund.refresh_from_db()
    assert (refund.state, purchases.states(bought.order)) == ("submitted", ["suspended", "suspended"])
    till.sandbox.act("complete_refund", refund.provider_refund)
    assert refund.next_try_at is not None
    with clock.at(refund.next_try_at):
        refund_submission.submit_due()
    assert (units(bought), purchases.states(bought.order)) == (["refunded"] * 2, ["revoked"] * 2)


def test_a_refund_that_fails_late_makes_the_keys_work_again(till: Till, bought: Attempt, client: Client) -> None:
    refund = ask(bought)
    refund_submission.submit_due()
    refund.refresh_from_db()
    before = set(till.events())
    till.sandbox.act("fail_refund", refund.provider_refund)
    if till.name == "stripe":
        for event in [event for event in till.events() if event not in before]:
            deliver(client, till, event)
        webhooks.handle_due()
    else:
        refund_submission.look(till.name, refund.provider_refund)
    refund.refresh_from_db()
    assert refund.state == "failed"
    assert (units(bought), purchases.states(bought.order)) == (["fulfilled"] * 2, ["assigned"] * 2)
    assert Alert.objects.get().kind == "refund_failed"


def another(till: Till, refund: Refund, **changes: Any) -> str:
    """A refund at the provider that bears the id of ours, as one of another shop on the same account may; its id."""
    refund_submission.submit_due()
    refund.refresh_from_db()
    objects = till.sandbox.provider.objects
    objects.save(objects.find("refund", refund.provider_refund) | changes)
    identifier = refund.provider_refund
    Refund.objects.filter(pk=refund.pk).update(provider_refund="")
    return identifier


def test_a_refund_of_another_payment_that_bears_our_id_is_not_ours(till: Till, client: Client) -> None:
    till.sandbox.switch(refunds="pending")
    first, second = two(till, client)
    identifier = another(till, first)
    Reference.objects.filter(attempt=first.attempt).update(value=Concat(Value("x"), "value"))
    assert not refund_submission.look(till.name, identifier)
    till.sandbox.act("complete_refund", identifier)
    assert not refund_submission.look(till.name, identifier)
    first.refresh_from_db()
    assert (first.state, first.provider_refund) == ("submitted", "")
    assert [(alert.kind, alert.key) for alert in Alert.objects.all()] == [("refund_mismatch", str(first.pk))]
    assert second.attempt_id != first.attempt_id


def test_a_refund_of_our_payment_that_bears_our_id_is_ours(till: Till, client: Client) -> None:
    till.sandbox.switch(refunds="pending")
    refund, _ = two(till, client)
    identifier = another(till, refund)
    till.sandbox.act("complete_refund", identifier)
    assert refund_submission.look(till.name, identifier)
    refund.refresh_from_db()
    assert (refund.state, refund.provider_refund, Alert.objects.count()) == ("succeeded", identifier, 0)


@pytest.mark.parametrize("changes", [{"amount": Decimal("118.99")}, {"currency": "USD"}])
def test_a_refund_of_other_money_changes_nothing(bought: Attempt, changes: dict[str, Any]) -> None:
    refund = ask(bought, 1)
    right = RefundSnapshot(state="succeeded", provider_refund="re_1", amount=Decimal(119), currency="EUR")
    refund_settlement.apply_snapshot(refund.pk, replace(right, **changes))
    refund.refresh_from_db()
    assert (refund.state, refund.provider_refund) == ("requested", "")
    assert (units(bought), Alert.objects.get().kind) == (["fulfilled"] * 2, "refund_mismatch")
    refund_settlement.apply_snapshot(refund.pk, right)
    assert units(bought) == ["refunded", "fulfilled"]


def test_a_full_refund_made_at_the_provider_takes_all_units(till: Till, bought: Attempt, client: Client) -> None:
    before = set(till.events())
    till.sandbox.act("refund", bought.reference(till.kind))
    for event in [event for event in till.events() if event not in before]:
        assert deliver(client, till, event) == 200
    webhooks.handle_due()
    refund = Refund.objects.get()
    assert (refund.state, refund.kind, refund.amount) == ("succeeded", "units", Decimal("238.000"))
    assert (units(bought), purchases.states(bought.order)) == (["refunded"] * 2, ["revoked"] * 2)
    assert Alert.objects.get().kind == "refund_at_provider"


def test_a_partial_refund_made_at_the_provider_takes_no_unit(till: Till, bought: Attempt, client: Client) -> None:
    before = set(till.events())
    till.sandbox.act("refund", bought.reference(till.kind), amount=5000)
    for event in [event for event in till.events() if event not in before] * 2:
        deliver(client, till, event)
    webhooks.handle_due()
    refund = Refund.objects.get()
    assert (refund.state, refund.kind, refund.amount) == ("succeeded", "amount", Decimal("50.000"))
    assert units(bought) == ["fulfilled", "fulfilled"]


def test_a_refund_of_a_cancelled_order_that_fails_late_hands_out_no_key(till: Till, bought: Attempt) -> None:
    orders.hold(bought.order_id, by=None, reason="A doubt.")
    orders.cancel(bought.order_id, by=None, reason="The doubt was right.")
    refund_submission.submit_due()
    refund = Refund.objects.get()
    till.sandbox.act("fail_refund", refund.provider_refund)
    refund_submission.look(till.name, refund.provider_refund)
    assert paying.states(bought) == ("captured", "cancelled", ["revoked", "revoked"])
    assert Alert.objects.filter(kind="refund_failed").exists()
