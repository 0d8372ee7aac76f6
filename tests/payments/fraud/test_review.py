"""What follows from the signs: keys wait for a person, who releases or cancels; nothing is refused without one."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from payments import attempts, fraud, providers
from payments.models import Attempt, FraudAssessment, FraudRules, FraudSighting, Refund
from privacy import clock, mails, policy
from privacy.models import Alert, OutgoingMail
from shop import orders
from shop.models import Order, OrderHold, OrderParty
from tests.payments import paying
from tests.payments.paying import Till

pytestmark = pytest.mark.django_db
Verdict = FraudAssessment.Verdict
#: Of a public network: 203.0.113.0/24 is for documentation, and `is_global` says so.
ADDRESS = "93.184.216.34"


@pytest.fixture
def card(stripe_sandbox: Any) -> Till:
    return Till("stripe", stripe_sandbox)


def bought(till: Till, client: Client, placed: Order | None = None, **payer: Any) -> Attempt:
    attempt, identifier = paying.begun(till, placed)
    till.agree(identifier, **payer)
    paying.come_back(client, till, attempt, identifier)
    return Attempt.objects.select_related("order").get(pk=attempt.pk)


def held(till: Till, client: Client) -> Attempt:
    return bought(till, client, risk="highest")


def kinds() -> list[str]:
    return sorted(OutgoingMail.objects.values_list("kind", flat=True))


def test_an_ordinary_order_bears_no_sign_and_leaves_no_record(till: Till, client: Client) -> None:
    attempt = bought(till, client)
    assert paying.states(attempt)[:2] == ("captured", "paid")
    assert not FraudAssessment.objects.exists()


def test_fifty_licenses_are_an_ordinary_order(card: Till, client: Client) -> None:
    assert paying.states(bought(card, client, paying.order(50)))[1] == "paid"
    assert not FraudAssessment.objects.exists()


def test_a_sign_that_is_not_enough_is_on_record_and_nothing_follows(card: Till, client: Client) -> None:
    attempt = bought(card, client, risk="elevated")
    assert paying.states(attempt)[1] == "paid"
    assessment = FraudAssessment.objects.get()
    assert (assessment.verdict, assessment.score, assessment.rules) == (Verdict.PASS, 25, None)
    words = "The payment provider calls the risk elevated."
    assert assessment.reasons == [{"signal": "provider_elevated", "points": 25, "words": words}]
    assert assessment.settled_at == assessment.made_at


@pytest.mark.promise("P6c")
def test_a_risky_payment_is_held_without_keys_and_the_buyer_is_told(card: Till, client: Client) -> None:
    attempt = held(card, client)
    assert paying.states(attempt) == ("captured", "on_hold", [])
    assert OrderHold.objects.get().reason == "Fraud review: a person has to look at this order."
    assessment = FraudAssessment.objects.get()
    assert (assessment.verdict, assessment.score, assessment.settled_at) == (Verdict.HOLD, 60, None)
    assert assessment.reasons[0]["words"] == "The payment provider calls the risk very high."
    assert Alert.objects.get().kind == "fraud_review"
    assert kinds() == ["order_held"]
    page = client.get(orders.path(attempt.order)).content.decode()
    assert "Before we send the keys, a person looks at this order" in page
    assert "risk" not in page.lower()  # what was seen, the page doesn't tell


def test_who_is_held_is_mailed_politely(card: Till, client: Client) -> None:
    attempt = held(card, client)
    mail = mails.kinds()["order_held"](attempt.order_id)
    assert mail is not None
    text = mails.build(mail).body
    assert (mail.to, mail.subject) == ("ada@example.com", f"Your order {attempt.order.number} is being checked")
    assert "all your money goes back to you" in text
    assert "fraud" not in text.lower()
    orders.release(attempt.order_id, by=None)
    assert mails.kinds()["order_held"](attempt.order_id) is None  # a person was faster than the mail


def test_a_person_releases_and_the_keys_go_out(card: Till, client: Client) -> None:
    attempt = held(card, client)
    with clock.at(clock.now() + timedelta(hours=2)):
        orders.release(attempt.order_id, by=None)
    assert paying.states(attempt) == ("captured", "paid", ["assigned"])
    assessment = FraudAssessment.objects.get()
    assert assessment.settled_at is not None
    assert (assessment.verdict, len(assessment.reasons)) == (Verdict.HOLD, 1)
    assert not Alert.objects.filter(closed_at__isnull=True).exists()
    assert Order.objects.get().evidence["payment"] == "DE"  # what the payment said is known after the wait as well


def test_a_person_cancels_and_the_money_goes_back(card: Till, client: Client) -> None:
    attempt = held(card, client)
    orders.cancel(attempt.order_id, by=None, reason="Not the card holder.")
    assert paying.states(attempt)[1:] == ("cancelled", [])
    assert Refund.objects.get().amount == attempt.amount
    assert FraudAssessment.objects.get().settled_at is not None
    assert "order_cancelled_paid" in kinds()


def test_every_way_to_learn_of_a_payment_holds_it(card: Till) -> None:
    """The reconciler and a webhook end in the same function as the return page; a second look changes nothing."""
    attempt, identifier = paying.begun(card)
    card.agree(identifier, risk="highest")
    for _ in range(2):
        attempts.settlement.look(Attempt.objects.select_related("order").get(pk=attempt.pk))
    assert paying.states(attempt) == ("captured", "on_hold", [])
    assert (FraudAssessment.objects.count(), OrderHold.objects.count(), kinds()) == (1, 1, ["order_held"])


def test_a_payment_that_is_wrong_itself_waits_for_that_and_is_not_judged(card: Till, client: Client) -> None:
    attempt = bought(card, client, country="US", risk="highest")
    assert paying.states(attempt)[1] == "on_hold"
    assert Alert.objects.get().kind == "payment_held"
    assert not FraudAssessment.objects.exists()


def test_rules_of_a_manager_count_from_their_day(card: Till, client: Client) -> None:
    FraudRules.objects.create(valid_from=clock.today() + timedelta(days=1), hold_from=1, refuse_from=2)
    assert paying.states(bought(card, client, risk="elevated"))[1] == "paid"
    rules = FraudRules.objects.create(valid_from=clock.today(), hold_from=25)
    assert paying.states(bought(card, client, risk="elevated"))[1] == "on_hold"
    assert FraudAssessment.objects.latest("pk").rules == rules


def test_a_sign_without_points_is_switched_off(card: Till, client: Client) -> None:
    FraudRules.objects.create(valid_from=clock.today(), provider_highest=0)
    assert paying.states(held(card, client))[1] == "paid"
    assert not FraudAssessment.objects.exists()


# --- Refusing ---------------------------------------------------------------------------------------------------------


STRICT: dict[str, int] = {"hold_from": 10, "refuse_from": 20, "disposable_email": 30}


def disposable() -> Order:
    FraudRules.objects.create(valid_from=clock.today(), **STRICT)
    order = paying.order()
    OrderParty.objects.update(email="ada@mailinator.com")
    return Order.objects.select_related("party").get(pk=order.pk)


@pytest.mark.promise("P6c")
def test_nothing_is_refused_without_a_person(card: Till, client: Client) -> None:
    """However many points: the order waits for a person, and the policy says so."""
    attempt = bought(card, client, disposable())
    assert paying.states(attempt)[1] == "on_hold"
    assert FraudAssessment.objects.get().verdict == Verdict.HOLD
    assert (
        "Only a person refuses an order; nothing is refused automatically." in client.get("/privacy/").content.decode()
    )


@pytest.mark.promise("P6c")
def test_where_the_setting_says_so_and_the_policy_too_it_is_refused_before_it_is_paid(
    card: Till, client: Client, settings: Any
) -> None:
    settings.FRAUD_REFUSES_ALONE = True
    policy.publish()
    order = disposable()
    assert attempts.begin(order, "stripe", address=ADDRESS) == orders.path(order)
    order.refresh_from_db()
    assert (order.state, Attempt.objects.count(), kinds()) == ("cancelled", 0, ["order_refused"])
    assessment = FraudAssessment.objects.get()
    assert (assessment.verdict, assessment.score) == (Verdict.REFUSE, 30)
    assert assessment.settled_at is not None
    page = client.get(orders.path(order)).content.decode()
    assert "No person has looked at it yet. Write to us" in page
    assert "an order is refused automatically before you pay" in client.get("/privacy/").content.decode()
    mail = mails.kinds()["order_refused"](order.pk)
    assert mail is not None
    assert "You may have a person decide." in mails.build(mail).body


def test_a_policy_that_does_not_say_so_leaves_it_to_a_person(card: Till, client: Client, settings: Any) -> None:
    settings.FRAUD_REFUSES_ALONE = True
    policy._known.clear()  # of a test before, whose version was rolled back
    assert not fraud.refuses_alone()
    assert paying.states(bought(card, client, disposable()))[1] == "on_hold"


@pytest.mark.parametrize(("points", "is_refused"), [(0, False), (19, False), (20, True)])
def test_what_is_refused_has_enough_signs(card: Till, settings: Any, points: int, is_refused: bool) -> None:
    settings.FRAUD_REFUSES_ALONE = True
    policy.publish()
    FraudRules.objects.create(valid_from=clock.today(), **(STRICT | {"disposable_email": points}))
    order = paying.order()
    OrderParty.objects.update(email="ada@mailinator.com")
    address = attempts.begin(Order.objects.select_related("party").get(pk=order.pk), "stripe")
    assert (address == orders.path(order)) is is_refused


def test_an_order_that_ended_meanwhile_is_not_refused(settings: Any) -> None:
    settings.FRAUD_REFUSES_ALONE = True
    policy.publish()
    order = disposable()
    Order.objects.update(state="on_hold", ended_at=clock.now())
    assert not fraud.before_payment(order, address=ADDRESS)
    assert not FraudAssessment.objects.exists()


def test_free_orders_and_bank_transfers_leave_their_sightings_as_well(settings: Any) -> None:
    settings.BANK_TRANSFER_IBAN, settings.BANK_TRANSFER_HOLDER = "DE02120300000000202051", "AzureOps"
    assert providers.get("manual").is_configured()
    attempts.begin(paying.order(), "manual", address=ADDRESS)
    assert sorted(FraudSighting.objects.values_list("kind", flat=True)) == ["address", "network"]
