"""The desk of deletion requests (P12c): one page a case, its plan, and who may see it."""

import re

import pytest
from django.conf import LazySettings
from django.core import mail as outgoing
from django.test import Client
from django.urls import reverse

from accounts import roles
from accounts.models import User
from privacy import deletion_requests, holds, looks, mails
from privacy.admin.deletion_deeds import DEEDS
from privacy.erasure import execution
from privacy.models import DeletionRequest, DeletionStep, Look, OutgoingMail, RequestAddress
from shop import orders
from shop.models import Order, OrderHold
from tests import desk
from tests.accounts import purchases
from tests.attacks.test_ownership import entered
from tests.privacy.deletion_desk import LIST, State, case, customer, deed, planned, proven, receive, text

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P12c")]


def test_the_case_shows_what_was_asked_why_it_was_recognized_and_what_the_sender_proves(support: Client) -> None:
    request = receive(
        sender="Ada <ada@example.com>",
        title="Deletion",
        reasons=["“delete” with “data” (English)"],
        hints={"spf": "pass", "dkim": "fail"},
    )
    page = text(support, case(request))
    for words in (
        "Please delete my data.",
        "“delete” with “data” (English)",
        "which proves nothing",
        "DKIM failed, SPF passed",
        "no answer yet",
        "One month ends on",
    ):
        assert words in page, words


def test_opening_a_case_is_on_record_and_becomes_the_reason_for_what_follows(support: Client) -> None:
    request = receive()
    support.get(case(request))
    look = Look.objects.get()
    assert (look.kind, look.model, look.purpose) == (
        "deletion",
        "privacy.RequestSubject",
        f"Deletion request {request.number}",
    )
    assert looks.reason_of(support.session) == f"Deletion request {request.number}"


def test_what_is_kept_is_found_by_the_address_in_any_casing_once_it_is_proven(support: Client) -> None:
    user = customer()
    request = receive(user.email.upper())
    page = text(support, case(request))
    assert "<dd>shown once the address is proven</dd>" in page
    assert "1 order" not in page
    deletion_requests.prove(deletion_requests.token(request.tokens.latest("id")), way="link")
    assert re.search(r", proven</dt> <dd>[^<]*1 account[^<]*1 order", text(support, case(request)))


def test_look_alikes_are_offered_masked_and_never_merged(support: Client) -> None:
    user = customer(company="Nordhafen GmbH")
    mailbox, _, host = user.email.partition("@")
    purchases.paid((purchases.edition(), 1), email=f"{mailbox}+tools@{host}")
    namesake = purchases.paid((purchases.edition(), 1), email="ada@elsewhere.example")
    namesake.party.__class__.objects.filter(order=namesake).update(name="ada lovelace", company="NORDHAFEN GMBH")
    request = receive(user.email)
    page = text(support, case(request))
    assert "the same address but for what follows a plus; 1 order" in page
    assert "the same name and company; 1 order" in page
    assert "ada@elsewhere.example" not in page
    assert f"{mailbox}+tools@" not in page
    assert RequestAddress.objects.count() == 1


def test_a_look_alike_that_support_chooses_is_asked_for_proof_itself(support: Client) -> None:
    user = customer()
    mailbox, _, host = user.email.partition("@")
    purchases.paid((purchases.edition(), 1), email=f"{mailbox}+tools@{host}")
    request = proven(user.email)
    OutgoingMail.objects.all().delete()
    offer = re.search(r'name="offer" value="([^"]+)"', text(support, case(request)))
    assert offer
    support.post(deed(request, "offer"), {"offer": offer[1]})
    added = RequestAddress.objects.get(address=f"{mailbox}+tools@{host}")
    assert added.proved_at is None
    assert OutgoingMail.objects.get().kind == "deletion_proof"
    assert deletion_requests.person_of(request).addresses == {user.email}
    assert support.post(deed(request, "offer"), {"offer": "x"}, follow=True).status_code == 200
    assert RequestAddress.objects.count() == 2


def test_the_person_is_found_by_order_and_account_number_too(support: Client) -> None:
    user = customer()
    number = Order.objects.get(party__user=user).number
    request = receive("ada@example.com")
    for term in (number.lower(), str(user.pk), user.email.upper()):
        page = support.post(deed(request, "find"), {"term": term})
        assert [offer.masked for offer in page.context["found"]] == ["p…@nord….example"], term
    assert Look.objects.filter(kind="search", purpose=f"Deletion request {request.number}").count() == 3
    assert support.post(deed(request, "find"), {"term": "AO-99999"}).context["found"] == []


def test_legal_holds_on_the_persons_rows_are_shown(support: Client) -> None:
    user = customer()
    number = Order.objects.get(party__user=user).number
    holds.place(holds.kinds()[0], number, by=None, reason="A court asks for it.")
    request = proven(user.email)
    page = text(support, case(request))
    assert "A legal hold on one order: A court asks for it." in page
    assert "until it is lifted" in page


def test_the_next_and_the_last_case_are_links_with_keys(support: Client) -> None:
    one, two, three = (receive(f"{name}@example.com") for name in ("a", "b", "c"))
    page = text(support, case(two))
    assert "2 of 3" in page
    assert re.search(rf'href="{case(three)}" data-key="j"', page)
    assert re.search(rf'href="{case(one)}" data-key="k"', page)
    assert re.search(rf'href="{LIST}" data-key="u"', page)


def test_a_note_for_colleagues_stays_with_the_person(support: Client) -> None:
    request = receive()
    support.post(deed(request, "note"), {"note": "Called twice."})
    request.subject.refresh_from_db()
    assert request.subject.note == "Called twice."


@pytest.mark.promise("P12d")
def test_names_elsewhere_are_cleared_or_taken_out_and_never_by_themselves(support: Client) -> None:
    user = customer("Ada Lovelace")
    mine, theirs = (purchases.paid((purchases.edition(), 1), email=f"{name}@elsewhere.example") for name in ("x", "y"))
    for order, reason in ((mine, "Ada Lovelace called about it."), (theirs, "Another Ada Lovelace, from Oslo.")):
        orders.hold(order.pk, by=user, reason=reason)
    Order.objects.get(pk=theirs.pk)
    request = proven(user.email)
    assert "elsewhere</a>" in text(support, case(request))
    found = support.post(deed(request, "mentions"), {"search": "1"}).context["mentions"]
    held = [mention for mention in found if mention.where == "shop_orderhold.reason"]
    assert [mention.text for mention in held] == ["Ada Lovelace called about it.", "Another Ada Lovelace, from Oslo."]
    assert all(mention.is_free_text for mention in held)
    support.post(deed(request, "mentions"), {"erase": "1", "place": held[0].place})
    left = support.post(deed(request, "mentions"), {"clear": "1", "place": held[1].place}).context["mentions"]
    assert [mention for mention in left if mention.where == "shop_orderhold.reason"] == []
    assert list(OrderHold.objects.order_by("pk").values_list("reason", flat=True)) == [
        "— called about it.",
        "Another Ada Lovelace, from Oslo.",
    ]
    story = list(request.events.filter(kind="checked").values_list("detail", flat=True))
    assert story == [f"Taken out: {held[0].place}", f"Not this person’s: {held[1].place}"]


def test_another_persons_own_name_can_only_be_cleared(support: Client) -> None:
    user, namesake = customer("Ada Lovelace"), customer("Ada Lovelace")
    request = proven(user.email)
    found = support.post(deed(request, "mentions"), {"search": "1"}).context["mentions"]
    (theirs,) = [mention for mention in found if mention.where == "accounts_user.name"]
    assert (theirs.key, theirs.is_free_text) == (str(namesake.pk), False)
    answer = support.post(deed(request, "mentions"), {"erase": "1", "place": theirs.place})
    assert "can only be cleared" in answer.content.decode()
    namesake.refresh_from_db()
    assert namesake.name == "Ada Lovelace"
    assert not request.events.filter(kind="checked").exists()


# --- The plan ---------------------------------------------------------------------------------------------------------


@pytest.mark.promise("P12a")
def test_the_plan_names_every_row_set_its_ground_and_end_and_sums_to_what_was_found(support: Client) -> None:
    user = customer()
    request = planned(support, user.email)
    answer = support.get(case(request))
    plan = answer.context["plan"]
    stored = request.plans.get().content["rows"]
    assert plan.found == sum(row["count"] for row in stored) > 0
    assert {group.deed for group in plan.groups} >= {"erased", "restricted"}
    restricted = next(group for group in plan.groups if group.deed == "restricted")
    assert any(re.search(r"until \d+ \w+ \d{4}", line.ground) for line in restricted.lines)
    page = text(support, case(request))
    assert f"Approve: {plan.deeds}" in page
    assert f"<b>{plan.found}</b>" in page
    assert user.email not in str(stored)


def test_the_plan_names_sealed_licenses_that_the_person_would_lose(support: Client) -> None:
    request = planned(support, customer().email)
    losses = request.plans.get().content["losses"]
    assert losses
    for path in (case(request), deed(request, "approve")):
        page = text(support, path)
        assert "The person would lose" in page
        assert losses[0].split("“")[0][:20] in page


# --- Who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.promise("P9a")
def test_nobody_without_the_permission_learns_whether_there_is_a_request() -> None:
    request = receive()
    step = DeletionStep.objects.create(request=request, position=200, name="provider:paypal", kind="manual")
    stranger = desk.person(roles.SUPPORT)
    stranger.groups.clear()
    client = entered(stranger)
    names = [*DEEDS, "note", "find", "mentions", "offer", "change"]
    for pk in (request.pk, 987654):
        statuses = {
            client.get(reverse(f"admin:privacy_deletionrequest_{name}", args=[pk])).status_code for name in names
        }
        assert statuses == {403}
    for pk in (step.pk, 987654):
        assert client.get(reverse("admin:privacy_deletionrequest_step", args=[pk])).status_code == 403
    assert client.get(LIST).status_code == 403


def test_a_request_that_is_not_there_is_not_found(support: Client) -> None:
    for name in [*DEEDS, "note", "find", "mentions", "offer"]:
        assert support.get(reverse(f"admin:privacy_deletionrequest_{name}", args=[987654])).status_code == 404, name


def test_looking_changes_nothing(support: Client) -> None:
    request = planned(support, customer().email)
    before = list(DeletionRequest.objects.values()), request.events.count(), OutgoingMail.objects.count()
    for name in [*DEEDS, "note", "find", "mentions", "offer"]:
        support.get(deed(request, name))
    assert before == (list(DeletionRequest.objects.values()), request.events.count(), OutgoingMail.objects.count())


@pytest.mark.promise("P12d")
@pytest.mark.usefixtures("carried_out_by_nobody")
def test_what_is_approved_here_is_carried_out_and_told(settings: LazySettings, support: Client) -> None:
    """From the button to the notice, by what the timetable runs; the case shows each step."""
    settings.ERASURE_SETTLE_SECONDS = 0
    user = customer()
    request = planned(support, user.email)
    support.post(deed(request, "approve"), {"plan": 1})
    assert execution.carry_out_due() > 0
    OutgoingMail.objects.exclude(kind="deletion_notice").delete()
    assert mails.send_due() == 1
    assert outgoing.outbox[-1].to == [user.email]
    request.refresh_from_db()
    assert request.state == State.NOTIFYING
    assert not User.objects.filter(pk=user.pk).exists()
    page = text(support, case(request))
    for words in ("Notice written", "Deletion started: Plan 1", "rows:accounts.User</dt> <dd>done"):
        assert words in page, words
