"""How requests are shown to their person, in the copy of their data."""

from typing import Any

from django.db.models import QuerySet

from accounts.cases import links as case_links
from accounts.models import Case, CaseAttachment, CaseMessage, CaseParty
from privacy import looks
from privacy.exports import presenters
from privacy.exports.presenters import Presenter
from privacy.models import Look

looks.register(CaseParty, Look.Kind.CASE)
looks.register(Case, Look.Kind.CASE)


@presenters.of(CaseParty)
class Requests(Presenter):
    title, one, many, position = "Requests", "request", "requests", 35
    labels = {"stated_order": "Order, as you wrote it"}
    correct_at = "account_requests"

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("case__order").prefetch_related("case__refunds")

    def heading(self, row: CaseParty) -> str:
        return f"{row.case.number}: {row.case.get_kind_display()}"

    def facts(self, row: CaseParty, *, for_staff: bool) -> dict[str, Any]:
        case = row.case
        page = {} if for_staff else {"page": case_links.link(row)}
        return page | {
            "state": case.get_state_display(),
            "outcome": case.get_outcome_display(),
            "received_at": case.received_at,
            "closed_at": case.closed_at,
            "refunds": ", ".join(refund.amount for refund in case.refunds.all()),
        }


@presenters.of(Case)
class RequestOrders(Presenter):
    """Which order a request is about."""

    title, one, many, position = "Orders of your requests", "request", "requests", 36
    labels = {"order": "Link to the order"}

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("order")

    def heading(self, row: Case) -> str:
        return row.number

    def facts(self, row: Case, *, for_staff: bool) -> dict[str, Any]:
        return {"order_number": row.order.number if row.order else None}


@presenters.of(CaseMessage)
class RequestMessages(Presenter):
    title, one, many, position = "Messages of your requests", "message", "messages", 37
    labels = {"message_id": "Id of your mail"}

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("party__case")

    def heading(self, row: CaseMessage) -> str:
        return row.party.case.number

    def facts(self, row: CaseMessage, *, for_staff: bool) -> dict[str, Any]:
        return {"written_by": row.get_sort_display(), "written": row.get_way_display(), "at": row.at}


@presenters.of(CaseAttachment)
class RequestFiles(Presenter):
    """The files themselves are on the request's page."""

    title, one, many, position = "Files of your requests", "file", "files", 38

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("message__party__case").defer("content")

    def heading(self, row: CaseAttachment) -> str:
        return row.message.party.case.number

    def facts(self, row: CaseAttachment, *, for_staff: bool) -> dict[str, Any]:
        return {"kind": row.media_type, "bytes": row.size, "at": row.message.at}
