"""Alerts are mailed to those who may see them: one mail, however many there are."""

import pytest
from django.core import mail

from accounts import alert_mails as managers_mails
from privacy import alert_mails, alerts, mails
from privacy.models import Alert, OutgoingMail
from privacy.tasks import send_mails
from tests import desk

pytestmark = pytest.mark.django_db


def test_each_manager_gets_one_mail_about_all_that_is_new() -> None:
    boss, manager = desk.person("Administrator"), desk.person("Shop Manager")
    desk.person("Support")
    desk.person()
    alerts.raise_alert("paid_twice", "1", "Order AO-1 was paid twice.")
    alerts.raise_alert("payment_held", "2", "Order AO-2 waits for you.")
    assert send_mails() == 2
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted([boss.email, manager.email])
    sent = mail.outbox[0]
    assert sent.subject == "AzureOps: 2 alerts to look at"
    for part in ("Order AO-1 was paid twice.", "Order AO-2 waits for you.", "http://testserver/admin/", "your role"):
        assert part in sent.body
    assert send_mails() == 0
    alerts.raise_alert("paid_twice", "3", "Order AO-3 was paid twice.")
    assert send_mails() == 2


def test_nobody_to_tell_costs_nothing() -> None:
    alerts.raise_alert("paid_twice", "1", "Order AO-1 was paid twice.")
    assert (alert_mails.write_new(), OutgoingMail.objects.count()) == (1, 0)
    assert alert_mails.write_new() == 0


def test_an_alert_that_was_closed_meanwhile_is_not_mailed() -> None:
    desk.person("Shop Manager")
    alerts.raise_alert("paid_twice", "1", "Order AO-1 was paid twice.")
    alert_mails.write_new()
    alerts.close_alert("paid_twice", "1")
    mails.send_due()
    assert (mail.outbox, OutgoingMail.objects.get().state) == ([], "dropped")


def test_who_left_the_desk_is_not_mailed() -> None:
    manager = desk.person("Shop Manager")
    alerts.raise_alert("paid_twice", "1", "Order AO-1 was paid twice.")
    assert managers_mails.managers() == [manager.pk]
    alert_mails.write_new()
    manager.is_staff = False
    manager.save()
    mails.send_due()
    assert (mail.outbox, managers_mails.managers()) == ([], [])


def test_many_alerts_are_cut() -> None:
    desk.person("Shop Manager")
    for number in range(30):
        alerts.raise_alert("paid_twice", str(number), f"Order AO-{number} was paid twice.")
    send_mails()
    assert mail.outbox[0].subject == "AzureOps: more than 20 alerts to look at"
    assert mail.outbox[0].body.count("was paid twice") == 20
    assert Alert.objects.filter(mailed_at__isnull=True).count() == 0
