"""The desk's outbox."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import action

from privacy import mails
from privacy.admin.desk import Desk, ReadOnly
from privacy.models import OutgoingMail


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnly, Desk):
    """The outbox. A row names a kind and an id; neither address nor text is kept."""

    list_display = ("kind", "object_id", "state_badge", "created_at", "tries", "next_try_at", "sent_at")
    list_filter = ("state", "kind")
    fields = ("kind", "object_id", "state", "created_at", "tries", "next_try_at", "sent_at")
    ordering = ("-created_at", "-id")
    actions = ("try_again",)

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
