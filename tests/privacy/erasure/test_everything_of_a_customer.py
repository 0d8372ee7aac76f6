"""A customer of whom the shop has everything asks by mail to be forgotten, and the scan finds nothing that is left."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import Settings

from accounts import branding
from accounts.models import LogoPicture
from local.mail_sink import make_maildir
from payments.fraud import sightings
from payments.models import FraudAssessment, FraudSighting
from privacy import clock, deletion_requests, mailbox
from privacy.erasure import execution, plans, remainders
from privacy.models import DeletionRequest, Remainder
from shop import orders
from shop.models import Order, OrderParty, PostAuthor
from tests.accounts import pictures
from tests.accounts.branding import logos
from tests.privacy.erasure import people
from tests.privacy.erasure.people import ADA, Neighbors
from tests.privacy.mailbox.letters import Box, letter
from tests.shop.posts import people as writers

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P12a", "P12b", "P12d", "P6f", "P8")]
Dump = Callable[[], str]
#: Stands in everything that she wrote or sent, and nowhere else.
MARK = "zqlovelacex"


@pytest.fixture
def box(tmp_path: Path, settings: Settings) -> Box:
    """The support mailbox; files lie beside it."""
    settings.MEDIA_ROOT = tmp_path / "media"
    folder = make_maildir(tmp_path / "support-mail")
    settings.MAILBOX_URL = f"maildir:{folder}"
    return Box(folder)


def everything_of_ada() -> Order:
    """Account, orders, review, question and comment, logo; the order that is returned is held by fraud review."""
    ada = people.account(ADA)
    people.sold(ADA, user=ada)
    product = writers.product()
    logos.purchases.paid((writers.edition_of(product), 1), user=ada, email=ADA)
    review = writers.review(product, ada, f"{MARK} traced a formula through nine sheets.")
    writers.question(product, ada, f"Does {MARK} read older files?")
    writers.comment(review, text="The same here.")  # of somebody else, under hers
    writers.comment(writers.review(product), ada, f"{MARK} agrees with this.")
    logo = branding.hand_in(
        ada, company=f"{MARK} Engines", products=branding.products_of(ada), upload=pictures.photograph()
    )
    branding.decide(logo.pk, revision=logo.revision, by=people.account_of("manager@example.com", is_staff=True))
    held = people.waiting(ADA, user=ada)
    signs = [{"signal": "large_amount", "points": 60, "words": "The total is 10,000 EUR or more."}]
    FraudAssessment.objects.create(order=held, score=60, verdict="hold", reasons=signs)
    for kind, digest in sightings.hashed(address=ADA).items():
        FraudSighting.objects.create(order=held, kind=kind, hash=digest)
    orders.hold(held.pk, by=None, reason="Fraud review")
    return held


def asked_by_mail(box: Box) -> DeletionRequest:
    """The mail is taken in, its address proven by the link, the plan made and approved."""
    box.put(letter(sender=ADA))
    assert mailbox.fetch() == 1
    request = DeletionRequest.objects.get()
    deletion_requests.prove(deletion_requests.token(request.tokens.latest("id")), way="link")
    support = people.staff()
    plan = plans.renew(request.pk, by=support)
    deletion_requests.approve(request.pk, by=support, plan_number=plan.number)
    return request


def test_nothing_is_left_but_what_the_hold_needs_and_after_it_not_even_that(
    neighbors: Neighbors, box: Box, dump: Dump
) -> None:
    held = everything_of_ada()
    name = LogoPicture.objects.values_list("name", flat=True)[0]
    before = dump()
    assert before.count(MARK) >= 4
    request = asked_by_mail(box)

    execution.carry_out(request.pk)

    request.refresh_from_db()
    assert (request.problem, neighbors.notices.written) == ("", [request.pk])
    assert neighbors.looks == 1  # the real scan, clean the first time
    assert (logos.left(), branding.picture(name)) == (0, None)
    assert not PostAuthor.objects.filter(user__email=ADA).exists()
    after = dump()
    assert MARK not in after
    parties = dict(OrderParty.objects.filter(email=ADA).values_list("order_id", "restricted_at"))
    assert held.pk in parties
    assert None not in parties.values()
    assert Remainder.objects.filter(model="shop.OrderParty").count() == 1

    with transaction.atomic():
        orders.cancel(held.pk, by=people.account_of("second@example.com", is_staff=True), reason="Fraud.")
    Remainder.objects.update(looked_at=clock.now() - clock.timedelta(minutes=11))
    remainders.take_up()

    assert not OrderParty.objects.filter(order=held).exists()
    assert not FraudSighting.objects.filter(order=held).exists()
