"""Whose data a request is about: the person of its proven addresses."""

from privacy import people
from privacy.models import DeletionRequest, RequestAddress
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


def let_go(request: DeletionRequest) -> None:
    """Frees the addresses for other requests when this one is over."""
    RequestAddress.objects.filter(subject__request=request).update(open_address=None)
