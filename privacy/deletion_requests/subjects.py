"""Whose data a request is about: the person of its proven addresses."""

from privacy import people
from privacy.models import DeletionRequest, RequestAddress, RequestSubject
from privacy.people import Person


def person_of(request: DeletionRequest) -> Person:
    """The accounts and addresses of those addresses of the request that were proven; of none, nobody."""
    users: frozenset[int] = frozenset()
    addresses: frozenset[str] = frozenset()
    proven = RequestAddress.objects.filter(subject__request=request, proved_at__isnull=False)
    for address in proven.values_list("address", flat=True):
        found = people.of_address(address)
        users, addresses = users | found.users, addresses | found.addresses
    return Person(users, addresses)


def open_of(person: Person) -> DeletionRequest | None:
    """The open request about an address of this person, or None. It may be somebody else who asked: see `proved_at`."""
    open_ones = RequestAddress.objects.filter(open_address__in=person.addresses).select_related("subject__request")
    found = open_ones.order_by("subject__request").first()
    return found.subject.request if found else None


def keep_answer(request: DeletionRequest, reason: str) -> None:
    """Keeps what the person is told. It may name them: so it stands beside them, and goes when they go."""
    RequestSubject.objects.filter(request=request).update(answer=reason.strip()[:300])


def let_go(request: DeletionRequest) -> None:
    """Frees the addresses for other requests when this one is over."""
    RequestAddress.objects.filter(subject__request=request).update(open_address=None)
