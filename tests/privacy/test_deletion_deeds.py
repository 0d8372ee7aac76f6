"""What staff do with a request for deletion (P12c): deeds that name their consequences."""

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts import roles
from accounts.models import User
from privacy import clock, deletion_requests
from privacy.admin import deletion_deeds
from privacy.admin.deletion_deeds import DEEDS
from privacy.models import DeletionRequest, DeletionStep, OutgoingMail
from tests import desk
from tests.attacks.test_ownership import entered
from tests.privacy.deletion_desk import LIST, State, case, customer, deed, planned, proven, receive, text

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P12c")]


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


@pytest.mark.usefixtures("carried_out_by_nobody")
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


@pytest.mark.usefixtures("carried_out_by_nobody")
def test_a_plan_that_was_made_anew_is_not_approved_unseen(support: Client) -> None:
    request = planned(support, customer().email)
    support.post(deed(request, "plan"))
    answer = support.post(deed(request, "approve"), {"plan": 1}, follow=True)
    assert "made anew meanwhile" in answer.content.decode()
    request.refresh_from_db()
    assert request.state == State.PLANNED


@pytest.mark.usefixtures("carried_out_by_nobody")
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


@pytest.mark.usefixtures("carried_out_by_nobody")
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
