"""How requests for deletion go on: the evidence of P12d, and what the start page counts."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import roles
from privacy import clock, deletion_figures, deletion_requests, evidence
from privacy.models import DeletionRequest, DeletionStep, RequestEvent
from tests import desk

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P12d")]


def receive(name: str, *, days_ago: float = 0, **said: object) -> DeletionRequest:
    came = clock.now() - timedelta(days=days_ago)
    return deletion_requests.receive(channel="mail", address=f"{name}@example.com", received_at=came, **said)


def completed(name: str, *, days: float, ago: float = 0) -> DeletionRequest:
    """One that was answered `days` after it came, `ago` days ago."""
    request = receive(name, days_ago=days + ago)
    told = clock.now() - timedelta(days=ago)
    with deletion_requests.locked.locked(request.pk) as row:
        for state in ("verified", "planned", "approved", "executing", "verifying", "notifying"):
            row.move_to(state)
        row.move_to("completed", told_at=told, closed_at=told)
    return request


def test_without_requests_there_is_nothing_to_hide() -> None:
    assert deletion_figures.answered().figure == "0"
    assert deletion_figures.median_days() is None


def test_open_requests_the_next_deadline_and_the_median() -> None:
    for name, days in (("a", 2), ("b", 6), ("c", 20)):
        completed(name, days=days)
    completed("long-ago", days=300, ago=400)
    for name, days in (("d", 3), ("e", 10)):
        request = receive(name, days_ago=days)
    figure = deletion_figures.answered()
    assert (figure.figure, figure.is_broken) == ("2", False)
    assert f"The next deadline is on {request.due_at:%-d %B %Y}." in figure.note
    assert "The median from the request to our answer is 6 days." in figure.note


def test_a_deadline_that_has_passed_breaks_the_promise_in_public() -> None:
    receive("late", days_ago=45)
    figure = deletion_figures.answered()
    assert figure.is_broken
    assert figure.note.startswith("One should have been answered ")


def test_one_that_was_answered_and_waits_for_its_second_scan_is_not_open_to_the_public() -> None:
    request = receive("a")
    DeletionRequest.objects.filter(pk=request.pk).update(told_at=clock.now())
    assert deletion_figures.answered().figure == "0"


def test_the_policy_shows_it() -> None:
    receive("a")
    evidence.refresh()
    assert evidence.shown()["P12d"].figure.figure == "1"


def test_what_was_sent_back_is_counted() -> None:
    for name in ("a", "b"):
        completed(name, days=1)
    again = DeletionRequest.objects.first()
    for _ in range(2):
        RequestEvent.objects.create(request=again, kind="residue")
    assert deletion_figures.left_over() == 1


def test_the_start_page_says_what_waits() -> None:
    receive("due", days_ago=26)
    receive("doubtful", is_doubtful=True)
    stuck = receive("stuck")
    DeletionRequest.objects.filter(pk=stuck.pk).update(problem="residue")
    DeletionStep.objects.create(request=stuck, position=200, name="provider:paypal", kind="manual")
    waiting = desk.at_desk(roles.SUPPORT).get(reverse("admin:index")).context["needs"]
    assert [(need.count, need.words) for need in waiting] == [
        (1, "deletion request is due this week"),
        (1, "mail may ask for deletion"),
        (1, "deletion doesn’t go on by itself"),
        (1, "service provider must be asked by hand to erase"),
    ]
