"""Disputes: keys stop while one is open, work again when it is won, and end when it is lost."""

from dataclasses import replace
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts import licenses
from accounts.models import LicenseKey
from payments import disputes, providers, refund_shares, refund_submission, refunds, webhooks
from payments.models import Attempt, Dispute, Refund
from privacy import clock, mails
from privacy.models import Alert, OutgoingMail
from shop import orders, receipts
from shop.models import Order
from tests.accounts import purchases
from tests.payments import paying
from tests.payments.paying import Till
from tests.payments.test_webhooks import deliver, handled

pytestmark = pytest.mark.django_db


@pytest.fixture
def bought(till: Till, client: Client) -> Attempt:
    """Two licenses for 238.00 EUR, paid and delivered."""
    return paying.paid(till, client, paying.order(2))


def hear(till: Till, client: Client, before: set[str]) -> None:
    """Delivers every event since `before`, each twice, and handles them."""
    for event in [one for one in till.events() if one not in before]:
        deliver(client, till, event)
        deliver(client, till, event)
    webhooks.handle_due()


def act(till: Till, client: Client, do: str, identifier: str) -> dict[str, Any]:
    """Something happens at the provider, which tells us."""
    before = set(till.events())
    made = till.sandbox.act(do, identifier)
    hear(till, client, before)
    return {"id": made.get("id") or made.get("dispute_id"), **made}


def opened(till: Till, client: Client, attempt: Attempt) -> Dispute:
    act(till, client, "open_dispute", attempt.reference(till.kind))
    return Dispute.objects.get(attempt=attempt)


def units(attempt: Attempt) -> list[str]:
    return [unit.state for unit in purchases.units_of(attempt.order)]


def alert_kinds() -> list[str]:
    return list(Alert.objects.filter(closed_at__isnull=True).order_by("id").values_list("kind", flat=True))


def mail_kinds() -> list[str]:
    return list(OutgoingMail.objects.filter(kind__startswith="dispute").order_by("id").values_list("kind", flat=True))


def documents(attempt: Attempt) -> list[str]:
    return [f"{document.kind} {document.total} {document.tax}" for document in receipts.of(attempt.order)]


def withdrawn(till: Till) -> int:
    return till.sandbox.ledger()["disputes"].get("EUR", 0)


def captured_there(till: Till, attempt: Attempt) -> None:
    """PayPal's money was taken by a worker that died before it wrote that down; Stripe takes it itself."""
    providers.get(till.name).capture(attempt)


def test_an_opened_dispute_pauses_the_keys_and_names_its_deadline(till: Till, bought: Attempt, client: Client) -> None:
    dispute = opened(till, client, bought)
    assert (dispute.state, dispute.amount, dispute.decided_at) == ("open", 238, None)
    assert dispute.respond_by is not None
    assert dispute.respond_by > clock.now()
    assert dispute.reason == {"stripe": "fraudulent", "paypal": "UNAUTHORISED"}[till.name]
    assert dispute.withdrawn * 100 == withdrawn(till) == {"stripe": 23800, "paypal": 0}[till.name]
    assert (units(bought), purchases.states(bought.order)) == (["fulfilled"] * 2, ["suspended"] * 2)
    assert ("disputed", f"238.00 EUR, at {till.name}") in purchases.events(bought.order)
    assert (alert_kinds(), mail_kinds(), set(handled())) == (["dispute_opened"], ["dispute_opened"], {True})
    [key, _] = purchases.keys_of(bought.order)
    with pytest.raises(licenses.KeyNotUsable, match="dispute"):
        licenses.open_key(key.pk, order=bought.order)


def test_a_won_dispute_gives_the_same_keys_back(till: Till, bought: Attempt, client: Client) -> None:
    before = [key.pk for key in purchases.keys_of(bought.order)]
    dispute = opened(till, client, bought)
    act(till, client, "win_dispute", dispute.provider_dispute)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.withdrawn, dispute.decided_at is not None) == ("won", 0, True)
    assert withdrawn(till) == 0
    assert [(key.pk, key.state) for key in purchases.keys_of(bought.order)] == [(pk, "assigned") for pk in before]
    assert (alert_kinds(), mail_kinds()) == ([], ["dispute_opened", "dispute_won"])
    assert ("dispute_won", "") in purchases.events(bought.order)


def test_a_lost_dispute_ends_the_keys(till: Till, bought: Attempt, client: Client) -> None:
    dispute = opened(till, client, bought)
    act(till, client, "lose_dispute", dispute.provider_dispute)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.withdrawn) == ("lost", 238)
    assert withdrawn(till) == 23800
    assert (units(bought), purchases.states(bought.order)) == (["refunded"] * 2, ["revoked"] * 2)
    assert (alert_kinds(), mail_kinds()) == (["dispute_lost"], ["dispute_opened", "dispute_lost"])
    assert refunds.left_of(bought) == 0
    assert documents(bought) == ["receipt 238.000 38.000", "credit_note -238.000 -38.000"]
    mails.send_due()
    assert receipts.of(bought.order)[-1].label in mail.outbox[-1].body


def test_a_dispute_that_is_won_after_it_was_lost_gives_the_keys_back(
    till: Till, bought: Attempt, client: Client
) -> None:
    dispute = opened(till, client, bought)
    act(till, client, "lose_dispute", dispute.provider_dispute)
    act(till, client, "win_dispute", dispute.provider_dispute)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.withdrawn) == ("won", 0)
    assert (units(bought), purchases.states(bought.order)) == (["fulfilled"] * 2, ["assigned"] * 2)
    assert withdrawn(till) == 0
    assert documents(bought)[1:] == ["credit_note -238.000 -38.000", "reversal 238.000 38.000"]


def test_a_sealed_pool_key_of_a_lost_dispute_goes_back_to_stock(till: Till, client: Client) -> None:
    sold = purchases.edition(pool=1)
    placed = purchases.order((sold, 1))
    attempt = paying.paid(till, client, Order.objects.select_related("party").get(pk=placed.pk))
    dispute = opened(till, client, attempt)
    act(till, client, "lose_dispute", dispute.provider_dispute)
    assert [key.state for key in LicenseKey.objects.filter(edition=sold)] == ["available"]
    act(till, client, "win_dispute", dispute.provider_dispute)
    assert (units(attempt), purchases.states(attempt.order)) == (["fulfilled"], ["assigned"])


def test_a_dispute_that_is_faster_than_its_payment_settles_the_payment_first(till: Till, client: Client) -> None:
    attempt, identifier = paying.begun(till)
    till.agree(identifier)
    captured_there(till, attempt)
    act(till, client, "open_dispute", identifier)
    assert paying.states(attempt) == ("captured", "paid", ["suspended"])
    assert Dispute.objects.get().attempt_id == attempt.pk


def test_a_refund_that_is_faster_than_its_payment_settles_the_payment_first(till: Till, client: Client) -> None:
    attempt, identifier = paying.begun(till)
    till.agree(identifier)
    captured_there(till, attempt)
    before = set(till.events())
    till.sandbox.act("refund", identifier)
    event = next(
        one for one in till.events("REFUND" if till.name == "paypal" else "refund.created") if one not in before
    )
    deliver(client, till, event)
    webhooks.handle_due()
    assert paying.states(attempt) == ("captured", "paid", ["revoked"])
    assert [(refund.kind, refund.state) for refund in Refund.objects.all()] == [("units", "succeeded")]


def test_a_dispute_of_somebody_else_on_the_same_account_is_none_of_ours(
    till: Till, bought: Attempt, client: Client, settings: Any
) -> None:
    settings.INSTALLATION = "elsewhere.example"
    identifier = bought.reference(till.kind)
    bought.references.all().delete()
    act(till, client, "open_dispute", identifier)
    assert (Dispute.objects.count(), purchases.states(bought.order), set(handled())) == (0, ["assigned"] * 2, {True})


def test_a_dispute_about_a_part_asks_a_person_when_it_is_lost(stripe_sandbox: Any, client: Client) -> None:
    attempt = paying.paid(Till("stripe", stripe_sandbox), client, paying.order(2))
    snapshot = disputes.DisputeSnapshot(
        state="open",
        provider_dispute="du_1",
        payment=("stripe_payment", "pi_1"),
        amount=attempt.amount / 2,
        currency="EUR",
        reason="general",
        is_withdrawn=True,
        opened_at=clock.now(),
    )
    disputes.apply_snapshot(attempt.pk, snapshot)
    assert purchases.states(attempt.order) == ["suspended"] * 2
    disputes.apply_snapshot(attempt.pk, replace(snapshot, state="lost"))
    assert (units(attempt), purchases.states(attempt.order)) == (["fulfilled"] * 2, ["assigned"] * 2)
    assert "see which keys should end" in Alert.objects.get(kind="dispute_lost").message
    assert refunds.left_of(attempt) == attempt.amount / 2
    assert documents(attempt) == ["receipt 238.000 38.000", "credit_note -119.000 -19.000"]


def test_what_a_dispute_withdrew_can_not_be_given_back_as_well(till: Till, bought: Attempt, client: Client) -> None:
    dispute = opened(till, client, bought)
    act(till, client, "lose_dispute", dispute.provider_dispute)
    Refund.objects.create(attempt=bought, kind="amount", amount=1)
    with pytest.raises(IntegrityError, match="refund_within_what_disputes_left"):
        connection.check_constraints()


def test_a_refund_that_fails_while_a_dispute_is_open_leaves_the_keys_paused(
    till: Till, bought: Attempt, client: Client
) -> None:
    till.sandbox.switch(refunds="pending")
    with transaction.atomic():
        bought.order = orders.lock(bought.order_id)
        refund = refunds.request_units(bought, refund_shares.units_left(bought.order)[:1], by=None, reason="Asked for.")
    refund_submission.submit_due()
    dispute = opened(till, client, bought)
    refund.refresh_from_db()
    till.sandbox.act("fail_refund", refund.provider_refund)
    refund_submission.look(till.name, refund.provider_refund)
    assert purchases.states(bought.order) == ["suspended"] * 2
    act(till, client, "win_dispute", dispute.provider_dispute)
    assert purchases.states(bought.order) == ["assigned"] * 2


@pytest.mark.parametrize("refunded", ["made", "under way"])
def test_what_a_refund_gave_back_stays_so_when_a_lost_dispute_of_the_rest_is_won(
    till: Till, bought: Attempt, client: Client, refunded: str
) -> None:
    till.sandbox.switch(refunds="succeeded" if refunded == "made" else "pending")
    with transaction.atomic():
        bought.order = orders.lock(bought.order_id)
        refunds.request_units(bought, refund_shares.units_left(bought.order)[:1], by=None, reason="Asked for.")
    refund_submission.submit_due()
    dispute = opened(till, client, bought)
    act(till, client, "lose_dispute", dispute.provider_dispute)
    assert purchases.states(bought.order) == ["revoked"] * 2
    still_to_go_back = 0 if refunded == "made" else 119  # a refund is credited once it has succeeded
    assert sum(document.total for document in receipts.of(bought.order)) == still_to_go_back
    act(till, client, "win_dispute", dispute.provider_dispute)
    assert purchases.states(bought.order) == ["revoked" if refunded == "made" else "suspended", "assigned"]
    assert units(bought) == ["refunded" if refunded == "made" else "fulfilled", "fulfilled"]


def test_a_key_that_comes_late_to_a_disputed_order_is_paused_from_the_start(till: Till, client: Client) -> None:
    sold = purchases.edition(pool=1)
    placed = purchases.order((sold, 2))
    attempt = paying.paid(till, client, Order.objects.select_related("party").get(pk=placed.pk))
    assert units(attempt) == ["fulfilled", "backordered"]
    opened(till, client, attempt)
    purchases.fill(sold, 1)
    licenses.deliver_backorders()
    assert (units(attempt), purchases.states(attempt.order)) == (["fulfilled"] * 2, ["suspended"] * 2)


def test_releasing_a_held_order_gives_disputed_keys_that_are_paused(till: Till, client: Client) -> None:
    attempt, identifier = paying.begun(till)
    orders.hold(attempt.order_id, by=None, reason="Looks odd.")
    till.agree(identifier)
    captured_there(till, attempt)
    opened(till, client, attempt)
    assert paying.states(attempt) == ("captured", "on_hold", [])
    orders.release(attempt.order_id, by=None)
    assert paying.states(attempt) == ("captured", "paid", ["suspended"])


def test_the_buyer_is_told_in_words_that_fit(till: Till, bought: Attempt, client: Client) -> None:
    OutgoingMail.objects.all().delete()
    dispute = opened(till, client, bought)
    mails.send_due()
    act(till, client, "win_dispute", dispute.provider_dispute)
    mails.send_due()
    number = bought.order.number
    assert [sent.subject for sent in mail.outbox] == [
        f"Your keys of order {number} are paused",
        f"Your keys of order {number} work again",
    ]
    who = {"stripe": "your bank was asked to take back", "paypal": "is open at PayPal"}[till.name]
    assert who in mail.outbox[0].body
    assert "The same keys work again." in mail.outbox[1].body


def test_a_mail_about_a_dispute_that_has_moved_on_is_dropped(till: Till, bought: Attempt, client: Client) -> None:
    OutgoingMail.objects.all().delete()
    dispute = opened(till, client, bought)
    act(till, client, "lose_dispute", dispute.provider_dispute)
    mails.send_due()
    assert [sent.subject for sent in mail.outbox] == [f"Your payment of order {bought.order.number} went back"]
