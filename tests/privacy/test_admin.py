"""Alerts and the outbox on the desk."""

import pytest
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.test import Client

from privacy import alerts, clock, mails
from privacy.models import Alert, OutgoingMail
from tests import desk

pytestmark = pytest.mark.django_db
ALERTS, MAILS = "/admin/privacy/alert/", "/admin/privacy/outgoingmail/"


def do(client: Client, address: str, action: str) -> HttpResponse:
    model = Alert if address == ALERTS else OutgoingMail
    chosen = list(model.objects.values_list("pk", flat=True))
    return client.post(address, {"action": action, "_selected_action": chosen}, follow=True)


def answers(response: HttpResponse) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def given_up(number: int) -> OutgoingMail:
    mails.queue("test", number)
    OutgoingMail.objects.filter(kind="test", object_id=number).update(state="failed", tries=12)
    mail = OutgoingMail.objects.get(kind="test", object_id=number)
    alerts.raise_alert("mail_failed", str(mail.pk), "A mail could not be sent.")
    return mail


def test_alerts_are_closed_once() -> None:
    alerts.raise_alert("test", "1", "Look.")
    alerts.raise_alert("test", "2", "Look.")
    alerts.close_alert("test", "2")
    client = desk.at_desk("Shop Manager")
    assert answers(do(client, ALERTS, "close")) == ["Closed: 1."]
    closed = Alert.objects.get(key="1").closed_at
    assert answers(do(client, ALERTS, "close")) == ["Closed: 0."]
    assert Alert.objects.get(key="1").closed_at == closed


def test_a_mail_that_was_given_up_is_tried_again_and_its_alert_closes() -> None:
    mail = given_up(1)
    mails.queue("test", 2)
    waiting = OutgoingMail.objects.values().get(object_id=2)
    client = desk.at_desk("Shop Manager")
    assert answers(do(client, MAILS, "try_again")) == ["To be sent again within a minute: 1."]
    mail.refresh_from_db()
    assert (mail.state, mail.tries, mail.next_try_at <= clock.now()) == ("pending", 0, True)
    assert Alert.objects.filter(closed_at__isnull=True).count() == 0
    assert OutgoingMail.objects.values().get(object_id=2) == waiting
    assert answers(do(client, MAILS, "try_again")) == ["None of these was given up, so there is nothing to send again."]


@pytest.mark.parametrize(
    ("address", "action", "code"), [(ALERTS, "close", "alert"), (MAILS, "try_again", "outgoingmail")]
)
def test_each_deed_needs_its_permission(address: str, action: str, code: str) -> None:
    given_up(1)
    clerk = desk.person("Support")
    clerk.user_permissions.add(Permission.objects.get(codename=f"view_{code}"))
    do(desk.enter(clerk), address, action)
    assert (OutgoingMail.objects.get().state, Alert.objects.get().closed_at) == ("failed", None)
