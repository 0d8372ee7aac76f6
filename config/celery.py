"""Background work: the Celery application and its timetable.

Redis carries ids only and may lose them: every task here is one that a row in the database asks for, and the timetable
runs the sweepers that find rows whose message was lost.
"""

from celery import Celery
from celery.schedules import crontab

app = Celery("azureops")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_serializer="json",
    accept_content=["json"],
    task_time_limit=300,
    task_soft_time_limit=240,
    worker_hijack_root_logger=False,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": 900, "socket_timeout": 5, "socket_connect_timeout": 5},
    timezone="UTC",
    beat_schedule={
        "send-mails": {"task": "privacy.tasks.send_mails", "schedule": 20.0},
        "fetch-mail": {"task": "privacy.tasks.fetch_mail", "schedule": 60.0},
        "make-exports": {"task": "privacy.tasks.make_exports", "schedule": 60.0},
        "carry-out-deletions": {"task": "privacy.tasks.carry_out_deletions", "schedule": 60.0},
        "close-unverified-requests": {"task": "privacy.tasks.close_unverified_requests", "schedule": 3600.0},
        "count-evidence": {"task": "privacy.tasks.count_evidence", "schedule": 600.0},
        "handle-webhooks": {"task": "payments.tasks.handle_webhooks", "schedule": 20.0},
        "reconcile-attempts": {"task": "payments.tasks.reconcile_attempts", "schedule": 30.0},
        "submit-refunds": {"task": "payments.tasks.submit_refunds", "schedule": 30.0},
        "invite-to-review": {"task": "shop.tasks.invite_to_review", "schedule": 3600.0},
        "ask-vies": {"task": "shop.tasks.ask_vies", "schedule": 60.0},
        "watch-tax-limits": {"task": "shop.tasks.watch_tax_limits", "schedule": 3600.0},
        "return-tax": {"task": "payments.tasks.return_tax", "schedule": 60.0},
        "expire-orders": {"task": "payments.tasks.expire_orders", "schedule": 60.0},
        "sweep": {"task": "privacy.tasks.sweep", "schedule": crontab(hour=2, minute=10)},
        "watch-retention": {"task": "privacy.tasks.watch_retention", "schedule": 3600.0},
        "watch-notices": {"task": "privacy.tasks.watch_notices", "schedule": 300.0},
        "watch-journal": {"task": "privacy.tasks.watch_journal", "schedule": 300.0},
        "sweep-short-periods": {"task": "privacy.tasks.sweep_short_periods", "schedule": 3600.0},
        "compare-statements": {"task": "payments.tasks.compare_statements", "schedule": 3600.0},
        "refund-backorders": {"task": "payments.tasks.refund_backorders", "schedule": 3600.0},
        "close-unproven-cases": {"task": "accounts.tasks.close_unproven_cases", "schedule": 3600.0},
        "release-reservations": {"task": "accounts.tasks.release_reservations", "schedule": 300.0},
        "deliver-backorders": {"task": "accounts.tasks.deliver_backorders", "schedule": 300.0},
    },
)
app.autodiscover_tasks()
