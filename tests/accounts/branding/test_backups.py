"""A backup that is restored brings no logo back that was taken back meanwhile."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts import branding, closing
from accounts.models import Logo, LogoManager, User
from privacy import consents, journal
from privacy.journal import writing
from privacy.journal.book import BEGINNING
from privacy.models import Alert, Consent, JournalPosition
from tests.accounts.branding import logos
from tests.accounts.conftest import person

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P6f")]


@pytest.mark.parametrize("take_away", [branding.withdraw, branding.leave, lambda user: closing.close(user.pk)])
def test_a_restored_backup_is_rid_of_it_again(
    take_away: Callable[[User], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = logos.customer()
    logo = logos.published(ada)
    monkeypatch.setattr(writing, "_transaction", lambda: ["1.1", "1"])  # as of the server that made the backup
    take_away(ada)

    # What the backup holds: the logo, its consent, and no word of the line.
    bob = person("bob@example.com")
    Logo.objects.create(pk=logo.pk, company="Nordhafen GmbH")
    LogoManager.objects.create(logo_id=logo.pk, user=bob)
    consents.give(bob, "branding")
    JournalPosition.objects.update(sequence=BEGINNING.sequence, mac=BEGINNING.mac)
    assert not journal.is_ready()

    assert [(step.entry.kind, step.count) for step in journal.replay()] == [("logo", 1)]

    assert (logos.left(), journal.is_ready()) == (0, True)
    assert Consent.objects.get(user=bob).end == "withdrawn"


def test_leaving_it_to_a_colleague_writes_no_line() -> None:
    ada = logos.customer()
    logos.with_colleague(ada, person("bob@example.com"))

    branding.leave(ada)

    assert not journal.book().exists


def test_without_a_journal_the_logo_goes_all_the_same_and_a_person_hears_of_it(
    settings: Settings, tmp_path: Path
) -> None:
    ada = logos.customer()
    logo = logos.published(ada)
    settings.ERASURE_JOURNAL = tmp_path / "no" / "folder" / "journal"
    (tmp_path / "no").write_text("a file where a folder should be")

    assert branding.withdraw(ada)

    assert logos.left() == 0
    assert Alert.objects.get(kind="logo_not_in_journal").key == str(logo.pk)
