"""After the sweep an order is facts that name nobody: every total is the same to the cent, and nothing leads back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Model, Sum
from django.db.models.functions import TruncMonth
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from accounts.models import License, LicenseKey, Suspension, User
from payments.models import Attempt, Reference, Refund
from privacy import clock, retention
from shop.models import Order, OrderEvent, OrderHold, OrderLine, OrderParty, OrderUnit
from tests.accounts import purchases
from tests.accounts.conftest import person

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P7b")]
FIRST, TODAY = datetime(2019, 1, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)

CENTS = st.integers(1, 99_999).map(lambda cents: Decimal(cents) / 100)
MOMENTS = st.datetimes(FIRST.replace(tzinfo=None), TODAY.replace(tzinfo=None), timezones=st.just(UTC))
ORDERS = st.fixed_dictionaries(
    {
        "placed_at": MOMENTS,
        "country": st.sampled_from(["DE", "AT", "FR", "US"]),
        "currency": st.sampled_from(["EUR", "USD", "JPY"]),
        "rate": st.sampled_from([Decimal(0), Decimal(19), Decimal(20), Decimal("5.5")]),
        "net": CENTS,
        "tax": CENTS,
        "state": st.sampled_from(["paid", "paid", "paid", "expired", "cancelled", "on_hold", "pending_payment"]),
        "is_business": st.booleans(),
        "has_account": st.booleans(),
        "refunded": st.none() | st.floats(0.01, 1).map(lambda share: Decimal(str(round(share, 2)))),
    }
)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside leaves no row: hypothesis comes back with the next history."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def write(history: list[dict[str, Any]]) -> None:
    """Makes the orders of a history, with keys, payments, refunds and staff's work."""
    sold, ada = purchases.edition(), person("ada@example.com")
    for facts in history:
        with clock.at(facts["placed_at"]):
            made = purchases.order((sold, 1), user=ada if facts["has_account"] else None)
            if facts["state"] == "paid":
                purchases.pay(made)
        money = {"net": facts["net"], "tax": facts["tax"], "total": facts["net"] + facts["tax"]}
        OrderLine.objects.filter(order=made).update(
            **money, unit_price=money["total"], tax_rate=facts["rate"], tax_country=facts["country"]
        )
        columns = ("country", "currency", "state", "is_business", "placed_at")
        ended_at = facts["placed_at"]
        paid_at = facts["placed_at"] + timedelta(minutes=5) if facts["state"] == "paid" else None
        Order.objects.filter(pk=made.pk).exclude(state=facts["state"]).update(state=facts["state"])
        Order.objects.filter(pk=made.pk).update(
            **money, **{name: facts[name] for name in columns}, paid_at=paid_at, expires_at=ended_at, ended_at=ended_at
        )
        OrderHold.objects.create(order=made, reason="Katrin called.", placed_by=ada, released_at=facts["placed_at"])
        if paid_at is not None:
            _pay(made, facts, money["total"], paid_at, by=ada)


def _pay(made: Order, facts: dict[str, Any], total: Decimal, paid_at: datetime, *, by: User) -> None:
    attempt = Attempt.objects.create(
        order=made,
        number=1,
        provider="stripe",
        state="captured",
        amount=total,
        currency=facts["currency"],
        captured_at=paid_at,
    )
    Reference.objects.create(attempt=attempt, kind="stripe_session", value=f"cs_{made.pk}")
    if facts["refunded"] is not None:
        Refund.objects.create(
            attempt=attempt,
            kind="amount",
            state="succeeded",
            amount=max(Decimal("0.01"), (total * facts["refunded"]).quantize(Decimal("0.01"))),
            reason="Katrin asked.",
            requested_by=by,
            finished_at=paid_at + timedelta(days=9),
            provider_refund=f"re_{made.pk}",
        )


def sweep(as_of: datetime) -> None:
    with clock.at(as_of):
        for _ in retention.run(as_of=as_of):
            continue


def totals() -> dict[str, list[tuple[Any, ...]]]:
    """Every sum that books are made of: by country, rate, currency and month."""
    keys = ("order__country", "tax_country", "tax_rate", "order__currency", "order__state")
    sums = {"net_": Sum("net"), "tax_": Sum("tax"), "total_": Sum("total"), "quantity_": Sum("quantity")}
    back = ("attempt__order__country", "attempt__currency", "state")
    return {
        "placed": list(
            OrderLine.objects.annotate(month=TruncMonth("order__placed_at"))
            .values_list(*keys, "month")
            .annotate(**sums)
            .order_by(*keys, "month")
        ),
        "paid": list(
            OrderLine.objects.annotate(month=TruncMonth("order__paid_at"))
            .values_list(*keys, "month")
            .annotate(**sums)
            .order_by(*keys, "month")
        ),
        "refunded": list(
            Refund.objects.annotate(month=TruncMonth("finished_at"))
            .values_list(*back, "month")
            .annotate(amount_=Sum("amount"), tax_=Sum("tax"))
            .order_by(*back, "month")
        ),
    }


def facts_of_orders() -> list[dict[str, Any]]:
    """Every column of every order and line: what goes with the person stands elsewhere."""
    return [*Order.objects.order_by("pk").values(), *OrderLine.objects.order_by("pk").values()]


# A history is as clear as it is: to look for a smaller one would take minutes.
@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(history=st.lists(ORDERS, min_size=1, max_size=6), as_of=MOMENTS)
def test_every_total_is_the_same_to_the_cent_after_a_sweep_of_any_history(
    history: list[dict[str, Any]], as_of: datetime
) -> None:
    with undone():
        write(history)
        before, facts, parties = totals(), facts_of_orders(), OrderParty.objects.count()
        sweep(as_of)
        assert totals() == before
        assert facts_of_orders() == facts
        sweep(TODAY + timedelta(days=20))  # by then, whatever was placed before November 2023 is due
        assert totals() == before
        assert facts_of_orders() == facts
        due = [each for each in history if _is_due(each)]
        assert OrderParty.objects.count() == parties - len(due)


def _is_due(facts: dict[str, Any]) -> bool:
    """Told by other means than the engine's: paid orders three years after they were placed, others after a month."""
    now, placed = TODAY + timedelta(days=20), facts["placed_at"]
    if facts["state"] != "paid":
        return placed + timedelta(days=30) <= now
    third = (placed.year + 3, placed.month, placed.day, placed.time())
    return third <= (now.year, now.month, now.day, now.time())


# --- Nothing leads back -----------------------------------------------------------------------------------------------

#: Words of the product stand on both sides, as they must.
OF_THE_PRODUCT = {"mark", "product_name", "edition_name", "sku", "digest"}


def telling(rows: Iterator[Model]) -> set[object]:
    """The values that could be compared with another table's: moments, random ids, and texts that aren't mere words."""
    found: set[object] = set()
    for row in rows:
        for column in row._meta.local_fields:
            value = getattr(row, column.attname)
            if column.name in OF_THE_PRODUCT or value is None:
                continue
            is_day = isinstance(value, datetime) and value.time() == datetime.min.time()
            if (isinstance(value, datetime | UUID) and not is_day) or (isinstance(value, str) and len(value) >= 16):
                found.add(value)
    return found


def sides(order: Order) -> tuple[set[object], set[object]]:
    """What the shop keeps of an order, and of the people and licenses there are."""
    of_order = [
        Order.objects.filter(pk=order.pk),
        OrderLine.objects.filter(order=order),
        OrderUnit.objects.filter(line__order=order),
        OrderHold.objects.filter(order=order),
        OrderEvent.objects.filter(order=order),
        Attempt.objects.filter(order=order),
        Refund.objects.filter(attempt__order=order),
    ]
    of_people = [model.objects.all() for model in (User, EmailAddress, License, LicenseKey, Suspension)]
    return tuple(telling(row for rows in side for row in rows) for side in (of_order, of_people))  # type: ignore[return-value]


def test_nothing_that_remains_of_an_order_tells_whose_license_it_was() -> None:
    placed_at = datetime(2022, 5, 5, 9, 30, 15, 123456, tzinfo=UTC)
    ada = person("ada@example.com")
    with clock.at(placed_at):
        order = purchases.paid((purchases.edition(), 2), user=ada, at_once=True, term_months=60)
        Order.objects.filter(pk=order.pk).update(paid_at=clock.now())
        _pay(order, {"currency": "EUR", "refunded": Decimal("0.1")}, order.total, clock.now(), by=ada)
        key, refund = purchases.keys_of(order)[0], Refund.objects.get()
        Suspension.objects.create(
            license_key=key, reason="refund_requested", about=refund.about, started_at=refund.requested_at
        )
    License.objects.update(starts_at=Order.objects.get().paid_at)
    LicenseKey.objects.update(assigned_at=Order.objects.get().paid_at, opened_at=Order.objects.get().paid_at)
    of_order, of_people = sides(order)
    assert of_order & of_people != set()  # before, they can be compared
    sweep(datetime(2025, 5, 5, 9, 31, tzinfo=UTC))
    assert OrderParty.objects.count() == 0
    of_order, of_people = sides(order)
    assert of_order & of_people == set()
    assert list(License.objects.values_list("unit", "user")) == [(None, ada.pk)] * 2
    assert list(LicenseKey.objects.values_list("unit", "state")) == [(None, "assigned")] * 2


def test_an_account_with_an_old_and_a_new_order_keeps_both_licenses_and_shows_one_order(client: Any) -> None:
    ada = person("ada@example.com")
    with clock.at(datetime(2022, 5, 5, tzinfo=UTC)):
        old = purchases.paid((purchases.edition(), 1), user=ada)
    new = purchases.paid((purchases.edition(), 1), user=ada)
    sweep(datetime(2025, 5, 6, tzinfo=UTC))
    client.force_login(ada)
    page = client.get("/account/orders/").content.decode()
    assert (old.number in page, new.number in page) == (False, True)
    assert client.get(f"/account/orders/{old.number}/").status_code == 404
    assert [granted.unit_id is None for granted in ada.licenses.order_by("pk")] == [True, False]
    assert client.get("/account/licenses/").content.decode().count("Show my key") == 2
    for granted in ada.licenses.all():
        path = f"/account/licenses/{granted.pk}/"
        client.post(f"{path}key/", {"answer": "show"})
        assert 'data-copy="' in client.get(path).content.decode()
