"""Whose rows they are: addresses in other spellings are the person's, addresses that only look alike aren't."""

import unicodedata

import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from privacy.erasure import persons
from privacy.models import RequestAddress
from shop.models import OrderParty
from tests.accounts import purchases
from tests.privacy.erasure import people
from tests.privacy.erasure.people import ADA, Neighbors

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P12a")]


def left() -> list[str]:
    """The addresses of the parties that nothing has restricted."""
    return sorted(OrderParty.objects.in_use().values_list("email", flat=True))


def test_two_casings_are_one_address(neighbors: Neighbors) -> None:
    people.sold("Ada@Example.COM")
    people.sold("ada@example.com")
    people.erased("ADA@example.com")
    assert left() == []
    assert OrderParty.objects.count() == 2


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("kim@bücher.example", "kim@xn--bcher-kva.example"),
        ("kim@xn--bcher-kva.example", "Kim@Bücher.example"),
        ("jürgen@example.com", unicodedata.normalize("NFD", "jürgen@example.com")),
        (unicodedata.normalize("NFD", "jürgen@example.com"), "JÜRGEN@example.com"),
    ],
)
def test_unicode_and_international_domains_in_any_spelling(neighbors: Neighbors, written: str, asked: str) -> None:
    people.expired(written)
    people.erased(asked)
    assert not OrderParty.objects.exists()


def test_a_further_address_that_an_account_confirmed_in_another_spelling(neighbors: Neighbors) -> None:
    user = people.account("kim@example.com")
    EmailAddress.objects.create(user=user, email="kim@xn--bcher-kva.example", verified=True)
    assert persons.of_email("Kim@Bücher.example").users == {user.pk}


@pytest.mark.parametrize(
    "other", ["ada+shop@example.com", "ada@example.com.au", "xada@example.com", "a.da@example.com"]
)
def test_an_address_that_only_looks_alike_is_somebody_elses(neighbors: Neighbors, other: str) -> None:
    people.sold(other)
    people.sold(ADA)
    people.erased(ADA)
    assert left() == [other]
    assert OrderParty.objects.get(email=other).street == people.HOME["street"]


def test_guest_orders_and_an_account_under_other_names_are_one_person(neighbors: Neighbors) -> None:
    user = people.account(ADA)
    EmailAddress.objects.create(user=user, email="ada@work.example", verified=True)
    guest = people.sold("ada@work.example", party={"name": "A. King"})
    typed_otherwise = people.sold("ada@typed.example", user=user, party={"name": "Countess"})
    people.sold("bob@example.com", party={"name": "Ada Lovelace"})  # a namesake
    request = people.erased(ADA)
    assert left() == ["bob@example.com"]
    assert OrderParty.objects.get(order=guest).restricted_at is not None
    assert OrderParty.objects.get(order=typed_otherwise).restricted_at is not None
    assert not User.objects.filter(pk=user.pk).exists()
    assert {rows["model"]: rows["count"] for rows in request.receipt["kept"]}["shop.OrderParty"] == 2
    known = set(RequestAddress.objects.filter(subject__request=request).values_list("address", flat=True))
    assert known == {ADA, "ada@work.example"}


def test_an_account_that_nobody_confirmed_goes_with_the_address(neighbors: Neighbors) -> None:
    squatter = User.objects.create_user(ADA, name="Eve")
    EmailAddress.objects.create(user=squatter, email=ADA, verified=False, primary=True)
    assert persons.of_email(ADA).users == {squatter.pk}
    people.erased(ADA)
    assert not User.objects.filter(pk=squatter.pk).exists()


def test_an_unconfirmed_claim_of_another_account_goes_and_the_account_stays(neighbors: Neighbors) -> None:
    bob = people.account("bob@example.com")
    EmailAddress.objects.create(user=bob, email=ADA, verified=False)
    people.erased(ADA)
    assert list(EmailAddress.objects.filter(user=bob).values_list("email", flat=True)) == ["bob@example.com"]


def test_a_company_named_after_the_person_is_theirs_in_their_orders_and_nobody_elses(neighbors: Neighbors) -> None:
    own = people.sold(ADA, is_business=True, party={"company": "Ada Lovelace", "vat_number": "DE136695976"})
    other = people.sold("bob@example.com", is_business=True, party={"company": "Ada Lovelace", "name": "Bob"})
    people.erased(ADA)
    party = OrderParty.objects.get(order=own)
    kept = (party.company, party.vat_number, party.street, party.browser_family)
    assert kept == ("Ada Lovelace", "DE136695976", people.HOME["street"], "")
    assert OrderParty.objects.get(order=other).company == "Ada Lovelace"
    assert OrderParty.objects.get(order=other).restricted_at is None


def test_the_order_of_another_account_that_names_the_address_is_refused_and_named(neighbors: Neighbors) -> None:
    bob = people.account("bob@example.com")
    order = people.sold(ADA, user=bob)
    rows = people.plan_of(ADA)["shop.OrderParty", "refused"]
    assert (rows.count, rows.ground) == (1, "it is the order of another account")
    request = people.erased(ADA)
    party = OrderParty.objects.get(order=order)
    assert (party.user_id, party.restricted_at, party.email) == (bob.pk, None, ADA)
    assert request.retained


def test_the_address_that_another_buyers_keys_go_to_is_taken_out(neighbors: Neighbors) -> None:
    order = purchases.paid((purchases.edition(), 1), email="bob@example.com", delivery_email=ADA)
    people.erased(ADA)
    party = OrderParty.objects.get(order=order)
    assert (party.delivery_email, party.email, party.restricted_at) == ("", "bob@example.com", None)
