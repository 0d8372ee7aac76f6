"""Who was refused by itself may be let in by a person, once, for the same purchase, within days (GDPR Art. 22(3))."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from payments import attempts, fraud, settlement
from payments.fraud import passes
from payments.models import Attempt, FraudAssessment, FraudRules
from privacy import clock, mails, policy
from privacy.transitions import IllegalTransition
from shop import orders
from shop.models import Order, OrderEvent, OrderLine, OrderParty, Price
from tests import desk
from tests.accounts import purchases
from tests.payments.fraud.test_desk import page_of
from tests.payments.fraud.test_review import ADDRESS, STRICT
from tests.payments.paying import Till
from tests.privacy.erasure import people

pytestmark = pytest.mark.django_db
Verdict = FraudAssessment.Verdict
#: On the list of those that are thrown away.
MAIL = "ada@mailinator.com"


@pytest.fixture(autouse=True)
def alone(settings: Any) -> None:
    """A shop that refuses by itself, and says so."""
    settings.FRAUD_REFUSES_ALONE = True
    policy.publish()
    FraudRules.objects.create(valid_from=clock.today(), **STRICT)


@pytest.fixture
def card(stripe_sandbox: Any) -> Till:
    return Till("stripe", stripe_sandbox)


def wanted(*, email: str = MAIL, quantity: int = 1, like: Order | None = None) -> Order:
    """An order of this buyer, of the same edition as another one."""
    edition = OrderLine.objects.get(order=like).edition if like else purchases.edition()
    order = purchases.order((edition, quantity))
    OrderParty.objects.filter(order=order).update(email=email)
    return Order.objects.select_related("party").get(pk=order.pk)


def refused() -> FraudAssessment:
    order = wanted()
    assert fraud.before_payment(order, address=ADDRESS)
    return FraudAssessment.objects.select_related("order").get(order=order)


def let_in() -> FraudAssessment:
    assessment = refused()
    assert passes.let_in(assessment.pk, by=desk.person("Shop Manager"), reason="A regular customer.")
    return FraudAssessment.objects.select_related("order").get(pk=assessment.pk)


def pay(order: Order, **seen: Any) -> FraudAssessment:
    attempt = Attempt.objects.create(order=order, number=1, provider="manual", amount=order.total, currency="EUR")
    settlement.apply_snapshot(
        attempt.pk, settlement.Snapshot(state="captured", amount=order.total, currency="EUR", **seen)
    )
    return FraudAssessment.objects.select_related("order").get(order=order)


def test_one_button_with_a_reason_lets_in_and_tells_the_buyer(client: Client) -> None:
    assessment, manager = refused(), desk.person("Shop Manager")
    staff, address = desk.enter(manager), reverse("admin:payments_fraudassessment_let-in", args=[assessment.pk])
    assert "Let it in, tell the buyer" in staff.get(page_of(assessment)).content.decode()
    assert "Say in a sentence why" in staff.post(address, {"reason": " "}, follow=True).content.decode()
    text = staff.post(address, {"reason": "He called us."}, follow=True).content.decode()
    assert "is told by mail how to order it again" in text
    assert f"{manager}: He called us." in text
    assert "Let it in, tell the buyer" not in text
    assessment.refresh_from_db()
    assert (assessment.let_in_by, assessment.order.state) == (manager, "cancelled")
    event = OrderEvent.objects.get(order=assessment.order, kind="released")
    assert (event.by, event.detail) == (manager, "may be ordered again")
    mail = mails.kinds()["order_let_in"](assessment.order_id)
    assert mail is not None
    assert mail.to == MAIL
    assert "a person has looked at your order" in mails.build(mail).body
    page = client.get(orders.path(assessment.order)).content.decode()
    assert "You can place this order again" in page
    Price.objects.create(edition=OrderLine.objects.get().edition, currency="EUR", amount=119)
    again = client.post(reverse("order_back_to_cart", args=[orders.token(assessment.order)]), follow=True)
    assert again.context["cart"].count == 1
    assert "was let in before" in staff.post(address, {"reason": "Twice."}, follow=True).content.decode()


@pytest.mark.promise("P9a")
def test_support_lets_nobody_in_and_a_link_does_nothing() -> None:
    assessment = refused()
    address = reverse("admin:payments_fraudassessment_let-in", args=[assessment.pk])
    assert desk.at_desk("Support").post(address, {"reason": "Please."}).status_code == 403
    manager = desk.at_desk("Shop Manager")
    assert manager.get(address).status_code == 405
    missing = reverse("admin:payments_fraudassessment_let-in", args=[987654])
    assert manager.post(missing, {"reason": "Please."}).status_code == 404
    assert FraudAssessment.objects.get().let_in_at is None


@pytest.mark.promise("P6c")
def test_the_same_purchase_is_paid_and_its_keys_go_out(card: Till) -> None:
    assessment = let_in()
    order = wanted(like=assessment.order)
    assert attempts.begin(order, "stripe", address=ADDRESS).startswith("http")
    again = pay(wanted(like=assessment.order))
    assert (again.order.state, again.verdict, again.score) == ("paid", Verdict.PASS, 30)
    assessment.refresh_from_db()
    assert assessment.let_in_order == again.order
    text = desk.at_desk("Shop Manager").get(page_of(again)).content.decode()
    assert "Let in after the refusal of" in text


@pytest.mark.parametrize(
    ("other", "may"),
    [
        ({}, True),
        ({"email": MAIL.upper()}, True),
        ({"email": "eve@mailinator.com"}, False),
        ({"quantity": 2}, False),
    ],
)
def test_a_pass_is_the_buyer_s_and_of_these_contents(other: dict[str, Any], may: bool) -> None:
    order = wanted(like=let_in().order, **other)
    assert fraud.before_payment(order, address=ADDRESS) is not may


@pytest.mark.parametrize(("days", "may"), [(7, True), (7.1, False)])
def test_it_lasts_seven_days_until_the_order_whenever_its_money_comes(days: float, may: bool) -> None:
    assessment = let_in()
    order = wanted(like=assessment.order)
    Order.objects.filter(pk=order.pk).update(placed_at=assessment.let_in_at + timedelta(days=days))
    order.refresh_from_db()
    with clock.at(clock.now() + timedelta(days=12)):
        assert (pay(order).order.state == "paid") is may


def test_it_serves_one_order() -> None:
    assessment = let_in()
    first, second = wanted(like=assessment.order), wanted(like=assessment.order)
    assert (pay(first).order.state, pay(second).order.state) == ("paid", "on_hold")
    assert fraud.before_payment(wanted(like=assessment.order), address=ADDRESS)


def test_new_signs_still_hold_it() -> None:
    again = pay(wanted(like=let_in().order), risk="highest")
    assert (again.order.state, again.verdict) == ("on_hold", Verdict.HOLD)


def test_what_was_not_refused_or_has_come_in_late_is_not_let_in() -> None:
    held = pay(wanted())
    with pytest.raises(IllegalTransition):
        passes.let_in(held.pk, by=desk.person("Shop Manager"), reason="A mistake.")
    late = refused()
    assert pay(late.order).order.state == "on_hold"  # money for an order that was cancelled waits for a person
    with pytest.raises(IllegalTransition):
        passes.let_in(late.pk, by=desk.person("Shop Manager"), reason="A mistake.")


def test_nobody_is_let_in_who_is_gone(client: Client) -> None:
    assessment = refused()
    OrderParty.objects.filter(order=assessment.order).update(restricted_at=clock.now())
    with pytest.raises(passes.Ownerless):
        passes.let_in(assessment.pk, by=desk.person("Shop Manager"), reason="A mistake.")
    OrderParty.objects.filter(order=assessment.order).delete()
    staff = desk.at_desk("Shop Manager")
    assert "Let it in, tell the buyer" not in staff.get(page_of(assessment)).content.decode()
    address = reverse("admin:payments_fraudassessment_let-in", args=[assessment.pk])
    assert "nobody can be let in any more" in staff.post(address, {"reason": "x"}, follow=True).content.decode()


def test_after_its_time_mail_and_page_say_so(client: Client) -> None:
    assessment = let_in()
    with clock.at(clock.now() + timedelta(days=8)):
        assert mails.kinds()["order_let_in"](assessment.order_id) is None
        assert "The time to order again has ended" in client.get(orders.path(assessment.order)).content.decode()


@pytest.mark.promise("P12a")
def test_a_deletion_takes_the_pass_away() -> None:
    assessment = let_in()
    OrderParty.objects.filter(order=assessment.order).update(email=people.ADA)
    people.erased()
    assert not FraudAssessment.objects.filter(pk=assessment.pk).exists()
    assert fraud.before_payment(wanted(like=assessment.order), address=ADDRESS)


def test_the_database_wants_a_reason_and_a_refusal() -> None:
    assessment = refused()
    for broken in ({"let_in_reason": ""}, {"verdict": "pass"}, {"let_in_until": None}):
        whole = {"let_in_at": clock.now(), "let_in_until": clock.now(), "let_in_reason": "x"} | broken
        with pytest.raises(IntegrityError, match="let_in_with_a_reason"), transaction.atomic():
            FraudAssessment.objects.filter(pk=assessment.pk).update(**whole)
