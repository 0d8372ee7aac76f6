"""The wiring as an app: what it keeps outside of tables is declared, and the promises are filled in at the start."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    name = "config"
    verbose_name = "Wiring"

    def ready(self) -> None:
        from config import measures, promises  # noqa: F401  (fill their registries)
