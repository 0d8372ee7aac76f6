"""The ground floor: personal data as a framework that knows no shop, and what every app needs."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class PrivacyConfig(AppConfig):
    name = "privacy"
    verbose_name = "Privacy"

    def ready(self) -> None:
        from privacy import (  # noqa: F401  (three register themselves)
            checks,
            deletion_answers,
            deletion_mails,
            deletion_samples,
            notice_mails,
            policy,
        )
        from privacy.exports import openers  # noqa: F401  (registers itself)
        from privacy.retention import periods

        autodiscover_modules("personal_data", "places", "exports", "erasing", "mail_samples")
        post_migrate.connect(policy.make_first, sender=self)
        post_migrate.connect(periods.remember_rules, sender=self)
