"""Wiring: settings, addresses, background work and the promises. Imports every app, and no app imports it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
