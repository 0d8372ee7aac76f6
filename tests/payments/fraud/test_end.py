"""When signs of fraud go: hashes after a day, reasons by their own rule, and with their person's request at once."""

import io
import zipfile
from datetime import timedelta

import pytest

from payments.fraud import facts, review, signals
from payments.models import FraudAssessment, FraudRules, FraudSighting
from privacy import clock, retention
from privacy import people as subjects
from privacy.erasure import remainders
from privacy.exports import archive
from privacy.models import Remainder
from shop import orders
from shop.models import Order
from tests.accounts import purchases
from tests.payments.fraud.test_desk import held
from tests.privacy.erasure import people
from tests.privacy.erasure.people import ADA, Neighbors

pytestmark = pytest.mark.django_db


def sweep(after: timedelta) -> None:
    moment = clock.now() + after
    with clock.at(moment):
        for _ in retention.run(as_of=moment):
            continue


def seen(order: Order) -> tuple[facts.Facts, FraudRules]:
    """What is asked when its payment begins, from a public network."""
    return facts.ask(order, facts.hashes(order, address="93.184.216.34"))


def test_a_copy_of_a_person_s_data_tells_the_signs_in_sentences() -> None:
    assessment = held()
    target = io.BytesIO()
    archive.write(target, subjects.of_address(assessment.order.party.email), for_staff=False)
    with zipfile.ZipFile(target) as zipped:
        page = next(zipped.read(name).decode() for name in zipped.namelist() if name.endswith(".html"))
    assert "Fraud reviews" in page
    assert all(f"{sign['words']} ({sign['points']} points)" in page for sign in assessment.reasons)


@pytest.mark.promise("P7a")
def test_hashes_are_swept_after_a_day() -> None:
    seen(purchases.order((purchases.edition(), 1)))
    sweep(timedelta(hours=23))
    assert FraudSighting.objects.count() == 2
    sweep(timedelta(hours=25))
    assert FraudSighting.objects.count() == 0


@pytest.mark.promise("P7a")
def test_reasons_go_by_their_own_rule_and_never_while_a_person_has_to_decide() -> None:
    waiting, decided = held(), held()
    orders.release(decided.order_id, by=None)
    sweep(timedelta(days=179))
    assert FraudAssessment.objects.count() == 2
    sweep(timedelta(days=181))
    assert FraudAssessment.objects.get() == waiting
    with clock.at(clock.now() + timedelta(days=200)):
        orders.cancel(waiting.order_id, by=None, reason="Nobody answered.")
    sweep(timedelta(days=379))
    assert FraudAssessment.objects.count() == 1
    sweep(timedelta(days=381))
    assert FraudAssessment.objects.count() == 0


def signed(order: Order) -> FraudAssessment:
    """An order with a sign that is not enough, and its hashes."""
    found, rules = seen(order)
    reasons = [signals.Reason("large_amount", 15, "The total is 10,000 EUR or more.")]
    review._write(order, FraudRules(), reasons, review.Verdict.PASS)
    assert (found.orders, rules.pk) == ({}, None)
    return FraudAssessment.objects.get(order=order)


@pytest.mark.promise("P12a")
def test_a_deletion_takes_signs_and_hashes_of_a_paid_order_at_once(neighbors: Neighbors) -> None:
    signed(people.sold())
    assert people.erased().state == "notifying"
    assert (FraudAssessment.objects.count(), FraudSighting.objects.count()) == (0, 0)


@pytest.mark.promise("P12a")
def test_reasons_of_an_open_hold_stay_until_it_is_decided(neighbors: Neighbors) -> None:
    assessment = held()
    assert orders.party_of(assessment.order).email == ADA  # type: ignore[union-attr]
    request = people.erased()
    assert FraudAssessment.objects.get().reasons == assessment.reasons
    remainder = Remainder.objects.get(model="payments.FraudAssessment")
    assert (request.state, remainder.why) == ("notifying", "the order waits for a person's decision")
    orders.release(assessment.order_id, by=None)
    Remainder.objects.update(looked_at=clock.now() - timedelta(minutes=11))
    remainders.take_up()
    assert not FraudAssessment.objects.exists()
