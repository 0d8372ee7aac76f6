"""The desk of deletion requests (P12c): the queue by deadline, one page a case, deeds that name their consequences."""

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core import mail as outgoing
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import roles
from accounts.models import User
from privacy import clock, deletion_requests, holds, looks, mails
from privacy.admin import deletion_deeds
from privacy.admin.deletion_deeds import DEEDS
from privacy.erasure import execution
from privacy.models import DeletionRequest, DeletionStep, Look, OutgoingMail, RequestAddress
from shop import orders
from shop.models import Order, OrderHold
from tests import desk
from tests.accounts import purchases
from tests.attacks.test_ownership import entered

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P12c")]
State = DeletionRequest.State
LIST = "/admin/privacy/deletionrequest/"


def receive(address: str = "ada@example.com", **said: object) -> DeletionRequest:
    return deletion_requests.receive(channel="mail", address=address, text="Please delete my data.", **said)


def proven(address: str = "ada@example.com", **said: object) -> DeletionRequest:
    request = receive(address, **said)
    return deletion_requests.prove(deletion_requests.token(request.tokens.latest("id")), way="link")


def customer(name: str = "Ada Lovelace", company: str = "") -> User:
    """An account with an order that was paid today."""
    user = desk.person(company=company)
    User.objects.filter(pk=user.pk).update(name=name)
    user.refresh_from_db()
    purchases.paid((purchases.edition(), 1), user=user, email=user.email)
    return user


def case(request: DeletionRequest) -> str:
    return reverse("admin:privacy_deletionrequest_change", args=[request.pk])


def deed(request: DeletionRequest, name: str) -> str:
    return reverse(f"admin:privacy_deletionrequest_{name}", args=[request.pk])


def planned(client: Client, address: str = "ada@example.com") -> DeletionRequest:
    request = proven(address)
    assert client.post(deed(request, "plan")).status_code == 302
    request.refresh_from_db()
    assert request.state == State.PLANNED
    return request


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def support() -> Client:
    """A member of Support who has just shown again who it is."""
    return entered(desk.person(roles.SUPPORT))


@pytest.fixture
def _carried_out_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker isn't nudged."""
    monkeypatch.setattr(deletion_deeds, "nudge", lambda task: None)


# --- The queue --------------------------------------------------------------------------------------------------------


def test_the_queue_is_ordered_by_deadline_and_masks_its_people(support: Client) -> None:
    late, soon, calm = (
        receive(f"person-{days}@customer.example", received_at=clock.now() - timedelta(days=days))
        for days in (27, 22, 1)
    )
    page = text(support, LIST)
    places = [page.index(one.number) for one in (late, soon, calm)]
    assert places == sorted(places)
    assert "@customer.example" not in page
    assert "p…@cust….example" in page
    assert [re.findall(r'class="clock ?(\w*)"', page)[place] for place in (-3, -2, -1)] == ["urgent", "near", ""]


def test_a_deadline_that_has_passed_says_how_late_it_is(support: Client) -> None:
    receive(received_at=clock.now() - timedelta(days=40))
    assert re.search(r"\d+ days? late, \d+ \w+ \d{4}", text(support, LIST))


def test_doubtful_ones_say_why(support: Client) -> None:
    receive(is_doubtful=True, reasons=["speaks of deleting, but not of data"])
    page = text(support, LIST)
    assert "Doubtful: speaks of deleting, but not of data" in page
    assert "Is it a request?" in page


def test_the_parts_of_the_queue(support: Client) -> None:
    waits, needs, closed = receive("a@example.com"), proven("b@example.com"), receive("c@example.com")
    deletion_requests.withdraw(closed.pk)
    hand = receive("d@example.com")
    DeletionStep.objects.create(request=hand, position=200, name="provider:paypal", kind="manual")
    stuck = receive("e@example.com")
    DeletionRequest.objects.filter(pk=stuck.pk).update(problem="residue")
    shown = {
        part: set(support.get(LIST, {"part": part} if part else {}).context["cl"].queryset.values_list("pk", flat=True))
        for part in ("", "needs", "waits", "closed")
    }
    assert shown == {
        "": {waits.pk, needs.pk, hand.pk, stuck.pk},
        "needs": {needs.pk, hand.pk, stuck.pk},
        "waits": {waits.pk},
        "closed": {closed.pk},
    }
    assert "3 requests need you" in text(support, LIST)


def test_a_request_is_found_by_its_number_and_by_an_address_with_a_reason(support: Client) -> None:
    one, other = receive("ada@example.com"), receive("bob@example.com")
    for term, found in ((one.number, one), (str(other.pk), other), ("BOB@example.com", other)):
        address = desk.search(support, LIST, term)
        assert list(support.get(address).context["cl"].queryset) == [found], term


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_a_case_runs_the_same_queries_for_1_and_for_30_requests_and_events(support: Client) -> None:
    request = planned(support, customer().email)
    first = queries(support, case(request))
    for number in range(29):
        receive(f"other-{number}@example.com")
        deletion_requests.locked.tell(request, "message", detail="Asked again.")
    assert queries(support, case(request)) == first


# --- One case ---------------------------------------------------------------------------------------------------------


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


def test_what_is_kept_is_found_by_the_address_in_any_casing_before_and_after_its_proof(support: Client) -> None:
    user = customer()
    request = receive(user.email.upper())
    assert re.search(r"not proven yet</dt> <dd>[^<]*1 order", text(support, case(request)))
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


# --- Deeds ------------------------------------------------------------------------------------------------------------


def test_the_deeds_of_each_state(support: Client) -> None:
    """A literal table: what may be done in which state, the next deed first."""
    user = User.objects.get(groups__name=roles.SUPPORT)
    request = proven(customer().email)
    deletion_requests_plan(request, user)
    offered = {}
    for state in State:
        request.state = state
        offered[state.value] = [deed.name for deed in deletion_deeds.offered(user, request)]
    side = ["extend", "refuse", "withdraw", "duplicate"]
    assert offered == {
        "received": ["take-up", *side],
        "triaged": ["ask-for-proof", "add-address", *side],
        "identity_pending": ["ask-for-proof", "add-address", *side],
        "verified": ["plan", "add-address", *side],
        "planned": ["approve", "plan", "add-address", *side],
        "approved": ["take-back", "extend", "withdraw"],
        "executing": ["extend"],
        "verifying": ["extend"],
        "notifying": ["extend"],
        "completed": [],
        "completed_with_retention": [],
        "duplicate": [],
        "refused": [],
        "withdrawn": [],
        "unverified_closed": [],
    }


def deletion_requests_plan(request: DeletionRequest, by: User) -> None:
    deletion_requests.keep_plan(request.pk, {"rows": []}, inventory_digest="0" * 64, by=by)


@pytest.mark.usefixtures("_carried_out_by_nobody")
def test_approving_asks_once_more_who_it_is_and_names_the_consequence() -> None:
    client = desk.enter(desk.person(roles.SUPPORT))
    request = planned(client, customer().email)
    asked = client.get(deed(request, "approve"))
    assert (asked.status_code, "reauthenticate" in asked["Location"]) == (302, True)
    assert client.post(deed(request, "approve"), {"plan": 1}).status_code == 302
    request.refresh_from_db()
    assert request.state == State.PLANNED
    sure = entered(User.objects.get(groups__name=roles.SUPPORT))
    page = text(sure, deed(request, "approve"))
    assert re.search(r"Erase \d+, restrict \d+", page)
    assert "can't be brought back" in page.replace("&#x27;", "'")
    sure.post(deed(request, "approve"), {"plan": 1})
    request.refresh_from_db()
    assert (request.state, request.approved_by) == (State.APPROVED, User.objects.get(groups__name=roles.SUPPORT))


@pytest.mark.usefixtures("_carried_out_by_nobody")
def test_a_plan_that_was_made_anew_is_not_approved_unseen(support: Client) -> None:
    request = planned(support, customer().email)
    support.post(deed(request, "plan"))
    answer = support.post(deed(request, "approve"), {"plan": 1}, follow=True)
    assert "made anew meanwhile" in answer.content.decode()
    request.refresh_from_db()
    assert request.state == State.PLANNED


@pytest.mark.usefixtures("_carried_out_by_nobody")
def test_with_four_eyes_somebody_else_approves(settings: LazySettings, support: Client) -> None:
    settings.ERASURE_FOUR_EYES = True
    request = planned(support, customer().email)
    page = text(support, case(request))
    assert "You made this plan. Somebody else approves it." in page
    assert deed(request, "approve") not in page
    support.post(deed(request, "approve"), {"plan": 1})
    request.refresh_from_db()
    assert request.state == State.PLANNED
    other = desk.enter(desk.person(roles.SUPPORT))  # without having shown again who it is: there are two people
    other.post(deed(request, "approve"), {"plan": 1})
    request.refresh_from_db()
    assert request.state == State.APPROVED
    with pytest.raises(IntegrityError, match="deletionrequest_two_people"), transaction.atomic():
        DeletionRequest.objects.filter(pk=request.pk).update(approved_by=request.planned_by_id)


@pytest.mark.usefixtures("_carried_out_by_nobody")
def test_an_approval_is_taken_back(support: Client) -> None:
    request = planned(support, customer().email)
    support.post(deed(request, "approve"), {"plan": 1})
    support.post(deed(request, "take-back"))
    request.refresh_from_db()
    assert (request.state, request.approved_by) == (State.PLANNED, None)


def test_refusing_says_why_and_tells_the_person_unless_it_was_no_request(support: Client) -> None:
    one, other = receive("a@example.com"), receive("b@example.com", is_doubtful=True)
    OutgoingMail.objects.all().delete()
    assert support.post(deed(one, "refuse"), {"reason": " "}).status_code == 200
    support.post(deed(one, "refuse"), {"reason": "We have no data of you.", "tell_person": "on"})
    support.post(deed(other, "refuse"), {"reason": "Advertising."})
    assert [DeletionRequest.objects.get(pk=each.pk).state for each in (one, other)] == [State.REFUSED] * 2
    assert list(OutgoingMail.objects.values_list("kind", "object_id")) == [("deletion_refused", one.pk)]


def test_extending_is_told_and_works_once(support: Client) -> None:
    request = receive()
    OutgoingMail.objects.all().delete()
    support.post(deed(request, "extend"), {"reason": "A dispute is open."})
    before = request.due_at
    request.refresh_from_db()
    assert request.due_at > before + timedelta(days=55)
    assert OutgoingMail.objects.get().kind == "deletion_extended"
    assert deed(request, "extend") not in text(support, case(request))


def test_withdrawing_marking_duplicates_and_taking_doubtful_ones_up(support: Client) -> None:
    first, second, third, fourth = (
        receive(f"{name}@example.com", is_doubtful=name == "d") for name in ("a", "b", "c", "d")
    )
    support.post(deed(first, "withdraw"), {"reason": "by a call"})
    wrong = support.post(deed(second, "duplicate"), {"of": "D-999999"})
    assert "no request with this number" in wrong.content.decode()
    support.post(deed(second, "duplicate"), {"of": third.number})
    support.post(deed(fourth, "take-up"))
    found = {one.pk: one for one in DeletionRequest.objects.all()}
    assert found[first.pk].state == State.WITHDRAWN
    assert (found[second.pk].state, found[second.pk].duplicate_of) == (State.DUPLICATE, third)
    assert (found[fourth.pk].state, found[fourth.pk].is_doubtful) == (State.IDENTITY_PENDING, False)


def test_what_cannot_be_done_says_so_and_does_nothing(support: Client) -> None:
    request = receive()
    for name in DEEDS:
        if name in {"plan", "take-up", "take-back"}:
            answer = support.get(deed(request, name), follow=True)
            assert "can&#x27;t be done now" in answer.content.decode(), name
            support.post(deed(request, name))
    request.refresh_from_db()
    assert request.state == State.IDENTITY_PENDING


def test_a_request_by_phone_is_entered_and_asked_for_proof(support: Client) -> None:
    user = customer()
    said = {
        "channel": "phone",
        "address": user.email,
        "name": "Ada",
        "received_on": (clock.today() - timedelta(days=2)).isoformat(),
        "language": "de",
        "law": "gdpr",
        "text": "She wants everything deleted.",
    }
    answer = support.post(f"{LIST}add/", said)
    request = DeletionRequest.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, case(request))
    assert (request.channel, request.state, request.language) == ("phone", State.IDENTITY_PENDING, "de")
    assert request.received_at.date() == clock.today() - timedelta(days=2)
    assert request.events.first().by == User.objects.get(groups__name=roles.SUPPORT)
    again = support.post(f"{LIST}add/", said, follow=True)
    assert "closed as a duplicate" in again.content.decode()
    future = support.post(f"{LIST}add/", said | {"received_on": (clock.today() + timedelta(days=2)).isoformat()})
    assert "still to come" in future.content.decode()


def test_a_step_by_hand_at_a_provider_is_guided_and_ends_with_a_note(support: Client) -> None:
    request = receive()
    step = DeletionStep.objects.create(request=request, position=200, name="provider:paypal", kind="manual")
    path = reverse("admin:privacy_deletionrequest_step", args=[step.pk])
    assert path in text(support, case(request))
    assert "It is erased at PayPal" in text(support, path)
    assert support.post(path, {"note": ""}).status_code == 200
    support.post(path, {"note": "Case 4711."})
    step.refresh_from_db()
    assert (step.state, step.detail, step.done_by) == (
        "done",
        "Case 4711.",
        User.objects.get(groups__name=roles.SUPPORT),
    )


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
@pytest.mark.usefixtures("_carried_out_by_nobody")
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
