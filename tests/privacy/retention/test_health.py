from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail

from privacy import clock, mails, retention
from privacy.models import Alert, RetentionPeriod
from privacy.tasks import sweep as nightly
from privacy.tasks import watch_retention
from tests.privacy.retention import old_orders

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P7b")]
DUE = timedelta(days=3 * 365 + 1)


def alarms() -> list[str]:
    return list(Alert.objects.filter(kind="retention_late", closed_at__isnull=True).values_list("message", flat=True))


def test_a_fresh_shop_is_well_and_has_no_sweep_to_show() -> None:
    assert (watch_retention(), alarms(), retention.last_success()) == (True, [], None)


def test_no_sweep_in_two_days_is_an_alarm_that_closes_itself() -> None:
    nightly()
    with clock.at(clock.now() + timedelta(hours=47)):
        assert (watch_retention(), alarms()) == (True, [])
    with clock.at(clock.now() + timedelta(hours=49)):
        last = retention.last_success()
        assert last is not None
        assert watch_retention() is False
        said = f"No retention sweep has succeeded since {last:%-d %B %Y, %H:%M} UTC. Run `manage.py retention`."
        assert alarms() == [said]
        assert watch_retention() is False  # once more, and still one alarm and one mail
        assert mails.send_due() == 1
        nightly()
        assert (alarms(), watch_retention()) == ([], True)
    assert [(each.to, each.subject, said in each.body) for each in mail.outbox] == [
        ([settings.SUPPORT_EMAIL], "Data stays longer than promised", True)
    ]


def test_a_row_that_is_two_days_late_is_an_alarm_although_the_sweep_says_that_it_ran() -> None:
    nightly()
    old_orders.sold(clock.now() - DUE - timedelta(days=2))
    # As if the watermark had passed the row, by whatever mistake:
    RetentionPeriod.objects.filter(rule=old_orders.PARTY).update(watermark_at=clock.now(), watermark_id="0")
    nightly()
    assert [words.startswith("Rows of shop.OrderParty.expires_at are due since ") for words in alarms()] == [True]
    RetentionPeriod.objects.filter(rule=old_orders.PARTY).update(watermark_at=None)
    nightly()
    assert alarms() == []


def test_a_mail_about_an_alarm_that_is_over_isnt_sent() -> None:
    with clock.at(clock.now() + timedelta(hours=49)):
        watch_retention()
        nightly()
        assert (mails.send_due(), mail.outbox) == (0, [])


def test_what_is_due_for_less_than_two_days_is_no_alarm() -> None:
    nightly()
    old_orders.sold(clock.now() - DUE)
    assert retention.overdue(old_orders.rule()) is not None
    assert (watch_retention(), alarms()) == (True, [])
