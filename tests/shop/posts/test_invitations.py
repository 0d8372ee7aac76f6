"""One question after the delivery, and one click that ends them."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts import cases
from payments.models import Attempt, Dispute
from privacy import clock, mails
from privacy.models import OutgoingMail
from shop import orders
from shop.models import InvitationRefusal, Order, OrderEvent, OrderUnit, ReviewInvitation
from shop.posts import invitations, writers, writing
from tests.accounts import purchases
from tests.shop.posts import people

pytestmark = pytest.mark.django_db


def later(days: float) -> Any:
    return clock.at(clock.now() + timedelta(days=days))


def invited() -> list[int]:
    invitations.invite()
    return sorted(ReviewInvitation.objects.values_list("order", flat=True))


def test_a_buyer_is_asked_once_when_the_days_are_over() -> None:
    order = people.guest(people.product())
    with later(13.9):
        assert invited() == []
    with later(14.1):
        assert invited() == [order.pk]
    with later(20):
        assert invitations.invite() == 0
    sent = OutgoingMail.objects.filter(kind="review_invitation")
    assert list(sent.values_list("kind", "object_id")) == [("review_invitation", order.pk)]


def test_nobody_is_asked_where_the_setting_says_so(settings: Any) -> None:
    people.guest(people.product())
    settings.REVIEW_INVITATION_DAYS = 0
    with later(15):
        assert invited() == []
    settings.REVIEW_INVITATION_DAYS = 1
    with later(1.1):
        assert len(invited()) == 1


def test_nobody_is_asked_about_what_never_came_went_back_or_is_long_ago() -> None:
    purchases.order((purchases.edition(), 1))  # not paid
    purchases.paid((purchases.edition(pool=0), 1))  # waits for its key
    refunded = people.guest(people.product())
    OrderUnit.objects.filter(line__order=refunded).update(state="refunded")
    restricted = people.guest(people.product())
    type(restricted.party).objects.filter(order=restricted).update(restricted_at=clock.now())
    with later(15):
        assert invited() == []
    late = people.guest(people.product())
    OrderEvent.objects.filter(order=late, kind="keys_assigned").update(at=clock.now() + timedelta(days=9))
    with later(15):
        assert invited() == []
    with later(24):
        assert invited() == [late.pk]
    old = people.guest(people.product())
    with later(50):
        assert old.pk not in invited()


def _dispute(order: Order) -> None:
    paid = {"state": "captured", "captured_at": clock.now(), "amount": order.total, "currency": "EUR"}
    attempt = Attempt.objects.create(order=order, number=1, provider="stripe", **paid)
    Dispute.objects.create(attempt=attempt, provider_dispute="du_1", amount=order.total, withdrawn=order.total)


def _hold(order: Order) -> None:
    orders.hold(order.pk, by=None, reason="It looks odd.")


def _complain(order: Order) -> None:
    cases.receive(
        cases.Request(kind="complaint", email="ada@example.com", name="Ada", text="It fails."), order, channel="order"
    )


def _withdraw(order: Order) -> None:
    cases.receive(cases.Request(kind="withdrawal", email="ada@example.com", name="Ada"), order, channel="order")


@pytest.mark.parametrize("trouble", [_dispute, _hold, _complain, _withdraw])
@pytest.mark.parametrize("comes", ["before", "while the mail waits"])
def test_who_has_trouble_with_an_order_is_not_asked(trouble: Callable[[Order], None], comes: str) -> None:
    order = people.guest(people.product())
    if comes == "before":
        trouble(order)
    with later(14.1):
        assert invitations.invite() == (0 if comes == "before" else 1)
        if comes != "before":
            trouble(order)
    assert mails.kinds()["review_invitation"](order.pk) is None
    with later(20):
        assert invitations.invite() == 0


def test_one_mail_names_all_products_of_an_order_and_leads_to_each() -> None:
    products = [people.product() for _ in range(3)]
    lines = [(people.edition_of(product), 1) for product in products]
    order = purchases.paid(*lines)
    mail = mails.kinds()["review_invitation"](order.pk)
    assert mail is not None
    first, second, third = (product.name for product in products)
    assert mail.subject == f"How do {first}, {second} and {third} work for you?"
    body = mails.build(mail).body
    for product in products:
        assert re.search(rf"{product.name}: http\S+/reviews/{product.slug}/", body)
    more = purchases.paid(*lines, (purchases.edition(), 1))
    last = mails.kinds()["review_invitation"](more.pk)
    assert last is not None
    assert last.subject == f"How do {first} and 3 more work for you?"


def test_who_has_written_one_is_not_asked() -> None:
    product = people.product()
    order = people.guest(product)
    writer = writers.of_order(order)
    assert writer is not None
    writing.leave_review(writer, product, people.words())
    with later(15):
        assert invitations.invite() == 0


@pytest.mark.promise("P8")
def test_the_mail_leads_to_the_review_and_can_be_refused_with_one_click() -> None:
    product = people.product()
    order = people.guest(product)
    mail = mails.kinds()["review_invitation"](order.pk)
    assert mail is not None
    message = mails.build(mail)
    assert message.to == ["ada@example.com"]
    assert f"/reviews/{product.slug}/" in message.body
    refusal = invitations.refusal_link(Order.objects.get(pk=order.pk))
    assert message.extra_headers["List-Unsubscribe"] == f"<{refusal}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert refusal in message.body


def test_who_refused_is_not_asked_for_any_order_and_a_waiting_mail_is_dropped() -> None:
    order = people.guest(people.product())
    invitations.refuse("Ada@Example.com")
    invitations.refuse("ada@example.com")
    assert InvitationRefusal.objects.count() == 1
    with later(15):
        assert invited() == []
    assert mails.kinds()["review_invitation"](order.pk) is None
    invitations.allow("ADA@example.com")
    with later(15):
        assert invited() == [order.pk]


def test_a_link_that_is_not_ours_is_nobody_s() -> None:
    order = people.guest(people.product())
    token = invitations.refusal_link(order).rstrip("/").rpartition("/")[2]
    for wrong in (token[:-1], f"{order.pk + 1}{token[token.index(':') :]}", "x"):
        with pytest.raises(invitations.NotOurs):
            invitations.refuse_by_link(wrong)
    assert not InvitationRefusal.objects.exists()
    invitations.refuse_by_link(token)
    assert [row.email for row in InvitationRefusal.objects.all()] == ["ada@example.com"]
    InvitationRefusal.objects.all().delete()
    order.party.delete()
    invitations.refuse_by_link(token)
    assert not InvitationRefusal.objects.exists()


def test_an_invitation_leads_to_where_only_the_buyer_can_write() -> None:
    product = people.product()
    by_guest, by_account = people.guest(product), people.guest(product, "eve@example.com")
    for order, user in ((by_guest, None), (by_account, people.buyer(product))):
        type(order.party).objects.filter(order=order).update(delivery_email="bob@example.com", user=user)
    assert mails.kinds()["review_invitation"](by_guest.pk) is None
    mail = mails.kinds()["review_invitation"](by_account.pk)
    assert mail is not None
    ((_, address),) = mail.context["products"]
    assert address.endswith(f"{product.get_absolute_url()}reviews/write/")
