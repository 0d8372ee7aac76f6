"""Wiring: settings, addresses, background work and the promises. Imports every app, and no app imports it.

Every process of the shop (web server, worker, timetable, command line) begins by importing this package.
"""

from config.start import read_settings

read_settings()

from config.celery import app as celery_app  # noqa: E402  (the settings are good now)

__all__ = ["celery_app"]
