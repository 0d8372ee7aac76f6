"""Requests on the page of an order: those that were made, and the ways to make one."""

from django.http import HttpRequest
from django.urls import reverse

from accounts.cases import deadlines, links, parts, withdrawals
from accounts.models import Case, CaseParty
from privacy.prepared_queries import PreparedQuery, Slot
from shop import panels, words
from shop.models import Order
from shop.orders import party_of

_OF_ORDER = PreparedQuery(
    lambda: (
        CaseParty.objects.filter(case__order_id=Slot("order"), restricted_at__isnull=True)
        .exclude(case__state=Case.State.UNPROVEN)
        .select_related("case")
        .order_by("case_id")
    )
)
#: How the state of a case is drawn: kind and word of its badge.
BADGES = {
    Case.State.UNPROVEN: ("due", "Not confirmed yet"),
    Case.State.RECEIVED: ("waiting", "We are on it"),
    Case.State.WAITING: ("due", "Waits for your answer"),
    Case.State.REFUNDING: ("active", "Money goes back"),
    Case.State.CLOSED: ("open", "Closed"),
}


@panels.register
def panel(request: HttpRequest, order: Order) -> panels.Panel | None:
    """Nothing for an order that was never paid, or that names nobody any more."""
    if order.captured_at is None and order.paid_at is None:
        return None
    party = party_of(order)
    if party is None or party.restricted_at is not None:
        return None
    day, may_open = deadlines.last_day(order), not is_shared(request, order)
    made = _OF_ORDER.rows(order=order.pk)
    return panels.Panel(
        "accounts/_requests_panel.html",
        {
            "requests": [row(each) | ({} if may_open else {"address": ""}) for each in made],
            "asks": {kind: address(request, order, kind) for kind in ("withdrawal", "refund", "complaint")},
            "may_withdraw": withdrawals.is_offered(order) and not any(_takes_all(each.case) for each in made),
            "last_day": words.day(day) if day else "",
        },
    )


def is_shared(request: HttpRequest, order: Order) -> bool:
    """Whether this reader may be somebody else than the buyer: who got the link with keys that go to another address.

    What the buyer and we write to each other is none of theirs.
    """
    party, match = party_of(order), request.resolver_match
    return bool(match and match.kwargs.get("token") and party and party.delivery_email)


def _takes_all(case: Case) -> bool:
    return case.kind == Case.Kind.WITHDRAWAL and case.part == parts.ALL and case.outcome != Case.Outcome.REPEATED


def address(request: HttpRequest, order: Order, kind: str) -> str:
    """Where a request about the order is made: by the link with which the reader came, or as the order's owner."""
    match = request.resolver_match
    token = match.kwargs.get("token") if match else None
    name, of = ("order_request", token) if token else ("account_request", order.number)
    return reverse(name, args=[of, kind])


def row(party: CaseParty) -> dict[str, object]:
    """A case as its customer's lists show it."""
    case = party.case
    return {
        "case": case,
        "number": case.number,
        "kind": case.get_kind_display().capitalize(),
        "state": BADGES[Case.State(case.state)],
        "address": links.path(party),
    }
