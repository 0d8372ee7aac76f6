"""Beginning to pay: one open page an order, whatever the network and the buyer do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts import key_pools
from accounts.models import LicenseKey
from payments import attempts, providers, reconciliation
from payments.models import Attempt, ProviderCall, Reference
from payments.providers import stripe_transport
from privacy import clock
from shop import orders, stock
from shop.models import Order, OrderEvent
from shop.payment_methods import PaymentUnavailable
from tests.accounts import purchases
from tests.payments import paying
from tests.payments.paying import Till

pytestmark = pytest.mark.django_db
CREATE = {"stripe": "POST /v1/checkout/sessions", "paypal": "POST /v2/checkout/orders"}
CLOSE = {"stripe": "POST /v1/checkout/sessions/*/expire", "paypal": "GET /v2/checkout/orders/*"}


def tried(order: Order) -> list[tuple[int, str, str]]:
    return list(Attempt.objects.filter(order=order).values_list("number", "provider", "state"))


def session_states(till: Till) -> list[str]:
    return [document["status"] for document in till.sandbox.provider.objects.of("checkout.session")]


def test_the_attempt_waits_for_its_buyer_at_the_provider(till: Till) -> None:
    attempt, identifier = paying.begun(till)
    assert (attempt.number, attempt.state, str(attempt.amount), attempt.currency) == (
        1,
        "requires_action",
        "119.000",
        "EUR",
    )
    assert attempt.next_look_at == attempt.created_at + timedelta(minutes=2)
    assert ProviderCall.objects.count() == 0
    assert identifier


def test_the_call_is_stored_with_its_exact_parameters_before_it_is_made(till: Till) -> None:
    order = paying.order()
    till.sandbox.faults({"match": CREATE[till.name], "times": 2, "action": "down"})
    with pytest.raises(PaymentUnavailable, match="Nothing was taken"):
        attempts.begin(order, till.name)
    assert tried(order) == [(1, till.name, "created")]
    call = ProviderCall.objects.get()
    prefix = {"stripe": "cs", "paypal": "ppo"}[till.name]
    assert call.key == f"{prefix}:{order.number}:1"
    again = providers.get(till.name).parameters(order, Attempt.objects.get())
    assert {**call.parameters, "expires_at": 0} == {**again, "expires_at": 0}


def test_a_call_whose_answer_was_lost_is_repeated_under_its_key(till: Till) -> None:
    order = paying.order()
    till.sandbox.faults({"match": CREATE[till.name], "times": 2, "action": "drop"})
    with pytest.raises(PaymentUnavailable):
        attempts.begin(order, till.name)
    url = attempts.begin(order, till.name)
    assert tried(order) == [(1, till.name, "requires_action")]
    assert Reference.objects.get().value in url
    kind = {"stripe": "checkout.session", "paypal": "order"}[till.name]
    assert len(till.sandbox.provider.objects.of(kind)) == 1


def test_one_dropped_answer_is_mended_within_the_request(till: Till) -> None:
    till.sandbox.faults({"match": CREATE[till.name], "action": "drop"})
    attempt, _ = paying.begun(till)
    assert attempt.state == "requires_action"


def test_a_server_error_is_mended_by_one_repetition(till: Till) -> None:
    till.sandbox.faults({"match": CREATE[till.name], "action": "error"})
    attempt, _ = paying.begun(till)
    assert attempt.state == "requires_action"


def test_a_lasting_server_error_ends_the_attempt_and_the_next_one_has_a_key_of_its_own(till: Till) -> None:
    order = paying.order()
    till.sandbox.faults(
        {
            "match": CREATE[till.name],
            "times": 2,
            "action": "error",
            **({"saved": True} if till.name == "stripe" else {}),
        }
    )
    with pytest.raises(PaymentUnavailable):
        attempts.begin(order, till.name)
    assert (tried(order), ProviderCall.objects.count()) == ([(1, till.name, "failed")], 0)
    till.sandbox.faults()
    attempts.begin(order, till.name)
    assert tried(order) == [(1, till.name, "failed"), (2, till.name, "requires_action")]


def test_a_page_of_html_is_an_error_like_others(till: Till) -> None:
    till.sandbox.faults({"match": CREATE[till.name], "times": 2, "action": "html"})
    with pytest.raises(PaymentUnavailable):
        attempts.begin(paying.order(), till.name)


def test_a_slow_provider_is_not_asked_twice(till: Till, settings: Any) -> None:
    settings.PROVIDER_TIMEOUT = 0.3
    till.sandbox.faults({"match": CREATE[till.name], "times": 2, "action": "slow", "seconds": 0.6})
    order = paying.order()
    with pytest.raises(PaymentUnavailable):
        attempts.begin(order, till.name)
    assert tried(order) == [(1, till.name, "created")]
    assert sum(rule["times"] for rule in till.sandbox.faults_left()) == 1


def test_the_older_attempt_is_closed_before_a_new_one(till: Till) -> None:
    order = paying.order()
    attempts.begin(order, till.name)
    attempts.begin(order, till.name)
    closed = {"stripe": "expired", "paypal": "cancelled"}[till.name]
    assert tried(order) == [(1, till.name, closed), (2, till.name, "requires_action")]
    if till.name == "stripe":
        assert session_states(till) == ["expired", "open"]


def test_another_provider_takes_over(stripe_sandbox: Any, paypal_sandbox: Any) -> None:
    order = paying.order()
    attempts.begin(order, "stripe")
    attempts.begin(order, "paypal")
    assert tried(order) == [(1, "stripe", "expired"), (2, "paypal", "requires_action")]
    assert [document["status"] for document in stripe_sandbox.provider.objects.of("checkout.session")] == ["expired"]


def test_an_older_attempt_whose_provider_is_away_gives_way_and_is_looked_at_later(
    stripe_sandbox: Any, paypal_sandbox: Any
) -> None:
    order = paying.order()
    attempts.begin(order, "stripe")
    stripe_sandbox.faults({"match": "* /v1/checkout/sessions/*", "times": 9, "action": "down"})
    attempts.begin(order, "paypal")
    assert tried(order) == [(1, "stripe", "cancelled"), (2, "paypal", "requires_action")]
    assert Attempt.objects.get(number=1).next_look_at is not None


def test_an_older_attempt_that_is_paid_already_needs_no_new_one(till: Till) -> None:
    attempt, identifier = paying.begun(till)
    if till.name == "paypal":
        till.agree(identifier)
        providers.get("paypal").capture(attempt)
    else:
        till.agree(identifier)
    assert attempts.begin(attempt.order, till.name) == orders.path(attempt.order)
    assert paying.states(attempt) == ("captured", "paid", ["assigned"])


@pytest.mark.parametrize("state", ["paid", "on_hold"])
def test_there_is_nothing_to_pay(till: Till, state: str) -> None:
    order = paying.order()
    Order.objects.filter(pk=order.pk).update(state=state, paid_at=clock.now())
    assert attempts.begin(order, till.name) == orders.path(order)
    assert tried(order) == []


@pytest.mark.parametrize("state", ["processing", "captured"])
def test_money_under_way_is_not_asked_for_twice(till: Till, state: str) -> None:
    attempt, _ = paying.begun(till)
    Attempt.objects.filter(pk=attempt.pk).update(state=state, captured_at=clock.now())
    assert attempts.begin(attempt.order, till.name) == orders.path(attempt.order)


@pytest.mark.parametrize("state", ["cancelled", "expired"])
def test_an_order_that_is_over_can_not_be_paid(till: Till, state: str) -> None:
    order = paying.order()
    Order.objects.filter(pk=order.pk).update(state=state)
    with pytest.raises(PaymentUnavailable, match="place the order again"):
        attempts.begin(order, till.name)


def test_an_order_whose_time_is_over_can_not_be_paid(till: Till) -> None:
    order = paying.order()
    with clock.at(order.expires_at), pytest.raises(PaymentUnavailable, match="place the order again"):
        attempts.begin(order, till.name)


@pytest.mark.promise("P11a")
def test_a_card_from_outside_the_union_is_refused_when_the_session_would_be_made(stripe_sandbox: Any) -> None:
    order = paying.order()
    Order.objects.filter(pk=order.pk).update(country="US")
    order.refresh_from_db()
    with pytest.raises(PaymentUnavailable, match="isn't offered in your country"):
        attempts.begin(order, "stripe")
    assert (tried(order), stripe_sandbox.provider.objects.of("checkout.session")) == ([], [])


def test_a_total_of_zero_is_settled_at_once_without_a_provider(till: Till) -> None:
    order = paying.order()
    Order.objects.filter(pk=order.pk).update(net=0, tax=0, total=0)
    order.refresh_from_db()
    assert attempts.begin(order, till.name) == orders.path(order)
    assert tried(order) == [(1, "free", "captured")]
    assert paying.states(Attempt.objects.get()) == ("captured", "paid", ["assigned"])


def test_the_session_lives_as_long_as_the_order_and_never_shorter_than_stripe_allows(stripe_sandbox: Any) -> None:
    provider = providers.get("stripe")
    order = paying.order()
    attempt = Attempt(order=order, number=1)
    assert provider.parameters(order, attempt)["expires_at"] == int(order.expires_at.timestamp())
    with clock.at(order.expires_at - timedelta(minutes=5)):
        soonest = (clock.now() + timedelta(minutes=31)).timestamp()
        assert abs(provider.parameters(order, attempt)["expires_at"] - soonest) < 5


# --- Clocks that differ -----------------------------------------------------------------------------------------------


def session_of(till: Till, order: Order) -> dict[str, Any]:
    """What Stripe has of the order's last attempt."""
    last = Attempt.objects.filter(order=order).order_by("number").last()
    assert last is not None
    found: dict[str, Any] = till.sandbox.provider.objects.find("checkout.session", last.reference("stripe_session"))
    return found


@pytest.mark.parametrize("minutes", [6, 10, 600])
def test_a_provider_whose_clock_is_ahead_is_asked_anew_by_its_own(stripe_sandbox: Any, minutes: int) -> None:
    """By our slow clock the page would end too soon there. It ends with the order all the same."""
    till, order = Till("stripe", stripe_sandbox), paying.order()
    stripe_sandbox.provider.clock.advance(minutes * 60)
    assert attempts.begin(order, "stripe").startswith(stripe_sandbox.base_url)
    assert tried(order) == [(1, "stripe", "cancelled"), (2, "stripe", "requires_action")]
    assert Attempt.objects.get(number=1).problem == "expires_at"
    session = session_of(till, order)
    assert abs(session["expires_at"] - session["created"] - (order.expires_at - clock.now()).total_seconds()) < 5
    assert not OrderEvent.objects.filter(order=order, kind="payment_failed").exists()
    assert list(ProviderCall.objects.values_list("key", flat=True)) == []


@pytest.mark.parametrize("minutes", [10, 600])
def test_the_page_of_a_provider_whose_clock_is_behind_is_closed_with_the_order(
    stripe_sandbox: Any, minutes: int
) -> None:
    """By our fast clock the page may stay open longer there, or too long: what is reserved outlives it."""
    till = Till("stripe", stripe_sandbox)
    with clock.at(clock.now() + timedelta(minutes=minutes)):
        order = Order.objects.select_related("party").get(pk=purchases.order((purchases.edition(pool=1), 1)).pk)
        reserve(order)
        attempts.begin(order, "stripe")
        assert tried(order)[-1] == (len(tried(order)), "stripe", "requires_action")
    with clock.at(order.expires_at + timedelta(seconds=1)):
        key_pools.release_due()
        assert (session_of(till, order)["status"], free_keys()) == ("open", 0)
        assert reconciliation.expire_due() == 1
    assert (session_of(till, order)["status"], free_keys()) == ("expired", 1)


def reserve(order: Order) -> None:
    with transaction.atomic():
        stock.reserve(
            {unit.pk: unit.line.edition_id for unit in purchases.units_of(order) if unit.line.edition_id},
            until=order.expires_at,
        )


def free_keys() -> int:
    return LicenseKey.objects.filter(state="available").count()


def test_a_refusal_without_the_time_is_an_error_like_others(
    stripe_sandbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("payments.providers.stripe_transport._ahead", lambda _headers: None)
    stripe_sandbox.provider.clock.advance(600)
    with pytest.raises(PaymentUnavailable, match="Nothing was taken"):
        attempts.begin(order := paying.order(), "stripe")
    assert tried(order) == [(1, "stripe", "failed")]


def test_a_provider_that_goes_on_refusing_the_time_is_asked_twice_at_most(
    stripe_sandbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("payments.providers.stripe_transport._ahead", lambda _headers: timedelta(seconds=1))
    stripe_sandbox.provider.clock.advance(600)
    with pytest.raises(PaymentUnavailable, match="Nothing was taken"):
        attempts.begin(order := paying.order(), "stripe")
    assert [state for _, _, state in tried(order)] == ["cancelled", "failed"]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"Date": "Thu, 26 Nov 2026 12:10:00 GMT"}, 600), ({"date": "Thu, 26 Nov 2026 11:50:00 GMT"}, -600)],
)
def test_their_time_is_read_from_the_answer(headers: dict[str, str], seconds: int) -> None:
    with clock.at(datetime(2026, 11, 26, 12, tzinfo=UTC)):
        ahead = stripe_transport._ahead(headers)
        assert ahead is not None
        assert abs(ahead.total_seconds() - seconds) < 1  # the clock goes on
        assert [stripe_transport._ahead(unreadable) for unreadable in ({}, {"Date": "soon"})] == [None, None]
