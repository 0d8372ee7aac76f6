"""How the rows of the ground floor itself are shown to their person."""

from typing import Any

from django.db.models import QuerySet

from privacy import consents, looks
from privacy.exports import presenters
from privacy.exports.presenters import Presenter
from privacy.models import Consent, Export, Look, MailRecipient, RequestAddress, RequestSubject
from privacy.people import Person


@presenters.of(Consent)
class Consents(Presenter):
    title, one, many, position = "What you agreed to", "consent", "consents", 80
    labels = {"key": "About", "version": "Version of the words", "given_at": "Agreed on", "ended_at": "Ended on"}

    def facts(self, row: Consent, *, for_staff: bool) -> dict[str, Any]:
        return {"words": consents.words_of(row.key, row.version), "how_it_ended": row.get_end_display()}


@presenters.of(Export)
class Exports(Presenter):
    title, one, many, position = "Copies of your data", "copy", "copies", 90
    labels = {"requested_at": "Asked for on", "reason": "Why staff asked"}


@presenters.of(RequestSubject)
class DeletionRequests(Presenter):
    title, one, many, position = "Your requests for deletion", "request", "requests", 95
    labels = {"title": "Subject", "note": "Notes of our staff", "hints": "What our mail server said of the sender"}

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("request")

    def heading(self, row: RequestSubject) -> str:
        return row.request.number

    def facts(self, row: RequestSubject, *, for_staff: bool) -> dict[str, Any]:
        request = row.request
        return {"state": request.get_state_display(), "received": request.received_at, "answer_due": request.due_at}


@presenters.of(RequestAddress)
class DeletionRequestAddresses(Presenter):
    title, one, many, position = "Addresses in your requests for deletion", "address", "addresses", 96

    def facts(self, row: RequestAddress, *, for_staff: bool) -> dict[str, Any]:
        return {"proven": row.proved_at}


@presenters.of(MailRecipient)
class Deliveries(Presenter):
    title, one, many, position = "Mails that went to you in the last thirty days", "mail", "mails", 87
    labels = {"address": "To", "sent_at": "Sent on"}

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("mail")

    def heading(self, row: MailRecipient) -> str:
        return row.mail.kind.replace("_", " ").capitalize()


@presenters.of(Look)
class Looks(Presenter):
    """By role: the name of a staff member isn't the customer's to know (docs/privacy.md says why)."""

    title, one, many, position = "Who looked at your data", "look", "looks", 85
    labels = {"kind": "What", "at": "When", "purpose": "Why", "role": "Who"}
    correct_at = "account_looks"

    def rows(self, person: Person) -> QuerySet[Any]:
        return looks.of_person(person)
