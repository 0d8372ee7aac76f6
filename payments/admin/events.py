"""What providers told us, and how far their statements were compared, on the desk."""

from django.contrib import admin

from payments import figures
from payments.admin.desk import needs_a_look
from payments.models import Statement, WebhookEvent
from privacy.admin import Desk, ReadOnly


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnly, Desk):
    """The inbox of the providers' webhooks; their bodies aren't kept."""

    list_display = ("kind", "provider", "received_at", "handled_at", "tries")
    list_filter = (
        needs_a_look(figures.unhandled_events),
        "provider",
        ("handled_at", admin.EmptyFieldListFilter),
    )
    ordering = ("-id",)
    fields = ("provider", "kind", "received_at", "handled_at", "next_try_at", "tries")


@admin.register(Statement)
class StatementAdmin(ReadOnly, Desk):
    """How far each provider's own list was compared with our books."""

    list_display = ("provider", "compared_until", "balanced_until", "is_blind")
    list_filter = ("is_blind",)
    ordering = ("provider",)
    fields = ("provider", "compared_until", "balanced_until", "is_blind")
