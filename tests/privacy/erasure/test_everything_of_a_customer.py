"""A customer of whom the shop has everything asks by mail to be forgotten, and the scan finds nothing that is left."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from accounts import branding, cases
from accounts.cases import attachments
from accounts.models import Case, CaseAttachment, CaseMessage, CaseParty, LogoPicture
from local.mail_sink import make_maildir
from payments.fraud import passes, sightings
from payments.models import FraudAssessment, FraudSighting
from privacy import clock, deletion_requests, mailbox
from privacy.erasure import execution, persons, plans, remainders
from privacy.erasure.looking import Residue
from privacy.models import DeletionRequest, Remainder
from shop import orders
from shop.models import Order, OrderParty, PostAuthor
from tests.accounts import pictures
from tests.accounts.branding import logos
from tests.accounts.cases import asking
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


def everything_of_ada() -> tuple[Order, Case]:
    """Account, orders, posts, logo, two cases. Returns the order that is held, and the case that is open."""
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
    case = asked_for_help(people.sold(ADA, user=ada))
    cases.close(case.pk, by=None, outcome="answered")
    open_case = asked_for_help(people.sold(ADA, user=ada))
    let_in_after_a_refusal(people.waiting(ADA, user=ada))
    held = people.waiting(ADA, user=ada)
    signs = [{"signal": "large_amount", "points": 60, "words": "The total is 10,000 EUR or more."}]
    FraudAssessment.objects.create(order=held, score=60, verdict="hold", reasons=signs)
    for kind, digest in sightings.hashed(address=ADA).items():
        FraudSighting.objects.create(order=held, kind=kind, hash=digest)
    orders.hold(held.pk, by=None, reason="Fraud review")
    return held, open_case


def let_in_after_a_refusal(order: Order) -> None:
    """A person overruled what the fraud review had refused, and wrote down why."""
    orders.cancel(order.pk, by=None, reason="Refused.", notice="order_refused")
    signs = [{"signal": "large_amount", "points": 100, "words": "The total is 10,000 EUR or more."}]
    refused = FraudAssessment.objects.create(
        order=order, score=100, verdict="refuse", reasons=signs, settled_at=clock.now()
    )
    passes.let_in(refused.pk, by=people.account_of("third@example.com", is_staff=True), reason=f"{MARK} called us.")


def asked_for_help(order: Order) -> Case:
    """A complaint with a picture and a text, an answer, and a note of support."""
    files = attachments.check(
        [
            SimpleUploadedFile(f"{MARK}.jpg", pictures.photograph()),
            SimpleUploadedFile("log.txt", f"{MARK}: {ADA}".encode()),
        ]
    )
    case = asking.ask(order, "complaint", f"{MARK} says: it stops.", files=files)
    cases.answer(case.pk, f"Dear {MARK}, we look into it.", by=None)
    cases.note(case.pk, f"{MARK} called from {ADA}.", by=None)
    return case


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


def places_of_the_mark(dump: Dump) -> set[str]:
    """The tables in which her mark stands."""
    return {row.partition(":")[0] for row in dump().splitlines() if MARK in row}


def test_nothing_is_left_but_what_waits_for_a_person_and_after_that_not_even_this(
    neighbors: Neighbors, box: Box, dump: Dump
) -> None:
    held, open_case = everything_of_ada()
    name = LogoPicture.objects.values_list("name", flat=True)[0]
    assert places_of_the_mark(dump) >= {
        *("accounts_logo", "shop_post", "accounts_casemessage", "accounts_caseattachment"),
        "payments_fraudassessment",
    }
    request = asked_by_mail(box)

    execution.carry_out(request.pk)

    request.refresh_from_db()
    assert (request.problem, neighbors.notices.written) == ("", [request.pk])
    assert neighbors.looks == 1  # the real scan, clean the first time
    assert (logos.left(), branding.picture(name)) == (0, None)
    assert not PostAuthor.objects.filter(post__text__contains=MARK).exists()
    assert CaseParty.objects.get(restricted_at__isnull=False).case == open_case
    assert CaseParty.objects.count() == 1
    assert places_of_the_mark(dump) <= {"accounts_casemessage", "accounts_caseattachment"}
    parties = dict(OrderParty.objects.filter(email=ADA).values_list("order_id", "restricted_at"))
    assert held.pk in parties
    assert None not in parties.values()

    decided_about(held, open_case)

    assert places_of_the_mark(dump) == set()
    assert [rows.objects.count() for rows in (CaseParty, CaseMessage, CaseAttachment)] == [0, 0, 0]
    assert not OrderParty.objects.filter(order=held).exists()
    assert not FraudSighting.objects.filter(order=held).exists()
    assert Residue().look(request.pk, persons.of_request(request.pk), {}).left == ()


def decided_about(held: Order, open_case: Case) -> None:
    """A manager cancels the order that was held, support answers the complaint; the job takes up what was left."""
    manager = people.account_of("second@example.com", is_staff=True)
    orders.cancel(held.pk, by=manager, reason="Fraud.")
    cases.answer(open_case.pk, "It works again.", by=None, outcome="answered")
    Remainder.objects.update(looked_at=clock.now() - timedelta(minutes=11))
    assert remainders.take_up() >= 2
