"""What all tests share."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from xdist.scheduler import LoadScopeScheduling

#: Tests that share a running shop.
TOGETHER = ("tests/journeys/", "tests/faults/test_servers.py")


def pytest_configure() -> None:
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CELERY_TASK_ALWAYS_EAGER = True


class SharersTogether(LoadScopeScheduling):
    """Sends every test to whichever worker is free, and those that share a running shop to one.

    xdist's own groups don't come with pytest 9.2: https://github.com/pytest-dev/pytest-xdist/issues/1386.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((shared for shared in TOGETHER if nodeid.startswith(shared)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    return SharersTogether(config, log)


_journals = itertools.count()


@pytest.fixture(scope="session")
def journals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("journals")


@pytest.fixture(autouse=True)
def erasure_journal(journals: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A journal that fits the database of the test, which begins empty; processes that a test starts use it too."""
    path = journals / f"{next(_journals)}.journal"
    monkeypatch.setattr(settings, "ERASURE_JOURNAL", path)
    monkeypatch.setenv("ERASURE_JOURNAL", str(path))
    return path


@pytest.fixture(autouse=True, scope="session")
def samples_are_like_mails() -> None:
    """Whatever mail a test has made, its sample has the same template and the same values: previews don't lie."""
    from privacy import mail_samples, mail_wordings, mails

    def held(kind: str, make: Callable[[int], mails.Mail | None]) -> Callable[[int], mails.Mail | None]:
        def made(object_id: int) -> mails.Mail | None:
            mail, sample = make(object_id), mail_samples.find(kind)
            if mail is not None and sample is not None:
                language = mail_wordings.language_of(mail)
                like = sample.make(language if language in sample.languages else sample.languages[0])
                if (mail.template, set(mail.context)) != (like.template, set(like.context)):
                    pytest.fail(f"The sample of {kind} has {sorted(like.context)}, the mail {sorted(mail.context)}.")
                if lost := mail_wordings.values_of(like).keys() - mail_wordings.values_of(mail).keys():
                    pytest.fail(f"The sample of {kind} offers {sorted(lost)} to managers, and this mail lacks them.")
            return mail

        return made

    for kind, make in mails.kinds().items():
        mails._kinds[kind] = held(kind, make)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Rate limits and kept pages of one test must not reach the next."""
    cache.clear()
