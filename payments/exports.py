"""How payments and refunds are shown to the person who paid."""

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from payments.models import Attempt, Dispute, FraudAssessment, ProviderCall, RedactionItem, Reference, Refund
from privacy import looks
from privacy.exports import presenters
from privacy.exports.presenters import Presenter
from privacy.models import Look

if TYPE_CHECKING:
    from django.db.models import Field

looks.register(Refund, Look.Kind.PAYMENT)
looks.register(Dispute, Look.Kind.PAYMENT)
looks.register(FraudAssessment, Look.Kind.PAYMENT)


def _of_payment(attempt: Attempt) -> dict[str, Any]:
    return {
        "order": attempt.order.number,
        "provider": attempt.provider,
        "amount": attempt.amount,
        "currency": attempt.currency,
        "state": attempt.get_state_display(),
        "started_at": attempt.created_at,
        "captured_at": attempt.captured_at,
    }


@presenters.of(Reference)
class Payments(Presenter):
    title, one, many, position = "Payments", "payment number", "payment numbers", 40
    labels = {"value": "Number at the provider"}

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("attempt__order")

    def heading(self, row: Reference) -> str:
        return f"Payment of order {row.attempt.order.number}"

    def facts(self, row: Reference, *, for_staff: bool) -> dict[str, Any]:
        return {"number_of": row.kind.replace("_", " ").capitalize()} | _of_payment(row.attempt)


@presenters.of(ProviderCall)
class Calls(Presenter):
    title, one, many, position = "What we are telling a provider", "message to a provider", "messages to a provider", 42
    labels = {"parameters": "What it says"}

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("attempt__order")

    def facts(self, row: ProviderCall, *, for_staff: bool) -> dict[str, Any]:
        return {"made_at": row.made_at} | (_of_payment(row.attempt) if row.attempt else {})


@presenters.of(Refund)
class Refunds(Presenter):
    title, one, many, position = "Refunds", "refund", "refunds", 41
    labels = {"provider_refund": "Number at the provider", "reason": "Why"}

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("attempt__order")

    def heading(self, row: Refund) -> str:
        return f"Refund of order {row.attempt.order.number}"

    def facts(self, row: Refund, *, for_staff: bool) -> dict[str, Any]:
        return {
            "amount": row.amount,
            "currency": row.attempt.currency,
            "state": row.get_state_display(),
            "asked_for_at": row.requested_at,
            "finished_at": row.finished_at,
        }


@presenters.of(Dispute)
class Disputes(Presenter):
    title, one, many, position = "Disputes", "dispute", "disputes", 43
    labels = {"provider_dispute": "Number at the provider"}

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("attempt__order")

    def heading(self, row: Dispute) -> str:
        return f"Dispute of order {row.attempt.order.number}"

    def facts(self, row: Dispute, *, for_staff: bool) -> dict[str, Any]:
        return {
            "amount": row.amount,
            "currency": row.attempt.currency,
            "state": row.get_state_display(),
            "reason": row.reason,
            "opened_at": row.opened_at,
            "decided_at": row.decided_at,
        }


@presenters.of(FraudAssessment)
class FraudAssessments(Presenter):
    title, one, many, position = "Fraud reviews", "fraud review", "fraud reviews", 45
    labels = {"reasons": "Signs", "score": "Points", "verdict": "What followed", "let_in_reason": "Why it was let in"}

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("order")

    def heading(self, row: FraudAssessment) -> str:
        return f"Fraud review of order {row.order.number}"

    def facts(self, row: FraudAssessment, *, for_staff: bool) -> dict[str, Any]:
        return {"made_at": row.made_at, "decided_at": row.settled_at, "let_in_at": row.let_in_at}

    def words(self, field: "Field[Any, Any]", value: Any) -> str:
        if field.name != "reasons":
            return super().words(field, value)
        return " ".join(f"{sign['words']} ({sign['points']} points)" for sign in value)


@presenters.of(RedactionItem)
class Redactions(Presenter):
    title, one, many, position = "Erasures at payment providers", "erasure", "erasures", 44
    labels = {"value": "Number at the provider", "job": "Number of the erasure there"}

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("attempt__order")

    def heading(self, row: RedactionItem) -> str:
        return f"Payment of order {row.attempt.order.number}"

    def facts(self, row: RedactionItem, *, for_staff: bool) -> dict[str, Any]:
        return {"asked_for_at": row.made_at, "done_at": row.done_at}
