"""Two at once: colleagues who leave or take the logo back, and two forms of one person."""

import threading
import time

import pytest
from django.db import connection, transaction

from accounts import branding
from accounts.models import Logo, LogoManager
from tests.accounts.branding import logos
from tests.accounts.conftest import person
from tests.payments.test_concurrency import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.promise("P6f")]


def test_of_two_colleagues_who_vanish_at_once_the_second_takes_the_logo_along() -> None:
    """In raw SQL, without any lock of ours: each has gone before it hears of the other."""
    logos.with_colleague(logos.customer(), person("bob@example.com"))
    first, second = LogoManager.objects.values_list("pk", flat=True)
    gone = threading.Barrier(2)
    delete = "DELETE FROM accounts_logomanager WHERE id = %s"

    def goes_first() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(delete, [first])  # and holds the logo's lock until it commits
            gone.wait()
            _wait_for_a_lock()

    def goes_second() -> None:
        gone.wait()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(delete, [second])

    assert at_once(goes_first, goes_second) == []
    assert logos.left() == 0


def _wait_for_a_lock() -> None:
    """Until another session waits for a lock, so that both transactions are under way."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees one picture of the others else
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    pytest.fail("Nobody waited.")


def test_both_take_it_back_or_leave_at_once_and_nobody_stands_in_the_way() -> None:
    for deeds in ((branding.withdraw, branding.withdraw), (branding.leave, branding.withdraw), (branding.leave,) * 2):
        ada, bob = logos.customer(), person(f"bob-{Logo.objects.count()}-{id(deeds)}@example.com")
        logos.with_colleague(ada, bob)
        assert at_once(lambda: deeds[0](ada), lambda: deeds[1](bob)) == []  # noqa: B023  (run within the loop)
        assert logos.left() == 0


def test_a_form_that_is_sent_twice_at_once_makes_one_logo() -> None:
    ada = logos.customer()

    assert at_once(*[lambda: logos.handed_in(ada)] * 3) == []

    logo = Logo.objects.get()
    assert (logo.revision, logo.pictures.count(), logo.managers.count()) == (3, 2, 1)


def test_of_two_who_open_one_link_at_once_one_joins() -> None:
    ada = logos.customer()
    logos.published(ada)
    token = branding.invite(ada)
    bob, kim = person("bob@example.com"), person("kim@example.com")

    raised = at_once(lambda: branding.join(token, bob), lambda: branding.join(token, kim))

    assert [type(error) for error in raised] == [branding.NotJoinable]
    assert LogoManager.objects.count() == 2
