"""Searching for people at the desk (P9c): why is asked, the search is on record, and no term stands in an address."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts import roles
from accounts.models import License, User
from privacy import clock, looks, searches
from privacy.models import Look
from shop.models import Order, Product
from tests import desk
from tests.accounts import purchases

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P9c")]
REASON = "Question by phone about a refund"
ORDERS = "/admin/shop/order/"


def sold() -> Order:
    buyer = desk.person(company="Nordhafen GmbH")
    order = purchases.paid((purchases.edition(), 1), user=buyer, email=buyer.email)
    purchases.paid((purchases.edition(), 1), email="somebody.else@example.com")
    return Order.objects.get(pk=order.pk)


def found(client: Client, address: str) -> list[object]:
    return list(client.get(address).context["cl"].result_list)


def search(client: Client, term: str, *, model: type[Model] = Order, **said: str) -> str:
    """Types a term and says why; returns the address of the list that answers."""
    path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_search")
    answer = client.post(path, {"term": term, "reason": REASON} | said)
    assert answer.status_code == 302
    return answer["Location"]


def test_a_search_without_a_reason_asks_for_one_first() -> None:
    order = sold()
    client = desk.at_desk(roles.SHOP_MANAGER)
    asked = client.post(f"{ORDERS}search/", {"term": order.party.email})
    assert (asked.status_code, Look.objects.count()) == (200, 0)
    assert order.number not in asked.content.decode()
    assert asked.context["form"].initial["term"] == order.party.email
    for reason in ("", "why", "   "):
        refused = client.post(f"{ORDERS}search/", {"term": order.party.email, "reason": reason})
        assert refused.context["form"].errors["reason"]
    assert Look.objects.count() == 0


def test_a_search_finds_and_is_one_look_without_its_term() -> None:
    order = sold()
    client = desk.at_desk(roles.SHOP_MANAGER)
    address = search(client, order.party.email.upper())
    assert found(client, address) == [order]
    found(client, address)
    staff = User.objects.get(is_staff=True)
    assert list(Look.objects.values_list("by", "kind", "model", "object_id", "purpose")) == [
        (staff.pk, "search", "shop.Order", "", REASON)
    ]
    assert order.party.email not in str(list(Look.objects.values_list()))


def test_the_term_stands_in_no_address_no_session_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    order = sold()
    client = desk.at_desk(roles.SHOP_MANAGER)
    address = search(client, order.party.email)
    assert (address.count("?"), sorted(parse_qs(urlsplit(address).query))) == (1, ["q"])
    page = client.get(address).content.decode()
    links = [part.split('"')[0] for part in page.split('href="')[1:]]
    mailbox = order.party.email.split("@")[0]
    assert [link for link in [address, *links] if mailbox in link] == []
    assert f'value="{order.party.email}"' in page  # what was typed stays in its field
    assert mailbox not in str([session.get_decoded() for session in Session.objects.all()])
    assert mailbox not in caplog.text


def test_the_reason_counts_for_half_an_hour_and_for_what_is_opened_next() -> None:
    order = sold()
    client = desk.at_desk(roles.SHOP_MANAGER)
    search(client, order.party.email)
    client.get(reverse("admin:shop_order_change", args=[order.pk]))
    again = client.post(f"{ORDERS}search/", {"term": "Nordhafen GmbH"})
    assert again.status_code == 302
    with clock.at(clock.now() + timedelta(minutes=31)):
        assert client.post(f"{ORDERS}search/", {"term": "Nordhafen GmbH"}).status_code == 200
    assert list(Look.objects.order_by("pk").values_list("kind", "purpose")) == [
        ("search", REASON),
        ("order", REASON),
        ("search", REASON),
    ]


def test_another_reason_takes_the_place_of_the_one_before() -> None:
    client = desk.at_desk(roles.SHOP_MANAGER)
    search(client, "one@example.com")
    page = client.get(f"{ORDERS}search/")
    assert page.context["form"].initial == {"reason": REASON}
    search(client, "two@example.com", reason="Another matter altogether")
    assert looks.reason_of(client.session) == "Another matter altogether"


def test_a_search_ends_after_half_an_hour() -> None:
    order = sold()
    client = desk.at_desk(roles.SHOP_MANAGER)
    address = search(client, order.party.email)
    with clock.at(clock.now() + timedelta(minutes=31)):
        answer = client.get(f"{address}&state=paid", follow=True)
    assert answer.redirect_chain == [(f"{ORDERS}?state=paid", 302)]
    assert "This search has ended" in answer.content.decode()


def test_a_term_in_clear_is_not_searched_for() -> None:
    order = sold()
    client = desk.at_desk(roles.SHOP_MANAGER)
    answer = client.get(ORDERS, {"q": order.party.email})
    assert (answer.status_code, answer["Location"]) == (302, ORDERS)
    assert Look.objects.count() == 0


def test_a_search_belongs_to_one_person_and_one_list() -> None:
    order = sold()
    one, other = desk.at_desk(roles.SHOP_MANAGER), desk.at_desk(roles.SHOP_MANAGER)
    address = search(one, order.party.email)
    assert other.get(address)["Location"] == ORDERS
    query = urlsplit(address).query
    assert one.get(f"/admin/accounts/user/?{query}")["Location"] == "/admin/accounts/user/"


def test_filters_stay_and_lead_nowhere_else() -> None:
    client = desk.at_desk(roles.SHOP_MANAGER)
    address = search(client, "kim@example.com", list="state=paid&p=3&q=old&next=//evil.example/")
    assert address.startswith(f"{ORDERS}?state=paid&next=")
    assert urlsplit(address).netloc == ""
    assert client.post(f"{ORDERS}search/", {"term": " ", "list": "state=paid"})["Location"] == f"{ORDERS}?state=paid"


@pytest.mark.parametrize("model", [Order, User, License])
def test_every_list_that_finds_people_asks(model: type[Model]) -> None:
    client = desk.at_desk(roles.SHOP_MANAGER)
    meta = model._meta
    shown = client.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")).context["cl"]
    assert shown.people_search["address"] == reverse(f"admin:{meta.app_label}_{meta.model_name}_search")


def test_a_list_of_goods_is_searched_without_a_reason() -> None:
    edition = purchases.edition()
    client = desk.at_desk(roles.SHOP_MANAGER)
    assert found(client, f"/admin/shop/product/?q={edition.product.name}") == [Product.objects.get()]
    assert client.get("/admin/shop/product/search/").status_code == 403
    assert Look.objects.count() == 0


def test_no_column_about_a_person_can_be_filtered_by_in_an_address() -> None:
    """`?email__startswith=k` would be a search without a reason, with the term in the address."""
    sold()
    client = desk.at_desk(roles.SHOP_MANAGER)
    for lookup in ("email__startswith", "name", "company__icontains", "email"):
        assert client.get("/admin/accounts/user/", {lookup: "person"}).status_code == 400, lookup
    assert client.get(ORDERS, {"party__email__startswith": "person"}).status_code == 400
    assert client.get("/admin/accounts/licensekey/", {"ciphertext": "1"}).status_code == 400
    assert client.get("/admin/accounts/user/", {"is_active__exact": "1"}).status_code == 200


@pytest.mark.parametrize("field", ["user"])
def test_suggestions_of_the_admin_find_no_people(field: str) -> None:
    sold()
    client = desk.at_desk(roles.ADMINISTRATOR)
    asked = {"term": "person", "app_label": "accounts", "model_name": "license", "field_name": field}
    answer = client.get("/admin/autocomplete/", asked)
    assert answer.status_code in {403, 404} or answer.json()["results"] == []


def test_support_searches_no_orders() -> None:
    client = desk.at_desk(roles.SUPPORT)
    assert client.post(f"{ORDERS}search/", {"term": "kim@example.com", "reason": REASON}).status_code == 403
    assert Look.objects.count() == 0


def test_a_sealed_term_opens_under_an_earlier_secret_too(settings: object) -> None:
    old = settings.SECRET_KEY  # type: ignore[attr-defined]
    sealed = searches.seal("kim@example.com", user_id=1, model=Order)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 8, [old]  # type: ignore[attr-defined]
    assert searches.term_of(sealed, user_id=1, model=Order) == "kim@example.com"
    settings.SECRET_KEY_FALLBACKS = []  # type: ignore[attr-defined]
    assert searches.term_of(sealed, user_id=1, model=Order) is None


def test_the_database_sees_terms_as_parameters_only() -> None:
    """What PostgreSQL may log of a slow statement has placeholders."""
    order = sold()
    client = desk.at_desk(roles.SHOP_MANAGER)
    address = search(client, order.party.email)
    with connection.execute_wrapper(_no_literal(order.party.email)):
        assert found(client, address) == [order]


def _no_literal(value: str) -> object:
    def look(execute: object, sql: str, params: object, many: bool, context: object) -> object:
        assert value not in sql
        return execute(sql, params, many, context)  # type: ignore[operator]

    return look
