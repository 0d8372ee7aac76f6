"""The desk's outbox, which is the log of deliveries too."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.decorators import action, display

from privacy import mail_log, mail_samples, mails
from privacy.admin.desk import Desk, ReadOnly
from privacy.masking import mask_email
from privacy.models import MailRecipient, OutgoingMail

GONE = "not known"


class CameBack(admin.SimpleListFilter):
    """Mails that a mail server returned: those that wait for a person, and all."""

    title = "delivery"
    parameter_name = "delivery"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "came back, and waits for you"), ("back", "came back")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> QuerySet[OutgoingMail]:
        if self.value() == "open":
            return queryset.filter(pk__in=mail_log.returned().values("pk"))
        return queryset.filter(bounced_at__isnull=False) if self.value() == "back" else queryset


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnly, Desk):
    """The outbox. A row names a kind and an id; the text is never kept, the address for thirty days; lists mask it."""

    list_display = ("what", "object_id", "state_badge", "to_whom", "tries", "sent_at", "delivery")
    list_filter = ("state", CameBack, "kind")
    list_select_related = ("recipient",)
    fields = (
        *("what", "object_id", "state", "recipient_address", "created_at", "tries", "next_try_at", "sent_at"),
        "delivery",
    )
    readonly_fields = ("what", "recipient_address", "delivery")
    ordering = ("-created_at", "-id")
    actions = ("try_again", "send_again", "close_returned")

    def looked_at(self, request: HttpRequest, row: OutgoingMail) -> Model | None:
        return _recipient(row)

    @display(description="Mail", ordering="kind")
    def what(self, row: OutgoingMail) -> str:
        return mail_samples.title_of(row.kind)

    @display(description="To")
    def to_whom(self, row: OutgoingMail) -> str:
        recipient = _recipient(row)
        return mask_email(recipient.address) if recipient else ""

    @display(description="To")
    def recipient_address(self, row: OutgoingMail) -> str:
        """In full, on the page of one mail: the look is on record."""
        recipient = _recipient(row)
        return recipient.address if recipient else GONE

    @display(description="Delivery")
    def delivery(self, row: OutgoingMail) -> str:
        """Whether it came back, and why, as far as the report says so."""
        if row.bounced_at is None:
            return "–"
        words = mail_log.words_of(row.bounce)
        return f"came back: {words}" if words else "came back"

    def has_try_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("privacy.change_outgoingmail")

    @action(description="Try to send the selected mails again", permissions=["try_again"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> None:
        """Gives mails that were given up a new round of tries."""
        count = mails.try_again(queryset)
        if count:
            self.message_user(request, f"To be sent again within a minute: {count}.", messages.SUCCESS)
        else:
            self.message_user(
                request, "None of these was given up, so there is nothing to send again.", messages.WARNING
            )

    @action(description="Send the selected mails once more", permissions=["try_again"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> None:
        """Sends mails anew that were sent within thirty days."""
        count = mails.send_again(queryset)
        if count:
            self.message_user(request, f"To be sent once more within a minute: {count}.", messages.SUCCESS)
        else:
            self.message_user(
                request,
                "None of these can be sent once more: it must have been sent within thirty days, not have been sent "
                "once more before, and not be about a deletion.",
                messages.WARNING,
            )

    @action(description="Nothing is left to do about the selected mails that came back", permissions=["try_again"])
    def close_returned(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> None:
        """Takes them off the start page; that they came back stays on record."""
        count = mail_log.close(queryset)
        if count:
            self.message_user(request, f"Closed: {count}.", messages.SUCCESS)
        else:
            self.message_user(request, "None of these came back and was open.", messages.WARNING)


def _recipient(row: OutgoingMail) -> MailRecipient | None:
    found: MailRecipient | None = getattr(row, "recipient", None)
    return found
