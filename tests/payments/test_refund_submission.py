"""Refunds are sent once, whatever the provider answers, and one that fails stops no other."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from payments import providers, refund_submission
from payments.models import Attempt, Refund
from privacy import clock
from privacy.models import Alert
from tests.accounts import purchases
from tests.payments import paying
from tests.payments.giving_back import ask, given_back, two
from tests.payments.paying import Till

pytestmark = pytest.mark.django_db
REFUND = {"stripe": "POST /v1/refunds", "paypal": "POST /v2/payments/captures/*/refund"}


@pytest.mark.parametrize("action", ["drop", "error", "down", "html", "limit"])
def test_a_refund_whose_answer_is_lost_is_made_once(till: Till, bought: Attempt, action: str) -> None:
    refund = ask(bought)
    till.sandbox.faults({"match": REFUND[till.name], "times": 2, "action": action})
    refund_submission.submit_due()
    refund.refresh_from_db()
    assert (refund.state, purchases.states(bought.order)) == ("requested", ["suspended", "suspended"])
    assert refund_submission.submit_due() == 0
    assert refund.next_try_at is not None
    with clock.at(refund.next_try_at):
        assert refund_submission.submit_due() == 1
    refund.refresh_from_db()
    assert (refund.state, given_back(till)) == ("succeeded", 23800)


def test_a_call_that_the_provider_has_forgotten_is_looked_up_and_not_repeated(till: Till, bought: Attempt) -> None:
    refund = ask(bought)
    till.sandbox.faults({"match": REFUND[till.name], "times": 2, "action": "drop"})
    refund_submission.submit_due()
    till.sandbox.faults()
    with clock.at(clock.now() + timedelta(hours=25)):
        refund_submission.submit_due()
    refund.refresh_from_db()
    assert (refund.state, given_back(till)) == ("succeeded", 23800)


def test_a_forgotten_call_of_which_the_provider_shows_nothing_calls_a_person(till: Till, bought: Attempt) -> None:
    refund = ask(bought)
    till.sandbox.faults({"match": REFUND[till.name], "times": 2, "action": "down"})
    refund_submission.submit_due()
    till.sandbox.faults()
    with clock.at(clock.now() + timedelta(hours=25)):
        refund_submission.submit_due()
    refund.refresh_from_db()
    assert (refund.state, refund.next_try_at, given_back(till)) == ("requested", None, 0)
    assert Alert.objects.get().kind == "refund_unclear"


def test_a_refund_that_can_not_be_written_stops_no_other(till: Till, client: Client) -> None:
    refused, _ = two(till, client)
    paying.refuse("payments_refund", f"id = {refused.pk} AND state = 'succeeded'")
    assert refund_submission.submit_due() == 2
    assert list(Refund.objects.values_list("state", flat=True)) == ["requested", "succeeded"]
    assert Alert.objects.count() == 0
    Refund.objects.filter(pk=refused.pk).update(tries=refund_submission.MOST_TRIES - 1, next_try_at=clock.now())
    assert refund_submission.submit_due() == 1
    assert [(alert.kind, alert.key) for alert in Alert.objects.all()] == [("refund_stuck", str(refused.pk))]
    assert Refund.objects.filter(pk=refused.pk, next_try_at__gt=clock.now()).exists()


def test_a_refund_whose_answer_can_not_be_read_stops_no_other(till: Till, client: Client) -> None:
    till.sandbox.switch(refunds="pending")
    garbled, _ = two(till, client)
    assert refund_submission.submit_due() == 2
    objects = till.sandbox.provider.objects
    for refund in Refund.objects.all():
        till.sandbox.act("complete_refund", refund.provider_refund)
    garbled.refresh_from_db()
    objects.save(objects.find("refund", garbled.provider_refund) | {"amount": "much"})
    Refund.objects.update(next_try_at=clock.now())
    assert refund_submission.submit_due() == 2
    assert list(Refund.objects.values_list("state", flat=True)) == ["submitted", "succeeded"]


def test_a_worker_that_dies_leaves_the_refunds_that_it_had_not_begun(
    stripe_sandbox: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, second = two(Till("stripe", stripe_sandbox), client)
    monkeypatch.setitem(providers._PROVIDERS, "stripe", paying.Deadly())
    with pytest.raises(SystemExit):
        refund_submission.submit_due()
    second.refresh_from_db()
    assert second.tries == 0
