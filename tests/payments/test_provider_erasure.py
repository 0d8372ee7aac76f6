"""Stripe is asked to redact and PayPal by hand, both when nothing needs the payment any more."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from payments import refunds
from payments.models import Attempt, RedactionItem
from privacy import clock, deletion_words, mails
from privacy.deletion_requests import CannotDo
from privacy.erasure import providers
from privacy.models import Alert, DeletionRequest, DeletionStep, OutgoingMail
from sandbox.running import StripeSandbox
from tests.payments import paying
from tests.payments.paying import Till
from tests.privacy.erasure import people
from tests.privacy.erasure.people import ADA, Neighbors

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.promise("P12a")]
State, Kind = DeletionStep.State, DeletionStep.Kind
DAYS = timedelta(days=181)


@pytest.fixture
def cards(stripe_sandbox: StripeSandbox) -> Till:
    return Till("stripe", stripe_sandbox)


@pytest.fixture
def paypal(paypal_sandbox: Any) -> Till:
    return Till("paypal", paypal_sandbox)


def erased(till: Till, client: Client) -> tuple[Attempt, DeletionStep]:
    """A paid order whose person was erased, up to the notice."""
    attempt = paying.paid(till, client)
    request = people.erased()
    assert request.state == DeletionRequest.State.NOTIFYING, request.problem
    return attempt, DeletionStep.objects.get(request=request, name=f"provider:{till.name}")


def run(*, after: timedelta = DAYS, times: int = 1) -> None:
    """The job, some time later, as often as it takes."""
    for number in range(times):
        with clock.at(clock.now() + after + number * timedelta(hours=1)):
            providers.run_due()


def test_stripe_is_not_asked_before_the_last_day_for_a_refund_and_a_dispute(
    neighbors: Neighbors, cards: Till, client: Client
) -> None:
    attempt, step = erased(cards, client)
    assert (step.kind, step.state, step.count) == (Kind.PROVIDER, State.WAITING, 1)
    assert attempt.captured_at is not None
    assert step.next_try_at == attempt.captured_at + timedelta(days=180)
    run(after=timedelta(days=179))
    assert not RedactionItem.objects.exclude(job="").exists()


def test_stripe_redacts_the_session_and_its_payment(neighbors: Neighbors, cards: Till, client: Client) -> None:
    attempt, step = erased(cards, client)
    run(times=4)
    step.refresh_from_db()
    assert (step.state, step.count, step.kind) == (State.DONE, 1, Kind.PROVIDER)
    session = cards.sandbox.provider.objects.find("checkout.session", attempt.reference("stripe_session"))
    assert (session["customer_email"], session["customer_details"]["email"]) == ("[redacted]", "[redacted]")
    (charge,) = cards.sandbox.provider.objects.of("charge")
    assert charge["billing_details"]["name"] == "[redacted]"
    assert set(RedactionItem.objects.values_list("value", "job")) == {("", "")}
    assert step.request.events.filter(kind="provider", detail="Stripe: erased").count() == 1


def test_an_account_without_redaction_gets_a_step_for_people(neighbors: Neighbors, cards: Till, client: Client) -> None:
    cards.sandbox.switch(redaction=False)
    attempt, step = erased(cards, client)
    run()
    step.refresh_from_db()
    assert (step.kind, step.state) == (Kind.MANUAL, State.PENDING)
    assert Alert.objects.get(kind="erasure_by_hand").key == str(step.pk)
    guide = providers.guide(step)
    assert any(attempt.reference("stripe_session") in line for line in guide)


def test_at_paypal_a_person_does_it_and_says_how(neighbors: Neighbors, paypal: Till, client: Client) -> None:
    _, step = erased(paypal, client)
    sue = people.staff("tom@example.com")
    with pytest.raises(CannotDo, match="nothing to do by hand"):
        providers.finish_by_hand(step.pk, by=sue, note="Done.")
    run()
    step.refresh_from_db()
    assert (step.kind, step.state) == (Kind.MANUAL, State.PENDING)
    assert len(providers.guide(step)) > 3
    with pytest.raises(CannotDo, match="Say what"):
        providers.finish_by_hand(step.pk, by=sue, note=" ")
    providers.finish_by_hand(step.pk, by=sue, note="Support confirmed it.")
    step.refresh_from_db()
    assert (step.state, step.done_by, step.detail) == (State.DONE, sue, "Support confirmed it.")
    assert not RedactionItem.objects.exclude(value="").exists()
    assert providers.guide(step) == ()
    assert not Alert.objects.filter(kind="erasure_by_hand", closed_at__isnull=True).exists()


def test_an_open_refund_holds_it_up(neighbors: Neighbors, cards: Till, client: Client) -> None:
    attempt, step = erased(cards, client)
    refunds.request_amount(attempt, attempt.amount, by=None, reason="")
    run()
    step.refresh_from_db()
    assert (step.state, step.detail) == (State.WAITING, "A refund or a dispute still needs the payments.")
    assert not cards.sandbox.provider.objects.of("privacy.redaction_job")


def test_a_payment_that_was_still_processed_counts_from_its_capture(
    neighbors: Neighbors, cards: Till, client: Client
) -> None:
    attempt, step = erased(cards, client)
    captured_at = clock.now() + timedelta(days=100)  # a debit that took its time
    Attempt.objects.filter(pk=attempt.pk).update(captured_at=captured_at)
    run()
    step.refresh_from_db()
    assert (step.state, step.next_try_at) == (State.WAITING, captured_at + timedelta(days=180))
    assert not RedactionItem.objects.exclude(job="").exists()
    run(after=timedelta(days=281), times=4)
    step.refresh_from_db()
    assert step.state == State.DONE


def test_a_provider_that_is_away_is_asked_again_and_later_a_person_is_called(
    neighbors: Neighbors, cards: Till, client: Client
) -> None:
    _, step = erased(cards, client)
    cards.sandbox.switch(redaction=True)
    cards.sandbox.provider.faults.replace([])
    RedactionItem.objects.filter(step=step, kind="stripe_session").update(value="cs_unreachable")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("payments.providers.stripe.Stripe.redact", _away)
        for day in range(5):
            run(after=DAYS + day * timedelta(days=2))
    step.refresh_from_db()
    assert (step.state, step.tries) == (State.WAITING, 5)
    assert Alert.objects.get(kind="erasure_provider").key == str(step.pk)


def _away(*_arguments: object) -> str:
    raise OSError


def test_whoever_was_told_of_an_open_step_is_told_of_its_end_where_an_address_is_kept(
    neighbors: Neighbors, cards: Till, client: Client
) -> None:
    _, step = erased(cards, client)
    DeletionRequest.objects.filter(pk=step.request_id).update(told_at=clock.now())
    run(times=4)
    mail = OutgoingMail.objects.get(kind=providers.DONE_MAIL)
    assert mail.object_id == step.pk
    made = mails.kinds()[providers.DONE_MAIL](step.pk)
    assert made is not None
    assert made.to == ADA
    assert made.subject == f"Stripe has erased your data too ({step.request.number})"
    for language in deletion_words.languages():
        DeletionRequest.objects.filter(pk=step.request_id).update(language=language)
        told = mails.kinds()[providers.DONE_MAIL](step.pk)
        assert told is not None
        words = deletion_words.of(language, "provider_done", provider="Stripe", number=step.request.number)
        assert told.subject == words["subject"]
        assert words["done"] in str(mails.build(told).body)


def test_what_was_never_paid_is_asked_for_a_day_later_though_the_order_lost_its_person(
    neighbors: Neighbors, cards: Till
) -> None:
    attempt, identifier = paying.begun(cards)
    cards.sandbox.act("expire", identifier)
    from payments import settlement
    from shop import orders
    from shop.models import Order

    settlement.look(attempt)
    Order.objects.filter(pk=attempt.order_id).update(expires_at=clock.now() - timedelta(minutes=1))
    orders.expire(attempt.order_id)
    request = people.erased()
    step = DeletionStep.objects.get(request=request, name="provider:stripe")
    assert not hasattr(Order.objects.get(pk=attempt.order_id), "party")
    run(after=timedelta(hours=25), times=4)
    step.refresh_from_db()
    assert step.state == State.DONE
    session = cards.sandbox.provider.objects.find("checkout.session", identifier)
    assert session["customer_email"] == "[redacted]"
    assert not OutgoingMail.objects.filter(kind=providers.DONE_MAIL).exists()
