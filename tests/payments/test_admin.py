"""The start page as it is seen, and money on the desk."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from payments import refund_shares, refund_submission, refunds, webhooks
from payments.models import Attempt, Dispute, Refund
from privacy import clock, mails
from shop import orders
from tests import desk
from tests.accounts import purchases
from tests.payments import paying
from tests.payments.paying import Till
from tests.payments.test_webhooks import deliver

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
        (1, "case waits for us"),
        (1, "review, question or comment waits"),
        (1, "company’s logo waits for a look"),
        (2, "alerts are open"),
        (1, "order is on hold"),
        (1, "order is held by fraud review"),
        (1, "unit waits for a key"),
        (2, "key pools are low"),
        (1, "payment hangs for more than a day"),
        (1, "payment is disputed"),
        (1, "provider does not show money that we know nothing of"),
        (1, "webhook can't be handled"),
        (1, "mail was given up"),
        (1, "mail came back"),
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


@pytest.mark.promise("P9a")
def test_support_sees_no_figure_of_orders_customers_or_money() -> None:
    desk.fill(1)
    page = desk.at_desk("Support").get("/admin/")
    assert [need.words for need in page.context["needs"]] == ["case waits for us"]
    assert page.context["panels"] == []
    assert "€" not in page.content.decode()


def test_the_start_page_runs_the_same_queries_for_1_and_for_30_of_everything() -> None:
    client = desk.at_desk("Administrator")
    for times in (1, 29):
        desk.fill(times)
        client.get("/admin/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/admin/")
        # 5 for session, user, second factor and permissions; 16 lines; today, revenue by two, low pools.
        assert len(captured) == 29


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
        for name in ("attempt", "refund", "dispute", "webhookevent")
    }
    assert counts == {"attempt": 1, "refund": 0, "dispute": 1, "webhookevent": 1}


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


@pytest.mark.promise("P9a")
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


def disputed(**fields: object) -> Dispute:
    order = purchases.paid((purchases.edition(), 1), at_once=True)
    attempt = Attempt.objects.create(
        order=order, number=1, provider="stripe", state="captured", amount=119, currency="EUR", captured_at=clock.now()
    )
    return Dispute.objects.create(
        attempt=attempt, provider_dispute="du_7", amount=119, reason="product_not_received", **fields
    )


def test_the_page_of_a_dispute_shows_its_deadline_and_what_can_be_sent_as_evidence() -> None:
    dispute = disputed(respond_by=datetime(2026, 12, 6, 9, 30, tzinfo=UTC))
    order = dispute.attempt.order
    mails.queue("order_confirmation", order.pk)
    mails.send_due()
    text = desk.at_desk("Shop Manager").get(f"/admin/payments/dispute/{dispute.pk}/change/").content.decode()
    for part in (
        "6 Dec 2026, 09:30 UTC",
        "https://dashboard.stripe.com/test/disputes/du_7",
        "product not received",
        f"Order {order.number} was placed on",
        "License keys assigned: 1. Opened, so that the buyer knows them: 1.",
        "gave up the right to withdraw",
        "Mail “order confirmation” was sent to the buyer on",
        "Nothing was given back.",
        "Ada Lovelace",
    ):
        assert part in text, part
    evidence = text[(start := text.index('id="evidence-text"')) : text.index("</p>", start)]
    assert [word for word in ("Ada", "ada@example.com") if word in evidence] == []


@pytest.mark.promise("P9a")
def test_who_may_not_see_parties_sees_evidence_without_names() -> None:
    dispute = disputed()
    reader = desk.person("Support")
    reader.user_permissions.add(Permission.objects.get(codename="view_dispute"))
    text = desk.enter(reader).get(f"/admin/payments/dispute/{dispute.pk}/change/").content.decode()
    assert ("Evidence to send" in text, "Ada Lovelace" in text, "ada@example.com" in text) == (True, False, False)


def test_the_story_of_an_order_tells_everything_in_order_of_time(stripe_sandbox: Any, client: Client) -> None:
    """Attempts, webhooks, refunds, disputes, mails, and who did what."""
    card, manager = Till("stripe", stripe_sandbox), desk.person("Shop Manager")
    attempt = paying.paid(card, client, paying.order(2))
    with transaction.atomic():
        attempt.order = orders.lock(attempt.order_id)
        refunds.request_units(attempt, refund_shares.units_left(attempt.order)[:1], by=manager, reason="Too many.")
    refund_submission.submit_due()
    card.sandbox.act("open_dispute", attempt.reference("stripe_session"))
    for event in card.events("charge.dispute.created"):
        deliver(client, card, event)
    webhooks.handle_due()
    mails.send_due()
    text = desk.enter(manager).get(f"/admin/shop/order/{attempt.order_id}/change/").content.decode()
    story = text[text.index("<h2>Story</h2>") :]
    told = [
        "Attempt 1, stripe: begun",
        "Attempt 1, stripe: captured",
        "units: asked for",
        "€119.00, Too many.",
        str(manager),
        ": succeeded",
        "Payment disputed",
        "Webhook: charge.dispute.created",
        "Mail: refund made",
        "Mail: dispute opened",
    ]
    assert [part for part in told if part not in story] == []
    moments = [
        datetime.strptime(at, "%d %b %Y, %H:%M %Z").astimezone(UTC)
        for at in re.findall(r"<td>(\d+ \w+ \d+, \d+:\d+ UTC)</td><td>", story.replace("\n", "").replace(" " * 14, ""))
    ]
    assert moments == sorted(moments)
    bare = desk.person("Support")
    bare.user_permissions.add(Permission.objects.get(codename="view_order"))
    seen = desk.enter(bare).get(f"/admin/shop/order/{attempt.order_id}/change/").content.decode()
    assert [part for part in told[:4] + told[7:] if part in seen] == []
