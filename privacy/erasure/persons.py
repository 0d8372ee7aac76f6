"""Whose data a deletion is about: the person of a request, as long as it lasts.

While a deletion goes on, the account from which other confirmed addresses would follow is erased. So what was known at
its beginning is written down with the request: the addresses as addresses of the request, the accounts as ids in the
plan.
"""

from collections.abc import Callable

from privacy import clock, deletion_requests, mail_addresses, sealed_people
from privacy.deletion_requests import CannotDo
from privacy.models import DeletionPlan, DeletionRequest, RequestAddress
from privacy.people import Person, of_address

#: Accounts under addresses that nobody confirmed: whoever proves such an address is the only person they can be of.
Unconfirmed = Callable[[frozenset[str]], frozenset[int]]
_unconfirmed: list[Unconfirmed] = []


def register(unconfirmed: Unconfirmed) -> Unconfirmed:
    """Names who knows the accounts under addresses that nobody confirmed; it may be used as a decorator."""
    _unconfirmed[:] = [unconfirmed]
    return unconfirmed


def request(request_id: int) -> DeletionRequest:
    """The request. Raises CannotDo where it is gone."""
    found = DeletionRequest.objects.filter(pk=request_id).first()
    if found is None:
        raise CannotDo("This request is no longer there.")
    return found


def of_email(email: str) -> Person:
    """The person of an address, with the accounts that a deletion would take along."""
    return _whole(of_address(email))


def of_request(request_id: int) -> Person:
    """The person of a request: of its proven addresses, with the accounts that the last plan knew."""
    asked = request(request_id)
    person = deletion_requests.person_of(asked)
    if _has_begun(asked):  # once the person was told, only what was sealed still says who it is
        sealed = sealed_people.person_of(asked)
        person = Person(person.users | sealed.users, person.addresses | sealed.addresses)
    plan = DeletionPlan.objects.filter(request=asked).order_by("-number").first()
    known = frozenset(plan.content.get("accounts", ())) if plan is not None and _has_begun(asked) else frozenset()
    return _whole(Person(person.users | known, person.addresses))


def freeze(asked: DeletionRequest, person: Person) -> None:
    """Writes the person's further addresses down with the request, so that an erased account leaves them known."""
    known = {
        address.lower()
        for address in RequestAddress.objects.filter(subject__request=asked).values_list("address", flat=True)
    }
    RequestAddress.objects.bulk_create(
        RequestAddress(subject=asked.subject, address=address, proved_at=clock.now())
        for address in sorted(person.addresses - known)
    )


def _has_begun(asked: DeletionRequest) -> bool:
    State = DeletionRequest.State  # noqa: N806  (the enum's own name)
    return asked.state in {State.EXECUTING, State.VERIFYING, State.NOTIFYING}


def _whole(person: Person) -> Person:
    addresses = mail_addresses.spellings(person.addresses)
    return Person(person.users.union(*(find(addresses) for find in _unconfirmed)), addresses)
