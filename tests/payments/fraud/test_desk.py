"""Fraud reviews at the desk: the queue, the signs in words, one button for each decision, and rules that follow."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from payments import settlement
from payments.models import Attempt, FraudAssessment, FraudRules, Refund
from payments.providers.answers import Snapshot
from privacy import clock
from privacy.models import Look
from shop import orders
from shop.models import Order, OrderHold
from tests import desk
from tests.accounts import purchases

pytestmark = pytest.mark.django_db
QUEUE = "/admin/payments/fraudassessment/"


def held() -> FraudAssessment:
    """An order of one license whose payment the provider called very risky."""
    order = purchases.order((purchases.edition(), 1))
    attempt = Attempt.objects.create(order=order, number=1, provider="manual", amount=order.total, currency="EUR")
    snapshot = Snapshot(state="captured", amount=order.total, currency="EUR", account_country="FR", risk="highest")
    settlement.apply_snapshot(attempt.pk, snapshot)
    return FraudAssessment.objects.select_related("order").get(order=order)


def page_of(assessment: FraudAssessment) -> str:
    return reverse("admin:payments_fraudassessment_change", args=[assessment.pk])


def address(pk: int, decision: str) -> str:
    return reverse(f"admin:payments_fraudassessment_{decision}", args=[pk])


def decide(client: Client, assessment: FraudAssessment, decision: str) -> Any:
    return client.post(address(assessment.pk, decision), follow=True)


@pytest.mark.parametrize(
    ("decision", "state", "keys", "said"),
    [
        ("release", "paid", 1, "Released: the keys of order {} go out."),
        ("cancel", "cancelled", 0, "Cancelled: the money of order {} goes back."),
    ],
)
def test_one_button_decides_and_the_next_order_follows(decision: str, state: str, keys: int, said: str) -> None:
    first, second = held(), held()
    manager = desk.person("Shop Manager")
    answer = decide(desk.enter(manager), first, decision)
    order = Order.objects.get(pk=first.order_id)
    assert (order.state, len(purchases.keys_of(order))) == (state, keys)
    assert OrderHold.objects.get(order=order).released_by == manager
    assert Refund.objects.filter(attempt__order=order).count() == 1 - keys
    assert answer.redirect_chain[-1][0] == page_of(second)
    assert said.format(order.number) in answer.content.decode()


def test_after_the_last_one_the_queue_is_there(client: Client) -> None:
    answer = decide(desk.at_desk("Shop Manager"), held(), "release")
    assert answer.redirect_chain[-1][0] == QUEUE


def test_a_second_press_changes_nothing() -> None:
    assessment, client = held(), desk.at_desk("Shop Manager")
    decide(client, assessment, "release")
    assert "was decided before" in decide(client, assessment, "release").content.decode()
    text = decide(client, assessment, "cancel").content.decode()
    assert f"Order {assessment.order.number} doesn&#x27;t wait any more." in text
    assert Order.objects.get(pk=assessment.order_id).state == "paid"


@pytest.mark.promise("P9a")
@pytest.mark.parametrize("decision", ["release", "cancel"])
def test_support_decides_nothing(decision: str) -> None:
    assessment = held()
    assert decide(desk.at_desk("Support"), assessment, decision).status_code == 403
    assert Order.objects.get(pk=assessment.order_id).state == "on_hold"


@pytest.mark.parametrize("decision", ["release", "cancel"])
def test_nothing_is_decided_by_a_link(decision: str) -> None:
    assessment, client = held(), desk.at_desk("Shop Manager")
    assert client.get(address(assessment.pk, decision)).status_code == 405
    assert client.post(address(987654, decision)).status_code == 404
    assert Order.objects.get(pk=assessment.order_id).state == "on_hold"


def test_the_page_shows_the_signs_in_words_and_the_look_is_on_record() -> None:
    assessment = held()
    manager = desk.person("Shop Manager")
    text = desk.enter(manager).get(page_of(assessment)).content.decode()
    assert "The payment provider calls the risk very high." in text
    assert "The countries of card (France) and billing address (Germany) differ." in text
    assert re.search(r"Together</td>\s*<td>100<", text)
    assert "Release the order, send the keys" in text
    assert "Cancel the order, give €119.00 back" in text
    look = Look.objects.get(by=manager)
    assert (look.kind, look.model, look.object_id) == ("payment", "payments.FraudAssessment", str(assessment.pk))


def test_a_decided_one_has_no_buttons() -> None:
    assessment = held()
    orders.release(assessment.order_id, by=None)
    text = desk.at_desk("Shop Manager").get(page_of(assessment)).content.decode()
    assert "Release the order" not in text
    assert "decided" in text


def test_the_order_s_page_has_the_signs_and_the_way_to_decide() -> None:
    assessment = held()
    client, order = desk.at_desk("Shop Manager"), reverse("admin:shop_order_change", args=[assessment.order_id])
    text = client.get(order).content.decode()
    assert "The payment provider calls the risk very high." in text
    assert f'<a href="{page_of(assessment)}">Decide</a>' in text
    orders.release(assessment.order_id, by=None)
    assert "A person decided at" in client.get(order).content.decode()
    other = purchases.paid((purchases.edition(), 1))
    text = client.get(reverse("admin:shop_order_change", args=[other.pk])).content.decode()
    assert "No sign of fraud was seen" in text


def test_the_list_of_orders_is_filtered_by_the_review() -> None:
    waiting, passed = held(), held()
    orders.release(passed.order_id, by=None)
    FraudAssessment.objects.filter(pk=passed.pk).update(verdict="pass")
    purchases.paid((purchases.edition(), 1))
    client = desk.at_desk("Shop Manager")

    def found(value: str) -> list[int]:
        return [row.pk for row in client.get("/admin/shop/order/", {"fraud": value}).context["cl"].result_list]

    assert (found("held"), found("pass"), found("refuse")) == ([waiting.order_id], [passed.order_id], [])


# --- Rules ------------------------------------------------------------------------------------------------------------


def rules(**changes: Any) -> dict[str, Any]:
    values = {field.name: getattr(FraudRules(), field.name) for field in FraudRules._meta.concrete_fields[1:]}
    return values | {"valid_from": clock.today().isoformat()} | changes


def test_a_manager_writes_rules_that_follow() -> None:
    client = desk.at_desk("Shop Manager")
    assert client.post("/admin/payments/fraudrules/add/", rules(hold_from=30)).status_code == 302
    assert FraudRules.objects.get().hold_from == 30


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"valid_from": "2020-01-01"}, "Begin today at the earliest: earlier orders were judged by other rules."),
        ({"refuse_from": 60}, "It must be more than the points from which an order waits."),
        ({"refuse_from": 59}, "It must be more than the points from which an order waits."),
        ({"hold_from": 0}, "Waiting must begin at a point or more, or every order waits."),
        ({"card_limit": 0}, "Ensure this value is greater than or equal to 1."),
    ],
)
def test_wrong_rules_are_refused_in_words(changes: dict[str, Any], sentence: str) -> None:
    answer = desk.at_desk("Shop Manager").post("/admin/payments/fraudrules/add/", rules(**changes))
    assert sentence in answer.content.decode()
    assert not FraudRules.objects.exists()


def test_rules_that_have_begun_stay_as_they_are() -> None:
    begun = FraudRules.objects.create(valid_from=clock.today())
    later = FraudRules.objects.create(valid_from=clock.today() + timedelta(days=1))
    client = desk.at_desk("Shop Manager")
    for row, may in ((begun, False), (later, True)):
        change, delete = (reverse(f"admin:payments_fraudrules_{verb}", args=[row.pk]) for verb in ("change", "delete"))
        later_still = (clock.today() + timedelta(days=2)).isoformat()
        assert client.post(change, rules(valid_from=later_still, hold_from=30)).status_code == (302 if may else 403)
        assert client.post(delete, {"post": "yes"}).status_code == (302 if may else 403)
    assert list(FraudRules.objects.values_list("pk", "hold_from")) == [(begun.pk, 60)]
