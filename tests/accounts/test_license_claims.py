"""Adding a license to an account by its key: which ones, what others learn, and who wins."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections
from django.db.models import QuerySet
from django.test import Client

from accounts import license_claims, license_keys, licenses
from accounts.models import License, LicenseKey, User
from accounts.views.license_claims import MOST_OF_ACCOUNT, TOO_MANY
from shop import orders
from shop.models import Order
from tests.accounts import purchases
from tests.accounts.conftest import PASSWORD, person

pytestmark = pytest.mark.django_db
PATH = "/account/licenses/add/"


def after_its_period(order: Order) -> LicenseKey:
    """Does to an order what the sweep does; returns the key of its first unit."""
    [key, *_] = purchases.keys_of(order)
    order.party.delete()
    License.objects.filter(unit__line__order=order).update(unit=None)
    LicenseKey.objects.filter(unit__line__order=order).update(unit=None)
    return key


def orphan(*, is_open: bool = True, **fields: Any) -> LicenseKey:
    """The key of a guest's license whose order's period has ended."""
    order = purchases.paid((purchases.edition(), 1), email="guest@example.com", at_once=is_open, **fields)
    return after_its_period(order)


def add(client: Client, text: str) -> Any:
    return client.post(PATH, {"key": text})


def refusal(response: Any) -> tuple[int, list[str]]:
    return response.status_code, [str(error) for errors in response.context["form"].errors.values() for error in errors]


@pytest.mark.promise("P6e")
@pytest.mark.parametrize("typed", [str, str.lower, lambda text: f" {text.replace('-', ' ')} "])
def test_an_opened_key_brings_its_license_into_the_account(as_ada: Client, ada: User, typed: Any) -> None:
    key = orphan()
    response = add(as_ada, typed(license_keys.text_of(key)))
    assert (response.status_code, response["Location"]) == (302, f"/account/licenses/{key.license_id}/")
    assert [granted.pk for granted in ada.licenses.all()] == [key.license_id]
    page = as_ada.get(response["Location"]).content.decode()
    assert license_keys.text_of(key) in page
    assert "is in your account." in page


def test_one_s_own_license_is_said_to_be_there_and_stays(as_ada: Client, ada: User) -> None:
    order = purchases.paid((purchases.edition(), 1), user=ada)
    [key] = purchases.keys_of(order)
    response = add(as_ada, license_keys.text_of(key))
    assert response["Location"] == f"/account/licenses/{key.license_id}/"
    assert License.objects.get().unit_id is not None


def test_every_key_that_cannot_be_added_gets_the_same_answer(as_ada: Client, ada: User, bob: User) -> None:
    of_bob = orphan()
    License.objects.filter(pk=of_bob.license_id).update(user=bob)
    revoked = orphan()
    LicenseKey.objects.filter(pk=revoked.pk).update(state="revoked")
    [of_an_order] = purchases.keys_of(purchases.paid((purchases.edition(), 1), email="g@example.com", at_once=True))
    [in_stock] = purchases.fill(purchases.edition(pool=0), 1)
    texts = [license_keys.text_of(key) for key in (of_bob, revoked, of_an_order, orphan(is_open=False))]
    texts += [in_stock, license_keys.generate(), "x"]
    answers = [refusal(add(as_ada, text)) for text in texts]
    assert answers == [(422, [license_claims.REFUSED])] * len(texts)
    assert (ada.licenses.count(), bob.licenses.count()) == (0, 1)


def test_a_key_is_asked_for(as_ada: Client) -> None:
    assert refusal(add(as_ada, "")) == (422, ["Write the key."])


def test_tries_are_limited_by_account_whatever_the_connection(as_ada: Client, ada: User) -> None:
    key = orphan()
    for number in range(MOST_OF_ACCOUNT):
        as_ada.post(PATH, {"key": license_keys.generate()}, REMOTE_ADDR=f"192.0.2.{number}")
    response = add(as_ada, license_keys.text_of(key))
    assert refusal(response) == (422, [TOO_MANY])
    assert ada.licenses.count() == 0


def test_tries_are_limited_by_connection_whatever_the_account() -> None:
    key, last = orphan(), None
    for number in range(4):
        person(f"p{number}@example.com")
        last = Client()
        last.post("/account/login/", {"login": f"p{number}@example.com", "password": PASSWORD}, REMOTE_ADDR="192.0.2.9")
        for _ in range(MOST_OF_ACCOUNT if number < 3 else 0):
            last.post(PATH, {"key": license_keys.generate()}, REMOTE_ADDR="192.0.2.9")
    assert last is not None
    response = last.post(PATH, {"key": license_keys.text_of(key)}, REMOTE_ADDR="192.0.2.9")
    assert refusal(response) == (422, [TOO_MANY])


def test_the_key_stands_in_no_address(as_ada: Client) -> None:
    page = as_ada.get(f"{PATH}?key=ABCDE").content.decode()
    assert ('method="post"' in page, "ABCDE" in page) == (True, False)


@pytest.mark.promise("P6e")
def test_a_guests_sealed_key_is_opened_by_the_link_and_then_added(as_ada: Client, ada: User) -> None:
    order = purchases.paid((purchases.edition(), 1), email="guest@example.com")
    token = orders.token(order)
    key = after_its_period(order)
    licenses.open_key_by_link(key.pk, token=token)
    assert license_claims.claim(license_keys.text_of(key), user=ada).user_id == ada.pk


def test_guest_orders_of_an_address_that_later_has_an_account(client: Client) -> None:
    """Those that are kept join by the address; the license of one that isn't is added by its key."""
    kept = purchases.paid((purchases.edition(), 1), email="grace@example.com", at_once=True)
    gone = orphan()
    grace = person("grace@example.com")
    client.post("/account/login/", {"login": "grace@example.com", "password": PASSWORD})
    assert [granted.unit.line.order_id for granted in grace.licenses.all() if granted.unit] == [kept.pk]
    add(client, license_keys.text_of(gone))
    assert grace.licenses.count() == 2


# --- Two at once ------------------------------------------------------------------------------------------------------


def at_once(key: LicenseKey, users: list[User]) -> list[int]:
    """Lets each of `users` claim the key in a thread of its own; returns those who were told that it is theirs."""
    start, told, text = threading.Barrier(len(users)), [], license_keys.text_of(key)

    def run(user: User) -> None:
        try:
            start.wait(timeout=10)
            license_claims.claim(text, user=user)
            told.append(user.pk)
        except license_claims.NotClaimable:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[user]) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


@pytest.mark.django_db(transaction=True)
def test_of_many_accounts_that_type_one_key_at_once_one_gets_the_license() -> None:
    key, users = orphan(), [person(f"p{number}@example.com") for number in range(6)]
    told = at_once(key, users)
    assert told == [License.objects.get().user_id]


@pytest.mark.django_db(transaction=True)
def test_canary_without_the_lock_two_accounts_are_told_that_it_is_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    key, users = orphan(), [person(f"p{number}@example.com") for number in range(2)]
    both = threading.Barrier(2, timeout=10)

    def unlocked(rows: QuerySet[Any], **_options: Any) -> QuerySet[Any]:
        found = list(rows.filter(pk=key.license_id))
        both.wait()  # both have read what neither has changed yet
        return SimpleNamespace(get=lambda **_which: found[0])  # type: ignore[return-value]

    monkeypatch.setattr(QuerySet, "select_for_update", unlocked)
    assert sorted(at_once(key, users)) == sorted(user.pk for user in users)
