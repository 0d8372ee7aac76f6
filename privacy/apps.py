"""The ground floor: personal data as a framework that knows no shop, and what every app needs."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PrivacyConfig(AppConfig):
    name = "privacy"
    verbose_name = "Privacy"

    def ready(self) -> None:
        from privacy import checks  # noqa: F401  (registers itself)

        autodiscover_modules("personal_data", "places", "exports")
