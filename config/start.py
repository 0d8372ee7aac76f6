"""Reads the settings when a process starts; a bad one ends it with a sentence instead of a trace."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def read_settings() -> None:
    """Reads them all. Raises SystemExit with a sentence that names the variable, which Python prints; its code is 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        settings.DEBUG  # noqa: B018  (whoever asks for one makes Django read them)
    except ImproperlyConfigured as error:
        raise SystemExit(f"The shop can't start: {error}") from None
