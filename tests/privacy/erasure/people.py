"""People of whom the shop knows much, their requests, and what stands in for the neighbors of a deletion."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Address, User
from payments.models import Attempt, Reference, Refund
from privacy import clock, deletion_requests
from privacy.erasure import execution, persons, plans
from privacy.erasure.looking import Residue
from privacy.erasure.ports import Looked
from privacy.erasure.verdicts import Deed, RowSet
from privacy.models import DeletionPlan, DeletionRequest
from privacy.people import Person
from shop import orders
from shop.models import CartLine, Order, OrderEvent, OrderHold, OrderParty
from tests.accounts import purchases
from tests.accounts.conftest import person as account_of

ADA = "ada@example.com"
HOME = {
    "name": "Ada Lovelace",
    "company": "",
    "street": "Am Sandtorkai 41",
    "postal_code": "20457",
    "city": "Hamburg",
    "region": "HH",
    "browser_family": "Firefox",
}
#: What a consumer's paid order keeps of a person.
RESTRICTED = {"name": "Ada Lovelace", "email": ADA}


class Notices:
    """Remembers who was told."""

    def __init__(self) -> None:
        self.written: list[int] = []

    def write(self, request_id: int) -> None:
        self.written.append(request_id)


class Neighbors:
    """Journal and scan in one. `findings` are given out by the next scans, one list each; then the real scan looks."""

    def __init__(self) -> None:
        self.lines: list[tuple[frozenset[str], dict[str, list[Any]]]] = []
        self.findings: list[list[str]] = []
        self.notices = Notices()
        self.looks = 0

    def write(
        self, kind: str, *, person: Person, rows: Mapping[str, Sequence[Any]], plan: str, words: Iterable[str] = ()
    ) -> int:
        self.lines.append((person.addresses, {label: list(keys) for label, keys in rows.items()}))
        return len(self.lines)

    def look(self, request_id: int, person: Person, kept: Mapping[str, Sequence[Any]]) -> Looked:
        """What a test wants to be found; then what the real scan finds."""
        self.looks += 1
        if self.findings:
            return Looked(tuple(self.findings.pop(0)), {})
        return Residue().look(request_id, person, kept)

    @property
    def journaled(self) -> dict[str, set[Any]]:
        """The rows of all lines, by model."""
        found: dict[str, set[Any]] = {}
        for _, rows in self.lines:
            for label, keys in rows.items():
                found.setdefault(label, set()).update(keys)
        return found


def sold(email: str = ADA, *, age: timedelta = timedelta(days=10), **fields: Any) -> Order:
    """A paid order as it stands some days later: with payment, refund, a hold that ended, and home address."""
    placed_at = clock.now() - age
    of_party = {**HOME, **fields.pop("party", {})}
    made = purchases.paid((purchases.edition(), 1), email=email, placed_at=placed_at, **fields)
    Order.objects.filter(pk=made.pk).update(paid_at=placed_at, captured_at=placed_at)
    OrderParty.objects.filter(order=made).update(**of_party)
    attempt = captured(made, at=placed_at)
    Refund.objects.create(
        attempt=attempt,
        kind="amount",
        amount=5,
        state="succeeded",
        reason="Ada Lovelace asked for it.",
        finished_at=placed_at,
        provider_refund=f"re_{made.pk}",
    )
    OrderHold.objects.create(order=made, reason="Ada Lovelace called.", released_at=placed_at)
    orders.record(made, OrderEvent.Kind.RELEASED)
    return Order.objects.select_related("party").get(pk=made.pk)


def captured(order: Order, *, at: datetime | None = None, provider: str = "stripe") -> Attempt:
    """The captured attempt of an order, with the provider's id."""
    attempt = Attempt.objects.create(
        order=order,
        number=1,
        provider=provider,
        state="captured",
        amount=119,
        currency="EUR",
        captured_at=at or clock.now(),
    )
    Reference.objects.create(attempt=attempt, kind="stripe_session", value=f"cs_{order.pk}")
    return attempt


def waiting(email: str = ADA, **fields: Any) -> Order:
    """An order whose payment may still come."""
    made = purchases.order((purchases.edition(), 1), email=email, **fields)
    OrderParty.objects.filter(order=made).update(**HOME)
    return Order.objects.select_related("party").get(pk=made.pk)


def expired(email: str = ADA, **fields: Any) -> Order:
    """An order that nobody ever paid, and whose time to pay is over."""
    made = waiting(email, **fields)
    Order.objects.filter(pk=made.pk).update(expires_at=clock.now() - timedelta(minutes=1))
    orders.expire(made.pk)
    return Order.objects.select_related("party").get(pk=made.pk)


def account(email: str = ADA, **fields: Any) -> User:
    """An account with a saved address and a cart."""
    user = account_of(email, name="Ada Lovelace", **fields)
    Address.objects.create(user=user, name="Ada Lovelace", street="Am Sandtorkai 41", city="Hamburg", country="DE")
    CartLine.objects.create(user=user, edition=purchases.edition(), quantity=1, price_seen=5)
    return user


def staff(email: str = "sue@example.com") -> User:
    return account_of(email, is_staff=True)


def verified(address: str = ADA) -> DeletionRequest:
    """A request whose address is proven."""
    request = deletion_requests.receive(channel="mail", address=address)
    return deletion_requests.prove(deletion_requests.token(request.tokens.latest("id")), way="link")


def planned(address: str = ADA, *, by: User) -> tuple[DeletionRequest, DeletionPlan]:
    request = verified(address)
    plan = plans.renew(request.pk, by=by)
    return request, plan


def approved(address: str = ADA, *, by: User) -> DeletionRequest:
    """A request whose plan was approved."""
    request, plan = planned(address, by=by)
    deletion_requests.approve(request.pk, by=by, plan_number=plan.number)
    request.refresh_from_db()
    return request


def erased(address: str = ADA, *, by: User | None = None) -> DeletionRequest:
    """A request that was carried out, up to its notice."""
    request = approved(address, by=by or staff())
    execution.carry_out(request.pk)
    request.refresh_from_db()
    return request


def plan_of(address: str = ADA) -> dict[tuple[str, str], RowSet]:
    """The plan for an address, by model and deed."""
    return {(rows.model, str(rows.deed)): rows for rows in plans.make(persons.of_email(address)).rows}


def deeds(address: str = ADA) -> dict[str, set[str]]:
    """The fates of a person's rows, by model."""
    found: dict[str, set[str]] = {}
    for rows in plans.make(persons.of_email(address)).rows:
        found.setdefault(rows.model, set()).add(str(Deed(rows.deed)))
    return found
