"""PayPal's own list of what moved: Transaction Search for payments and refunds, and the list of disputes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from payments.providers.base import Entry, NoAnswer, reading
from payments.providers.paypal_objects import entry_of_dispute, entry_of_transaction
from payments.providers.paypal_transport import transport

LONGEST_SEARCH = timedelta(days=31)


def entries(since: datetime, until: datetime) -> Iterator[Entry]:
    """What moved from one moment on and before another.

    Disputes come first: they can be seen where the account may not search. Raises NotAllowed at the first transaction
    of such an account.
    """
    yield from _disputes(since, until)
    start = since
    while start < until:
        end = min(start + LONGEST_SEARCH, until)
        yield from _transactions(start, end)
        start = end


def _transactions(since: datetime, until: datetime) -> Iterator[Entry]:
    """https://developer.paypal.com/docs/api/transaction-search/v1/. Its end is included, ours isn't."""
    page = pages = 1
    while page <= pages:
        last = until - timedelta(seconds=1)
        query = {"start_date": _iso(since), "end_date": _iso(last), "fields": "transaction_info", "page": page}
        found = transport().get(f"v1/reporting/transactions?{urlencode({**query, 'page_size': 500})}")
        with reading():
            pages = int(found.get("total_pages") or 1)
            documents = [document["transaction_info"] for document in found.get("transaction_details") or []]
        for document in documents:
            entry = entry_of_transaction(document)
            if entry is not None:
                yield entry
        page += 1


def _disputes(since: datetime, until: datetime) -> Iterator[Entry]:
    """Those that changed meanwhile. A list doesn't name the payment: each is looked at by itself."""
    query = {"update_time_after": _iso(since), "update_time_before": _iso(until), "page_size": 50}
    address: str | None = f"v1/customer/disputes?{urlencode(query)}"
    seen: set[str] = set()
    while address:
        if address in seen:
            raise NoAnswer("endless_list")
        seen.add(address)
        found = transport().get(address)
        with reading():
            identifiers = [document["dispute_id"] for document in found.get("items") or []]
            following = [link["href"] for link in found.get("links") or [] if link["rel"] == "next"]
        for identifier in identifiers:
            yield entry_of_dispute(transport().get(f"v1/customer/disputes/{identifier}"))
        parts = urlsplit(following[0]) if following else None
        address = f"{parts.path.lstrip('/')}?{parts.query}" if parts else None


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
