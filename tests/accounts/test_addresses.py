"""Addresses of an account."""

import pytest
from django.test import Client

from accounts import addresses
from accounts.models import Address, User

pytestmark = pytest.mark.django_db
TURNED = "Leave out the invisible signs that turn the direction of writing. The text needs none."
HOME = {"country": "DE", "name": "Ada Lovelace", "street": "Analytical Way 1", "postal_code": "10115", "city": "Berlin"}


def add(client: Client, **fields: str) -> Address:
    client.post("/account/addresses/new/", HOME | fields)
    return Address.objects.latest("pk")


def defaults() -> list[tuple[str, bool]]:
    return list(Address.objects.order_by("pk").values_list("city", "is_default"))


def test_the_first_address_is_offered_first_until_another_is_chosen(as_ada: Client) -> None:
    add(as_ada)
    add(as_ada, city="Bonn")
    assert defaults() == [("Berlin", True), ("Bonn", False)]
    add(as_ada, city="Trier", is_default="on")
    assert defaults() == [("Berlin", False), ("Bonn", False), ("Trier", True)]


def test_one_address_stays_first_whatever_is_changed_or_deleted(as_ada: Client) -> None:
    first, second = add(as_ada), add(as_ada, city="Bonn")
    as_ada.post(f"/account/addresses/{first.pk}/", HOME | {"city": "Jena"})
    as_ada.post(f"/account/addresses/{second.pk}/", HOME | {"city": "Bonn", "is_default": "on"})
    assert defaults() == [("Jena", False), ("Bonn", True)]
    as_ada.post(f"/account/addresses/{second.pk}/delete/")
    assert defaults() == [("Jena", True)]


def test_checkout_gets_the_first_one(as_ada: Client, ada: User) -> None:
    add(as_ada)
    add(as_ada, city="Bonn", is_default="on")
    first = ada.addresses.first()
    assert first is not None
    assert first.city == "Bonn"


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"street": ""}, "street", "Write the street and number."),
        ({"country": "XX"}, "country", "Select a valid choice. XX is not one of the available choices."),
        ({"vat_number": "DE12345678"}, "vat_number", "A number of Germany is DE and nine digits. Please check yours."),
        ({"city": "Ber\x01lin"}, "city", "Leave out control characters. They can't be printed on a receipt."),
        ({"city": "B" * 101}, "city", "Ensure this value has at most 100 characters (it has 101)."),
        ({"name": "Ada\x02"}, "name", "Leave out control characters. They can't be printed on a receipt."),
        ({"name": "Ada\u202eecalevoL"}, "name", TURNED),
        ({"company": "Ada\u2066 Ltd"}, "company", TURNED),
        ({"country": "US", "vat_number": "1" * 21}, "vat_number", "Write 20 characters at most."),
    ],
)
def test_a_wrong_field_says_what_is_wrong_and_nothing_is_lost(
    as_ada: Client, fields: dict[str, str], field: str, sentence: str
) -> None:
    response = as_ada.post("/account/addresses/new/", HOME | fields)
    assert response.status_code == 422
    assert response.context["form"].errors[field] == [sentence]
    assert 'value="Analytical Way 1"' in response.content.decode() or "street" in fields
    assert Address.objects.count() == 0


def test_a_number_of_20_characters_from_outside_the_eu_is_kept_whole(as_ada: Client) -> None:
    assert add(as_ada, country="US", vat_number="1" * 20).vat_number == "1" * 20


def test_names_of_any_script_are_welcome(as_ada: Client) -> None:
    assert add(as_ada, name="עדה 🦉 لوفلايس").name == "עדה 🦉 لوفلايس"


def test_somebody_elses_address_is_not_there(as_ada: Client, bob: User) -> None:
    of_bob = addresses.save(Address(**HOME), user=bob)
    nowhere = as_ada.get("/account/addresses/999999/").content
    for path in (f"/account/addresses/{of_bob.pk}/", f"/account/addresses/{of_bob.pk}/delete/"):
        response = as_ada.post(path, HOME)
        assert response.status_code == 404
    assert as_ada.get(f"/account/addresses/{of_bob.pk}/").content == nowhere
    assert Address.objects.get() == of_bob


def test_the_twenty_first_address_is_refused_in_words(as_ada: Client, ada: User) -> None:
    for _ in range(20):
        addresses.save(Address(**HOME), user=ada)
    response = as_ada.post("/account/addresses/new/", HOME, follow=True)
    assert "You have 20 addresses already. Delete one you no longer need." in response.content.decode()
    assert Address.objects.count() == 20
