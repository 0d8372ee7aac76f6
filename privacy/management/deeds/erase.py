"""`manage.py privacy erase EMAIL --by STAFF`: a deletion from the console, by the same plan and the same steps."""

from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db.models import QuerySet

from privacy import deletion_requests
from privacy.deletion_requests import CannotDo
from privacy.erasure import execution, persons, plans
from privacy.erasure.plans import PlanContent
from privacy.erasure.verdicts import Deed, RowSet
from privacy.models import DeletionRequest, RequestAddress

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

HELP = "Erase the person of an e-mail address, by the same plan as at the desk. --dry-run prints the plan."
EXIT_CODES = "Exit codes: 0 planned or erased, 1 refused or not possible, 2 wrong use, 3 begun, and stopped on the way."
WRONG_USE, STOPPED = 2, 3
VOUCHED = "identified at the console"
State = DeletionRequest.State


def add_arguments(parser: ArgumentParser) -> None:
    """The address, in any casing, and who answers for it."""
    parser.epilog = EXIT_CODES
    parser.add_argument("email", metavar="EMAIL", help="The person's e-mail address, in any casing.")
    parser.add_argument("--by", metavar="STAFF", required=True, help="E-mail address of the staff member who does it.")
    parser.add_argument("--dry-run", action="store_true", help="Print the plan, and change nothing.")


def run(command: BaseCommand, *, email: str, by: str, dry_run: bool = False, **_options: Any) -> None:
    """Plans, approves and carries out. Whoever runs it answers for whose the address is.

    Where ERASURE_FOUR_EYES is on it stops at the plan, which somebody else approves at the desk. Raises CommandError.
    """
    try:
        validate_email(email.strip())
    except ValidationError as error:
        raise CommandError("EMAIL must be an e-mail address, such as kim@example.com.", returncode=WRONG_USE) from error
    staff = _staff(by)
    content = plans.make(persons.of_email(email))
    if dry_run or content.refusals:
        _print(command, content)
    if content.refusals:
        raise CommandError(" ".join(content.refusals))
    if dry_run:
        return
    try:
        request = _planned(email.strip(), staff)
        if request.state in {State.VERIFIED, State.PLANNED}:
            plan = plans.renew(request.pk, by=staff)
            _print(command, plans.stored(plan.content))  # what is approved is what stands here
            deletion_requests.approve(request.pk, by=staff, plan_number=plan.number)
    except CannotDo as refusal:
        raise CommandError(str(refusal)) from refusal
    execution.carry_out(request.pk)
    request.refresh_from_db()
    if request.problem or request.state in {State.APPROVED, State.EXECUTING, State.PLANNED, State.VERIFIED}:
        raise CommandError(
            f"{request.number} stopped ({request.problem or request.get_state_display()}). The worker tries again.",
            returncode=STOPPED,
        )
    command.stdout.write(f"{request.number}: erased. {_goes_on(request)}")


def _print(command: BaseCommand, content: PlanContent) -> None:
    for line in lines(content):
        command.stdout.write(line)


def lines(content: PlanContent) -> list[str]:
    """A plan for the console: a line a row set, a loss, and a provider."""
    if content.is_empty:
        return ["Nothing is kept about this person."]
    said = [_line(rows) for deed in Deed for rows in content.of(deed)]
    said += [f"lost: {sentence}" for sentence in content.losses]
    for provider in content.providers:
        when = f" not before {provider.not_before:%Y-%m-%d}" if provider.not_before else ""
        said.append(f"{provider.title}: {provider.count}{when}{', by hand' if provider.is_by_hand else ''}")
    return said


def _line(rows: RowSet) -> str:
    until = f" until {rows.until:%Y-%m-%d}" if rows.until else ""
    ground = f" ({rows.ground})" if rows.ground else ""
    return f"{rows.deed}{until}: {rows.words}, {rows.how}{ground}"


def _staff(email: str) -> "AbstractBaseUser":
    people = QuerySet[Any](get_user_model())
    found = people.filter(email__iexact=email.strip(), is_staff=True, is_active=True).first()
    if found is None:
        raise CommandError(f"{email} is no active staff member.", returncode=WRONG_USE)
    if not found.has_perm("privacy.approve_deletionrequest"):
        raise CommandError(f"{email} may not approve deletions.", returncode=WRONG_USE)
    return found


def _planned(email: str, staff: "AbstractBaseUser") -> DeletionRequest:
    """The request about this address, the open one where there is one, ready for its plan. Raises CannotDo.

    Whoever runs the command answers for this address and for no other.
    """
    known = RequestAddress.objects.filter(open_address=email.lower()).select_related("subject__request").first()
    request = known.subject.request if known else deletion_requests.receive(channel="desk", address=email, by=staff)
    others = RequestAddress.objects.filter(subject__request=request, proved_at__isnull=True)
    if others.exclude(open_address=email.lower()).exists():
        raise CannotDo(f"{request.number} is about further addresses that nobody has proved. Go on at the desk.")
    request.refresh_from_db()
    if request.state == State.RECEIVED:
        deletion_requests.triage(request.pk, by=staff)
        deletion_requests.ask_for_proof(request.pk, by=staff)
        request.refresh_from_db()
    if request.state == State.IDENTITY_PENDING:
        deletion_requests.vouch(request.pk, by=staff, detail=VOUCHED)
    request.refresh_from_db()
    return request


def _goes_on(request: DeletionRequest) -> str:
    if request.state == State.VERIFYING:
        return f"What is left is looked for at {request.next_try_at:%H:%M} UTC, by the worker; then the person is told."
    return "The person is told."
