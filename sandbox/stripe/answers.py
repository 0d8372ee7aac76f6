"""Objects as the interface answers them: expanded where asked, lists by pages, the newest first."""

from collections.abc import Callable
from typing import Any

from sandbox.objects import Document, shown
from sandbox.provider import Provider
from sandbox.stripe.errors import StripeError, missing_object
from sandbox.stripe.parameters import Fields, Integer, Kind, ListOf, Text

EXPAND: dict[str, Kind] = {"expand": ListOf(most=20)}
RETRIEVE = Fields(known=EXPAND)
# Which fields hold the id of an object that can be put in its place.
EXPANDABLE = {
    "checkout.session": {"payment_intent": "payment_intent"},
    "payment_intent": {"latest_charge": "charge"},
    "charge": {"payment_intent": "payment_intent", "balance_transaction": "balance_transaction"},
    "refund": {
        "charge": "charge",
        "payment_intent": "payment_intent",
        "balance_transaction": "balance_transaction",
        "failure_balance_transaction": "balance_transaction",
    },
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
    "radar.early_fraud_warning": {"charge": "charge", "payment_intent": "payment_intent"},
}


def listing(url: str, data: list[Document], *, has_more: bool = False) -> Document:
    return {"object": "list", "url": url, "has_more": has_more, "data": data}


def included(sandbox: Provider, document: Document, name: str) -> Document | None:
    """Lists that an object contains only where the request asks for them."""
    kind, identifier = document["object"], document["id"]
    if (kind, name) == ("checkout.session", "line_items"):
        return listing(f"/v1/checkout/sessions/{identifier}/line_items", document["_line_items"])
    if (kind, name) == ("charge", "refunds"):
        refunds = [shown(refund) for refund in sandbox.objects.of("refund", parent=identifier)]
        return listing(f"/v1/charges/{identifier}/refunds", refunds[::-1])
    return None


def present(sandbox: Provider, document: Document, expand: list[str]) -> Document:
    """Raises StripeError where something can't be expanded."""
    result = shown(document)
    wishes: dict[str, list[str]] = {}
    for wish in expand:
        name, _, rest = wish.partition(".")
        wishes.setdefault(name, []).extend([rest] if rest else [])
    for name, inner_wishes in wishes.items():
        contained = included(sandbox, document, name)
        kind = EXPANDABLE.get(document["object"], {}).get(name)
        if contained is not None:
            result[name] = contained
        elif kind is None:
            raise StripeError(f"This property cannot be expanded ({name}).", param="expand")
        elif document.get(name):
            result[name] = present(sandbox, retrieve(sandbox, kind, document[name]), inner_wishes)
    return result


def retrieve(sandbox: Provider, kind: str, identifier: str, *, param: str = "id") -> Document:
    """The stored document. Raises StripeError 404."""
    document = sandbox.objects.find(kind, identifier)
    if document is None:
        raise missing_object(kind, identifier, param)
    return document


def list_parameters(**filters: Kind) -> Fields:
    created = Fields(known={name: Integer() for name in ("gt", "gte", "lt", "lte")})
    known: dict[str, Kind] = {
        "limit": Integer(least=1),
        "starting_after": Text(),
        "ending_before": Text(),
        "created": created,
        **EXPAND,
        **filters,
    }
    return Fields(known=known)


COMPARE: dict[str, Callable[[int, int], bool]] = {
    "gt": lambda at, bound: at > bound,
    "gte": lambda at, bound: at >= bound,
    "lt": lambda at, bound: at < bound,
    "lte": lambda at, bound: at <= bound,
}


def list_page(
    sandbox: Provider, kind: str, url: str, wishes: dict[str, Any], keep: Callable[[Document], bool]
) -> Document:
    """One page of a list. `wishes` are the read parameters, `keep` says which documents belong to it."""
    bounds = wishes.get("created", {}).items()
    found = [
        document
        for document in reversed(sandbox.objects.of(kind))
        if keep(document) and all(COMPARE[name](document["created"], bound) for name, bound in bounds)
    ]
    order = [document["id"] for document in found]
    limit = min(wishes.get("limit", 10), 100)
    start = 0
    if after := wishes.get("starting_after"):
        retrieve(sandbox, kind, after, param="starting_after")
        start = order.index(after) + 1 if after in order else len(order)
    if before := wishes.get("ending_before"):
        retrieve(sandbox, kind, before, param="ending_before")
        end = order.index(before) if before in order else 0
        start, stop = max(0, end - limit), end
        more = start > 0
    else:
        stop = start + limit
        more = stop < len(order)
    expand = [wish.removeprefix("data.") for wish in wishes.get("expand", [])]
    return listing(url, [present(sandbox, document, expand) for document in found[start:stop]], has_more=more)
