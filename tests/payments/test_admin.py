"""The start page as it is seen, and money on the desk."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from payments.models import Attempt, Refund
from privacy import clock
from tests import desk
from tests.accounts import purchases

pytestmark = pytest.mark.django_db


def lines(client: Client) -> list[tuple[int, str]]:
    return [(need.count, need.words) for need in client.get("/admin/").context["needs"]]


@pytest.mark.parametrize("role", desk.ROLES)
def test_a_quiet_shop_says_that_nothing_waits(role: str) -> None:
    text = desk.at_desk(role).get("/admin/").content.decode()
    assert "Nothing waits for you." in text


def test_what_needs_me_comes_first_each_a_line_with_a_count_and_a_link() -> None:
    desk.fill(1)
    client = desk.at_desk("Shop Manager")
    assert lines(client) == [
        (2, "alerts are open"),
        (1, "order is on hold"),
        (1, "unit waits for a key"),
        (2, "key pools are low"),
        (1, "payment hangs for more than a day"),
        (1, "webhook can't be handled"),
        (1, "mail was given up"),
    ]
    page = client.get("/admin/")
    text = page.content.decode()
    assert re.findall("<h2[^>]*>([^<]+)</h2>", text)[-4:] == [
        "Waiting for you",
        "Orders of today",
        "Revenue of 30 days",
        "Low key pools",
    ]
    for need in page.context["needs"]:
        listed = client.get(need.address)
        found = listed.context["cl"].result_count
        expected = {"unit waits for a key": 1, "key pools are low": 2}.get(need.words, need.count)
        assert (need.words, listed.status_code, found) == (need.words, 200, expected)


@pytest.mark.promise("P9")
def test_support_sees_no_figure_of_orders_customers_or_money() -> None:
    desk.fill(1)
    page = desk.at_desk("Support").get("/admin/")
    assert (page.context["needs"], page.context["panels"]) == ([], [])
    assert "€" not in page.content.decode()


def test_the_start_page_runs_the_same_queries_for_1_and_for_30_of_everything() -> None:
    client = desk.at_desk("Administrator")
    for times in (1, 29):
        desk.fill(times)
        client.get("/admin/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/admin/")
        # 5 for session, user, second factor and permissions; 8 lines; today, revenue by two, low pools.
        assert len(captured) == 17


def test_the_chart_is_said_in_words_and_as_a_table() -> None:
    desk.fill(1)
    text = desk.at_desk("Administrator").get("/admin/").content.decode()
    figure = text[text.index("<figure") : text.index("</figure>")]
    words = " ".join(re.sub("<[^>]+>", " ", figure[: figure.index("<svg")]).split())
    assert words.startswith("€119.00 captured, €19.00 given back. Most on ")
    assert (figure.count("<rect"), figure.count('<th scope="row">'), 'aria-hidden="true"' in figure) == (30, 30, True)


def test_no_name_and_no_address_stands_on_the_start_page() -> None:
    desk.fill(2)
    page = desk.at_desk("Administrator").get("/admin/")
    text, own = page.content.decode(), page.context["user"].email
    assert [email for email in desk.addresses() if email != own and email in text] == []
    assert "Ada Lovelace" not in text


def test_money_on_the_desk_needs_a_look_by_a_filter() -> None:
    desk.fill(1)
    client = desk.at_desk("Shop Manager")
    counts = {
        name: client.get(f"/admin/payments/{name}/?look=needed").context["cl"].result_count
        for name in ("attempt", "refund", "webhookevent")
    }
    assert counts == {"attempt": 1, "refund": 0, "webhookevent": 1}


def failed_refund() -> Refund:
    order = purchases.order((purchases.edition(), 1))
    attempt = Attempt.objects.create(
        order=order, number=1, provider="stripe", state="captured", amount=119, currency="EUR", captured_at=clock.now()
    )
    return Refund.objects.create(attempt=attempt, kind="amount", amount=119, state="failed", reason="Asked for.")


def test_the_money_of_a_failed_refund_is_given_back_again_after_a_question() -> None:
    client, refund = desk.at_desk("Shop Manager"), failed_refund()
    listed = client.get("/admin/payments/refund/?look=needed").content.decode()
    address = f"/admin/payments/refund/{refund.pk}/again/"
    of_order = f"/admin/shop/order/{refund.attempt.order_id}/change/"
    assert [address in text for text in (listed, client.get(of_order).content.decode())] == [True, True]
    asked = client.get(address)
    assert (asked.status_code, "Give €119.00 back again" in asked.content.decode()) == (200, True)
    assert Refund.objects.filter(repeats=refund).count() == 0
    for words in ("goes back again", "Nothing to do"):
        answer = client.post(address, follow=True)
        assert (answer.redirect_chain[0][0], words in answer.content.decode()) == (
            f"/admin/payments/refund/{refund.pk}/change/",
            True,
        )
    again = Refund.objects.get(repeats=refund)
    assert (again.state, again.amount, again.requested_by) == ("requested", 119, answer.context["user"])
    texts = [client.get(page).content.decode() for page in ("/admin/payments/refund/", of_order)]
    assert [address in text for text in texts] == [False, False]


@pytest.mark.promise("P9")
def test_who_may_not_repeat_a_refund_sees_no_way_to_do_it() -> None:
    refund = failed_refund()
    address = f"/admin/payments/refund/{refund.pk}/again/"
    reader = desk.person("Support")
    reader.user_permissions.add(Permission.objects.get(codename="view_refund"))
    reader.user_permissions.add(Permission.objects.get(codename="view_order"))
    for client in (desk.enter(reader), desk.at_desk("Support")):
        assert [client.get(address).status_code, client.post(address).status_code] == [403, 403]
    client = desk.enter(reader)
    pages = ("/admin/payments/refund/", f"/admin/payments/refund/{refund.pk}/change/")
    seen = [client.get(page) for page in (*pages, f"/admin/shop/order/{refund.attempt.order_id}/change/")]
    assert [(page.status_code, "/again/" in page.content.decode()) for page in seen] == [(200, False)] * 3
    assert Refund.objects.count() == 1


@pytest.mark.parametrize("state", ["requested", "submitted", "succeeded"])
def test_only_a_failed_refund_can_be_repeated(state: str) -> None:
    refund = failed_refund()
    made = Refund.objects.create(attempt=refund.attempt, kind="amount", amount=19, state=state)
    assert desk.at_desk("Administrator").post(f"/admin/payments/refund/{made.pk}/again/").status_code == 404
