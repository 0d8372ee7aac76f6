"""The lines and panels of the start page: what waits for a person, and how the shop is doing."""

from collections.abc import Callable

from django.urls import reverse

from accounts import start_page
from accounts.start_page import Need, Panel
from payments import figures
from privacy import mail_log


def _address(model: str, query: str = "") -> Callable[[], str]:
    return lambda: reverse(f"admin:{model}_changelist") + query


start_page.register(
    Need(
        "privacy.view_alert",
        "alert is open",
        "alerts are open",
        figures.open_alerts,
        _address("privacy_alert", "?closed_at__isempty=1"),
    ),
    Need(
        "shop.view_order",
        "order is on hold",
        "orders are on hold",
        figures.held_orders,
        _address("shop_order", "?state__exact=on_hold"),
    ),
    Need(
        "payments.view_fraudassessment",
        "order is held by fraud review",
        "orders are held by fraud review",
        lambda: figures.fraud_holds().count(),
        _address("payments_fraudassessment", "?look=needed"),
    ),
    Need(
        "shop.view_order",
        "unit waits for a key",
        "units wait for keys",
        figures.backordered_units,
        _address("shop_order", "?keys=waiting"),
    ),
    Need(
        "accounts.view_keypool",
        "key pool is low",
        "key pools are low",
        lambda: figures.low_pools().count(),
        _address("accounts_keypool"),
    ),
    Need(
        "payments.view_attempt",
        "payment hangs for more than a day",
        "payments hang for more than a day",
        lambda: figures.stuck_attempts().count(),
        _address("payments_attempt", "?look=needed"),
    ),
    Need(
        "payments.view_refund",
        "refund failed",
        "refunds failed",
        lambda: figures.failed_refunds().count(),
        _address("payments_refund", "?look=needed"),
    ),
    Need(
        "payments.view_dispute",
        "payment is disputed",
        "payments are disputed",
        lambda: figures.open_disputes().count(),
        _address("payments_dispute", "?look=needed"),
    ),
    Need(
        "payments.view_statement",
        "provider does not show money that we know nothing of",
        "providers do not show money that we know nothing of",
        lambda: figures.blind_statements().count(),
        _address("payments_statement", "?is_blind__exact=1"),
    ),
    Need(
        "payments.view_webhookevent",
        "webhook can't be handled",
        "webhooks can't be handled",
        lambda: figures.unhandled_events().count(),
        _address("payments_webhookevent", "?look=needed"),
    ),
    Need(
        "privacy.view_outgoingmail",
        "mail was given up",
        "mails were given up",
        figures.failed_mails,
        _address("privacy_outgoingmail", "?state__exact=failed"),
    ),
    Need(
        "privacy.view_outgoingmail",
        "mail came back",
        "mails came back",
        lambda: mail_log.returned().count(),
        _address("privacy_outgoingmail", "?delivery=open"),
    ),
    Panel("shop.view_order", "Orders of today", "admin/start_page/today.html", figures.newest_of_today),
    Panel("payments.view_attempt", "Revenue of 30 days", "admin/start_page/revenue.html", figures.revenue),
    Panel(
        "accounts.view_keypool",
        "Low key pools",
        "admin/start_page/low_pools.html",
        lambda: list(figures.low_pools().select_related("product")[:10]),
    ),
)
