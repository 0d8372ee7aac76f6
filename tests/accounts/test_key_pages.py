"""Keys on the order's page, and the question before one is shown."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import license_keys, licenses
from accounts.models import License, LicenseKey, Suspension
from shop import orders
from shop.models import Order
from tests.accounts import purchases

pytestmark = pytest.mark.django_db


def page_of(client: Client, order: Order) -> str:
    response = client.get(orders.path(order))
    assert response.status_code == 200
    return str(response.content.decode())


def test_a_guest_opens_a_sealed_key_by_the_link_after_being_asked(client: Client) -> None:
    order = purchases.paid((purchases.edition(), 1))
    [key] = purchases.keys_of(order)
    text, path = license_keys.text_of(key), f"/account/keys/{orders.token(order)}/{key.pk}/"
    sealed = page_of(client, order)
    assert (f'action="{path}"' in sealed, text in sealed, "Sealed" in sealed) == (True, False, True)
    question = client.post(path)
    assert "Show this key?" in question.content.decode()
    assert LicenseKey.objects.get().opened_at is None
    shown = client.post(path, {"answer": "show"}, follow=True)
    assert shown.redirect_chain == [(f"{orders.path(order)}#key-{key.pk}", 302)]
    assert f'data-copy="{text}"' in shown.content.decode()
    assert "Key opened" in shown.content.decode()


def test_looking_at_the_question_opens_nothing(client: Client) -> None:
    order = purchases.paid((purchases.edition(), 1))
    [key] = purchases.keys_of(order)
    client.get(f"/account/keys/{orders.token(order)}/{key.pk}/?answer=show")
    key.refresh_from_db()
    assert key.opened_at is None


def test_a_forged_form_of_another_site_opens_nothing() -> None:
    client = Client(enforce_csrf_checks=True)
    order = purchases.paid((purchases.edition(), 1))
    [key] = purchases.keys_of(order)
    response = client.post(f"/account/keys/{orders.token(order)}/{key.pk}/", {"answer": "show"})
    key.refresh_from_db()
    assert (response.status_code, key.opened_at) == (403, None)


def test_a_wrong_link_or_a_key_of_another_order_is_not_there(client: Client) -> None:
    mine, other = purchases.paid((purchases.edition(), 1)), purchases.paid((purchases.edition(), 1))
    [key], [foreign] = purchases.keys_of(mine), purchases.keys_of(other)
    paths = [
        f"/account/keys/{orders.token(mine)}/{foreign.pk}/",
        f"/account/keys/{orders.token(mine)}/0/",
        f"/account/keys/wrong/{key.pk}/",
        "/account/keys/wrong/",
    ]
    answers = [client.post(path, {"answer": "show"}) for path in paths]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert LicenseKey.objects.filter(opened_at__isnull=False).count() == 0


def test_pages_with_a_token_in_their_address_tell_nobody(client: Client) -> None:
    order = purchases.paid((purchases.edition(), 1))
    [key] = purchases.keys_of(order)
    response = client.get(f"/account/keys/{orders.token(order)}/{key.pk}/")
    assert (response["Referrer-Policy"], response["X-Robots-Tag"]) == ("same-origin", "noindex")
    assert "no-store" in response["Cache-Control"]


def test_keys_at_once_are_open_on_the_first_page(client: Client) -> None:
    order = purchases.paid((purchases.edition(), 2), at_once=True)
    page = page_of(client, order)
    assert all(f'data-copy="{license_keys.text_of(key)}"' in page for key in purchases.keys_of(order))
    assert page.count('<article class="card key-card"') == 2


def test_suspended_and_revoked_keys_say_so_and_have_no_button(client: Client) -> None:
    order = purchases.paid((purchases.edition(), 2))
    first, second = purchases.units_of(order)
    licenses.open_key(purchases.keys_of(order)[0].pk, order=order)
    licenses.suspend([first], reason=Suspension.Reason.REFUND_REQUESTED, about="1")
    licenses.revoke([second], reason=Suspension.Reason.REFUND_REQUESTED, about="2")
    page = page_of(client, order)
    assert ("Paused" in page, "Revoked" in page, "Show my key" in page, "data-copy" in page) == (
        True,
        True,
        False,
        False,
    )
    text = license_keys.text_of(purchases.keys_of(order)[1])
    assert text not in page


def test_a_suspended_key_answers_with_the_reason(client: Client) -> None:
    order = purchases.paid((purchases.edition(), 1))
    [key] = purchases.keys_of(order)
    licenses.suspend(purchases.units_of(order), reason=Suspension.Reason.DISPUTE, about="1")
    response = client.post(f"/account/keys/{orders.token(order)}/{key.pk}/", {"answer": "show"}, follow=True)
    assert "suspended while a refund or a dispute is open" in response.content.decode()


def test_a_held_order_shows_its_keys_sealed_without_a_button(client: Client) -> None:
    order = purchases.paid((purchases.edition(), 1))
    orders.hold(order.pk, by=None, reason="odd")
    page = page_of(client, order)
    assert ("We are checking this order. Then the key can be opened." in page, "Show my key" in page) == (True, False)


def test_units_on_back_order_are_said_in_words(client: Client) -> None:
    order = purchases.paid((purchases.edition(pool=1), 3))
    assert "2 keys are on back order. They come by mail and appear here as soon as we have them." in page_of(
        client, order
    )
    alone = purchases.paid((purchases.edition(pool=0), 1))
    assert "1 key is on back order. It comes by mail and appears here as soon as we have it." in page_of(client, alone)


def test_an_order_that_is_not_paid_has_no_keys_on_its_page(client: Client) -> None:
    assert "key-card" not in page_of(client, purchases.order((purchases.edition(), 1)))


def after_its_period(order: Order) -> str:
    """Does to an order what the sweep does, and returns the token that its guest kept."""
    token = orders.token(order)
    order.party.delete()
    License.objects.filter(unit__line__order=order).update(unit=None)
    LicenseKey.objects.filter(unit__line__order=order).update(unit=None)
    return token


@pytest.mark.promise("P7b")
def test_when_the_orders_period_has_ended_the_link_still_opens_a_sealed_key(client: Client) -> None:
    order = purchases.paid((purchases.edition(), 2))
    keys = purchases.keys_of(order)
    token = after_its_period(order)
    path = f"/account/keys/{token}/{keys[0].pk}/"
    sealed = client.get(f"/order/{token}/").content.decode()
    assert (f'action="{path}"' in sealed, "Nobody has seen this key yet." in sealed) == (True, True)
    question = client.post(path).content.decode()
    assert ("Show this key?" in question, "right to withdraw" in question) == (True, False)
    shown = client.post(path, {"answer": "show"}, follow=True)
    assert shown.redirect_chain == [(f"/order/{token}/#key-{keys[0].pk}", 302)]
    assert license_keys.text_of(keys[0]) in shown.content.decode()
    assert license_keys.text_of(keys[1]) not in shown.content.decode()
    assert "Ada Lovelace" not in shown.content.decode()


def test_the_story_does_not_tell_whose_key_was_opened_after_the_period(client: Client) -> None:
    order = purchases.paid((purchases.edition(), 1))
    [key] = purchases.keys_of(order)
    token = after_its_period(order)
    client.post(f"/account/keys/{token}/{key.pk}/", {"answer": "show"})
    assert "key_opened" not in dict(purchases.events(order))


def test_another_link_finds_no_key_whose_orders_period_has_ended(client: Client) -> None:
    order, other = purchases.paid((purchases.edition(), 1)), purchases.paid((purchases.edition(), 1))
    [key] = purchases.keys_of(order)
    after_its_period(order)
    response = client.post(f"/account/keys/{orders.token(other)}/{key.pk}/", {"answer": "show"})
    key.refresh_from_db()
    assert (response.status_code, key.opened_at) == (404, None)


def test_a_link_that_lost_its_person_stays_as_it_is(client: Client) -> None:
    order = purchases.paid((purchases.edition(), 1))
    token = after_its_period(order)
    response = client.post(f"/order/{token}/link/", follow=True)
    assert response.redirect_chain == [(f"/order/{token}/", 302)]
    assert "its link stays as it is" in response.content.decode()
    assert client.get(f"/order/{orders.GONE}/").status_code == 404


def test_a_large_order_is_a_table_in_pages_that_opens_all_at_once(client: Client) -> None:
    order = purchases.paid((purchases.edition(), 120))
    page = page_of(client, order)
    assert ("120 keys" in page, "Page 1 of 3" in page, page.count('<tr id="key-')) == (True, True, 50)
    path = f"/account/keys/{orders.token(order)}/"
    assert f'action="{path}"' in page
    assert "Show 120 keys?" in client.post(path).content.decode()
    shown = client.post(path, {"answer": "show"}, follow=True).content.decode()
    assert len(re.findall(r'data-copy="', shown)) == 50
    assert "Show all keys" not in shown
    assert LicenseKey.objects.filter(opened_at__isnull=True).count() == 0


def test_the_page_takes_as_many_queries_for_1_unit_as_for_50(client: Client) -> None:
    counts = []
    for quantity in (1, 50):
        order = purchases.paid((purchases.edition(), quantity), at_once=True)
        client.get(orders.path(order))
        with CaptureQueriesContext(connection) as queries:
            client.get(orders.path(order))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


def test_a_page_of_fifty_keys_stays_under_100_kilobytes(client: Client) -> None:
    order = purchases.paid((purchases.edition(), 999), at_once=True)
    assert len(page_of(client, order).encode()) < 100_000


def test_a_pool_key_of_another_form_is_shown_exactly(client: Client) -> None:
    sold = purchases.edition(pool=0)
    [text] = purchases.fill(sold, 1)
    order = purchases.paid((sold, 1), at_once=True)
    page = page_of(client, order)
    assert f'<p class="mono">{text}</p>' in page
    assert f'data-copy="{text}"' in page
