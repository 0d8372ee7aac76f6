"""What all tests share."""

import pytest
from django.conf import settings
from django.core.cache import cache


def pytest_configure() -> None:
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CELERY_TASK_ALWAYS_EAGER = True


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Rate limits and kept pages of one test must not reach the next."""
    cache.clear()
