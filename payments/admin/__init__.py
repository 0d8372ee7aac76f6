"""Money on the desk: attempts, refunds, disputes and webhooks, their part of an order's page, and the start page."""

from payments.admin import attempts, disputes, events, fraud, refunds, start_page  # noqa: F401  (they register themselves)
