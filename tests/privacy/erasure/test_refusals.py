"""Who isn't erased, who may not approve, what outdates a plan, and what happens when something is left."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import User
from privacy import deletion_requests
from privacy.deletion_requests import CannotDo
from privacy.erasure import execution, plans, ports
from privacy.models import Alert, DeletionRequest, RequestAddress, RequestEvent
from shop.models import OrderParty
from tests.privacy.erasure import people
from tests.privacy.erasure.people import ADA, Neighbors

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P12a")]
State = DeletionRequest.State


def erase(*arguments: str) -> str:
    told = StringIO()
    call_command("privacy", "erase", *arguments, stdout=told)
    return told.getvalue()


def test_the_shops_own_people_are_refused_with_a_sentence(neighbors: Neighbors) -> None:
    people.account(ADA, is_staff=True)
    assert people.deeds()["accounts.User"] == {"refused"}
    request = people.approved(by=people.staff())
    execution.carry_out(request.pk)
    request.refresh_from_db()
    assert request.state == State.VERIFIED
    assert User.objects.filter(email=ADA).exists()
    assert "An Administrator takes the role away first." in Alert.objects.get(kind="erasure_outdated").message
    people.account("boss@example.com", is_staff=True, is_superuser=True)
    with pytest.raises(CommandError, match="account of the staff"):
        erase(ADA, "--by", "boss@example.com")


def test_nobody_approves_the_deletion_of_their_own_data(neighbors: Neighbors) -> None:
    ada = people.account(ADA)
    request, plan = people.planned(by=people.staff())
    with pytest.raises(CannotDo, match="your own data"):
        deletion_requests.approve(request.pk, by=ada, plan_number=plan.number)


def test_nor_where_their_account_never_confirmed_the_address(neighbors: Neighbors) -> None:
    eve = User.objects.create_user(ADA, name="Eve")
    request, plan = people.planned(by=people.staff())
    with pytest.raises(CannotDo, match="your own data"):
        deletion_requests.approve(request.pk, by=eve, plan_number=plan.number)


def test_a_request_is_withdrawn_before_the_execution_and_not_after(neighbors: Neighbors) -> None:
    people.sold()
    sue = people.staff()
    first = people.approved(by=sue)
    deletion_requests.withdraw(first.pk)
    assert execution.carry_out(first.pk) == 0
    assert OrderParty.objects.in_use().count() == 1
    second = people.approved(by=sue)
    execution.advance(second.pk)
    with pytest.raises(CannotDo, match="being carried out"):
        deletion_requests.withdraw(second.pk)


def test_a_plan_made_by_another_inventory_is_outdated(neighbors: Neighbors, monkeypatch: pytest.MonkeyPatch) -> None:
    people.sold()
    request = people.approved(by=people.staff())
    monkeypatch.setattr(plans, "inventory_digest", lambda: "another")
    execution.carry_out(request.pk)
    request.refresh_from_db()
    assert (request.state, request.approved_by) == (State.VERIFIED, None)
    assert request.events.filter(kind=RequestEvent.Kind.OUTDATED).exists()


def test_without_a_journal_nothing_is_erased(neighbors: Neighbors) -> None:
    people.sold()
    request = people.approved(by=people.staff())
    ports._journals.clear()
    execution.carry_out(request.pk)
    request.refresh_from_db()
    assert (request.state, request.problem) == (State.EXECUTING, "NotReady")
    assert OrderParty.objects.get().street == people.HOME["street"]
    assert Alert.objects.filter(kind="erasure_stuck").exists()


def test_residue_sends_it_back_a_few_times_then_a_person_is_called(neighbors: Neighbors) -> None:
    people.sold()
    request = people.approved(by=people.staff())
    neighbors.findings = [["shop_x.note  1"]] * (execution.MOST_ROUNDS + 1)
    execution.carry_out(request.pk)
    request.refresh_from_db()
    assert (request.state, request.problem) == (State.VERIFYING, "residue")
    assert neighbors.looks == execution.MOST_ROUNDS + 1
    assert neighbors.notices.written == []
    assert Alert.objects.filter(kind="erasure_stuck").exists()
    DeletionRequest.objects.filter(pk=request.pk).update(next_try_at=request.received_at)
    execution.carry_out(request.pk)
    request.refresh_from_db()
    assert request.state == State.NOTIFYING
    assert not Alert.objects.filter(kind="erasure_stuck", closed_at__isnull=True).exists()


def test_a_row_that_came_back_meanwhile_is_found_and_erased(neighbors: Neighbors) -> None:
    people.sold()
    request = people.approved(by=people.staff())
    while request.state != State.VERIFYING:
        assert execution.advance(request.pk)
        request.refresh_from_db()
    late = people.expired()
    execution.carry_out(request.pk)
    request.refresh_from_db()
    assert (request.state, request.rounds) == (State.NOTIFYING, 1)
    assert not OrderParty.objects.filter(order=late).exists()


def test_the_receipt_says_what_is_kept_in_words_and_no_value(neighbors: Neighbors) -> None:
    order = people.sold()
    request = people.erased()
    kept = {rows["model"]: rows for rows in request.receipt["kept"]}
    assert kept["shop.OrderParty"]["until"] == OrderParty.objects.get(order=order).expires_at.isoformat()  # type: ignore[union-attr]
    assert kept["payments.Reference"]["deed"] == "restricted"
    assert request.receipt["first_scan"]["findings"] == 0
    assert "lovelace" not in str(request.receipt).lower()
    assert ADA not in str(request.receipt)


def test_every_row_of_a_person_has_exactly_one_fate(neighbors: Neighbors) -> None:
    user = people.account()
    people.sold(user=user)
    people.expired(user=user)
    people.waiting(user=user)
    from privacy.erasure import persons
    from privacy.erasure.cases import Case
    from privacy.people import rows_of

    person = persons.of_email(ADA)
    fates = plans.fates(Case(person))
    for model, theirs in fates.items():
        missing = set(rows_of(model, person).values_list("pk", flat=True)) - set(theirs)
        assert not missing, model
    assert people.deeds()["shop.OrderParty"] == {"erased", "restricted"}
    assert sum(rows.count for rows in plans.make(person).rows if rows.model == "shop.OrderParty") == 3


def test_the_plan_names_the_licenses_that_the_account_loses(neighbors: Neighbors) -> None:
    user = people.account()
    people.sold(user=user)
    (sentence,) = plans.make(__import__("privacy.erasure.persons", fromlist=["x"]).of_email(ADA)).losses
    assert "without an end" in sentence
    assert "its key is sealed: only the order’s link" in sentence


# --- The console ------------------------------------------------------------------------------------------------------


@pytest.fixture
def boss(neighbors: Neighbors) -> User:
    return people.account("boss@example.com", is_staff=True, is_superuser=True)


def test_a_dry_run_prints_the_plan_and_changes_nothing(boss: User) -> None:
    people.sold()
    told = erase(ADA.upper(), "--by", boss.email, "--dry-run")
    assert "restricted until " in told
    assert "1 order, narrowed and restricted" in told
    assert "Stripe: 1 not before " in told
    assert not DeletionRequest.objects.exists()
    assert OrderParty.objects.in_use().count() == 1
    assert erase("nobody@example.com", "--by", boss.email, "--dry-run") == "Nothing is kept about this person.\n"


def test_the_command_goes_through_plan_approval_and_steps(boss: User, neighbors: Neighbors) -> None:
    people.sold()
    told = erase(ADA, "--by", boss.email)
    request = DeletionRequest.objects.get()
    assert told.endswith(f"{request.number}: erased. The person is told.\n")
    assert (request.state, request.channel, request.approved_by) == (State.NOTIFYING, "desk", boss)
    assert request.events.get(kind="proved").by == boss
    assert neighbors.notices.written == [request.pk]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nobody", "--by", "boss@example.com"), "must be an e-mail address"),
        ((ADA, "--by", ADA), "no active staff"),
        ((ADA, "--by", "kim@example.com"), "may not approve"),
    ],
)
def test_wrong_use_is_a_sentence(boss: User, arguments: tuple[str, ...], words: str) -> None:
    people.account("kim@example.com", is_staff=True)
    with pytest.raises(CommandError, match=words) as wrong:
        erase(*arguments)
    assert wrong.value.returncode == 2


def test_the_command_answers_for_its_own_address_and_no_other(boss: User, neighbors: Neighbors) -> None:
    people.sold("eve@example.com")
    request = deletion_requests.receive(channel="mail", address=ADA)
    deletion_requests.add_address(request.pk, "eve@example.com", by=boss)
    with pytest.raises(CommandError, match="further addresses that nobody has proved"):
        erase(ADA, "--by", boss.email)
    assert not RequestAddress.objects.filter(proved_at__isnull=False).exists()
    assert OrderParty.objects.in_use().count() == 1


def test_the_plan_that_is_approved_is_the_one_that_was_printed(boss: User, neighbors: Neighbors) -> None:
    people.sold()
    people.sold("ada@work.example")
    request = deletion_requests.receive(channel="mail", address=ADA)
    deletion_requests.add_address(request.pk, "ada@work.example", by=boss)
    deletion_requests.vouch(request.pk, by=boss, detail="passport")
    told = erase(ADA, "--by", boss.email)
    assert "2 orders, narrowed and restricted" in told
    assert plans.stored(request.plans.get().content).as_json() == request.plans.get().content


def test_with_four_eyes_the_command_stops_at_the_plan(boss: User, settings: Any) -> None:
    settings.ERASURE_FOUR_EYES = True
    people.sold()
    with pytest.raises(CommandError, match="Somebody else approves"):
        erase(ADA, "--by", boss.email)
    assert DeletionRequest.objects.get().state == State.PLANNED
    assert OrderParty.objects.in_use().count() == 1


def test_what_stops_on_the_way_has_an_exit_code_of_its_own(boss: User, neighbors: Neighbors) -> None:
    people.sold()
    ports._journals.clear()
    with pytest.raises(CommandError) as stopped:
        erase(ADA, "--by", boss.email)
    assert stopped.value.returncode == 3
