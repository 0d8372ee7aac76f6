"""Overview, orders, licenses and profile of the signed-in account."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import license_keys, licenses
from accounts.models import License, LicenseKey, Suspension, User
from shop import orders
from shop.models import OrderUnit
from tests.accounts import purchases

pytestmark = pytest.mark.django_db
PAGES = [
    "",
    "orders/",
    "licenses/",
    "licenses/add/",
    "profile/",
    "addresses/",
    "addresses/new/",
    "logo/",
    "devices/",
    "data/",
    "consents/",
]


@pytest.mark.parametrize(
    "path", [*PAGES, "close/", "orders/AO-1/", "licenses/1/", "licenses/1/key/", "orders/AO-1/keys/1/"]
)
def test_nobody_sees_an_account_without_signing_in(client: Client, path: str) -> None:
    response = client.get(f"/account/{path}")
    assert response.status_code == 302
    assert response["Location"].partition("?next=")[::2] == (response["Location"].partition("?")[0], f"/account/{path}")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_private_has_one_heading_and_marks_its_place(as_ada: Client, path: str) -> None:
    response = as_ada.get(f"/account/{path}")
    page = response.content.decode()
    assert (response.status_code, page.count("<h1>"), page.count("style=")) == (200, 1, 0)
    assert "no-store" in response["Cache-Control"]
    assert page.partition('aria-label="Account"')[2].count("aria-current") == 1


def test_orders_and_licenses_of_the_account_and_no_others(as_ada: Client, ada: User, bob: User) -> None:
    mine = purchases.paid((purchases.edition(), 1), user=ada)
    other = purchases.paid((purchases.edition(), 1), user=bob)
    for path in ("", "orders/", "licenses/"):
        page = as_ada.get(f"/account/{path}").content.decode()
        assert (mine.number in page, other.number in page) == (True, False)


def test_somebody_elses_order_license_and_key_look_like_none(as_ada: Client, bob: User) -> None:
    other = purchases.paid((purchases.edition(), 1), user=bob)
    [key] = purchases.keys_of(other)
    pairs = [
        (f"/account/orders/{other.number}/", "/account/orders/AO-0/"),
        (f"/account/orders/{other.number}/keys/", "/account/orders/AO-0/keys/"),
        (f"/account/orders/{other.number}/keys/{key.pk}/", "/account/orders/AO-0/keys/0/"),
        (f"/account/licenses/{key.license_id}/", "/account/licenses/0/"),
        (f"/account/licenses/{key.license_id}/key/", "/account/licenses/0/key/"),
    ]
    for theirs, none in pairs:
        shown, nothing = as_ada.get(theirs), as_ada.get(none)
        assert (shown.status_code, shown.content) == (404, nothing.content)
    as_ada.post(f"/account/licenses/{key.license_id}/key/", {"answer": "show"})
    key.refresh_from_db()
    assert key.opened_at is None


@pytest.mark.parametrize("number", ["AO%00", "AO-1%00", "AO-", "AO-%D9%A1", f"AO-{'9' * 18}", "1"])
def test_what_is_no_order_number_looks_like_an_unknown_one(as_ada: Client, number: str) -> None:
    for path in ("", "keys/", "keys/1/"):
        odd, none = as_ada.get(f"/account/orders/{number}/{path}"), as_ada.get(f"/account/orders/AO-0/{path}")
        assert (odd.status_code, odd.content) == (404, none.content)


@pytest.mark.parametrize(("path", "queries"), [("", 6), ("orders/", 5), ("licenses/", 5)])
def test_lists_take_as_many_queries_for_1_row_as_for_30(as_ada: Client, ada: User, path: str, queries: int) -> None:
    counts = []
    for more in (1, 29):
        for _ in range(more):
            purchases.paid((purchases.edition(), 1), user=ada, at_once=True)
        with CaptureQueriesContext(connection) as captured:
            as_ada.get(f"/account/{path}")
        counts.append(len(captured))
    assert counts == [queries, queries]


def test_lists_come_in_pages_of_twenty(as_ada: Client, ada: User) -> None:
    for _ in range(21):
        purchases.paid((purchases.edition(), 1), user=ada)
    assert [
        as_ada.get(f"/account/{path}?page=2").content.decode().count("Page 2 of 2") for path in ("orders/", "licenses/")
    ] == [1, 1]


def test_the_state_of_an_order_is_said_in_a_word(as_ada: Client, ada: User) -> None:
    def word() -> str:
        return str(as_ada.get("/account/orders/").context["orders"][0]["state"][1])

    order = purchases.order((purchases.edition(), 2), user=ada)
    assert word() == "Not paid yet"
    purchases.pay(order)
    assert word() == "Paid"
    OrderUnit.objects.filter(pk=purchases.units_of(order)[0].pk).update(state="refunded")
    assert word() == "Partly refunded"
    OrderUnit.objects.filter(line__order=order, state="fulfilled").update(state="refunded")
    assert word() == "Refunded"
    orders.hold(order.pk, by=None, reason="odd")
    assert word() == "In a check"


def test_the_state_of_a_license_is_said_in_a_word(as_ada: Client, ada: User) -> None:
    def word() -> str:
        return str(as_ada.get("/account/licenses/").context["licenses"][0]["state"][1])

    order = purchases.paid((purchases.edition(), 1), user=ada)
    assert word() == "Sealed"
    licenses.open_key(purchases.keys_of(order)[0].pk, order=order)
    assert word() == "Active"
    licenses.suspend(purchases.units_of(order), reason=Suspension.Reason.DISPUTE, about="1")
    assert word() == "Paused"
    licenses.revoke(purchases.units_of(order), reason=Suspension.Reason.DISPUTE, about="1")
    assert word() == "Revoked"


def test_a_key_is_shown_on_the_page_of_its_license_after_asking(as_ada: Client, ada: User) -> None:
    order = purchases.paid((purchases.edition(), 1), user=ada)
    [key] = purchases.keys_of(order)
    text = license_keys.text_of(key)
    page, ask = f"/account/licenses/{key.license_id}/", f"/account/licenses/{key.license_id}/key/"
    assert text not in as_ada.get(page).content.decode()
    assert "Show this key?" in as_ada.post(ask).content.decode()
    assert LicenseKey.objects.get().opened_at is None
    shown = as_ada.post(ask, {"answer": "show"}, follow=True)
    assert shown.redirect_chain == [(f"{page}#key-{key.pk}", 302)]
    assert text in shown.content.decode()
    assert f"{text[-5:]}</span>" in as_ada.get("/account/licenses/").content.decode()


def test_a_license_whose_order_is_gone_can_still_be_opened(as_ada: Client, ada: User) -> None:
    order = purchases.paid((purchases.edition(), 1), user=ada)
    [key] = purchases.keys_of(order)
    License.objects.update(unit=None)
    LicenseKey.objects.update(unit=None)
    shown = as_ada.post(f"/account/licenses/{key.license_id}/key/", {"answer": "show"}, follow=True)
    assert license_keys.text_of(key) in shown.content.decode()


def test_the_order_page_opens_keys_for_its_owner(as_ada: Client, ada: User) -> None:
    order = purchases.paid((purchases.edition(), 1), user=ada)
    [key] = purchases.keys_of(order)
    page = as_ada.get(f"/account/orders/{order.number}/").content.decode()
    assert f'action="/account/orders/{order.number}/keys/{key.pk}/"' in page
    assert orders.token(order) not in page
    shown = as_ada.post(f"/account/orders/{order.number}/keys/{key.pk}/", {"answer": "show"}, follow=True)
    assert license_keys.text_of(key) in shown.content.decode()


def test_name_and_company_are_saved_and_wrong_ones_refused(as_ada: Client, ada: User) -> None:
    as_ada.post("/account/profile/", {"name": "Ada King", "company": "Engine Ltd"})
    ada.refresh_from_db()
    assert (ada.name, ada.company) == ("Ada King", "Engine Ltd")
    response = as_ada.post("/account/profile/", {"name": "x" * 121, "company": "\x02"})
    assert (response.status_code, set(response.context["form"].errors)) == (422, {"name", "company"})
