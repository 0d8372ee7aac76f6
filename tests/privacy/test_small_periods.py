"""Every small table by its own period: a day before it ends the row is there, a day after it is gone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Model

from accounts import branding
from accounts.models import Device, KeyImport, Logo, LogoInvitation, LogoManager, Suspension, User
from payments.models import Attempt, ProviderCall, WebhookEvent
from privacy import alerts, clock, consents, mails, retention, tasks
from privacy.models import Alert, Consent, OutgoingMail
from tests import desk
from tests.accounts import purchases
from tests.accounts.branding import logos

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P7a")]
BEGAN = datetime(2020, 2, 29, 12, tzinfo=UTC)
YEARS_3 = datetime(2023, 3, 1, 12, tzinfo=UTC) - BEGAN


def sweep(moment: datetime) -> None:
    with clock.at(moment):
        for _ in retention.run(as_of=moment):
            continue


def ada() -> User:
    return User.objects.create_user("ada@example.com")


def sent_mail() -> None:
    mails.queue("order_confirmation", 1)
    OutgoingMail.objects.update(state="sent", sent_at=clock.now())


def dropped_mail() -> None:
    mails.queue("order_confirmation", 1)
    OutgoingMail.objects.update(state="dropped")


def closed_alert() -> None:
    alerts.raise_alert("test", "1", "Look.")
    alerts.close_alert("test", "1")


def withdrawn_consent() -> None:
    person = ada()
    consents.give(person, "recently_viewed")
    consents.withdraw(person, "recently_viewed")


def consent_of_an_account_that_ended() -> None:
    person = ada()
    consents.give(person, "recently_viewed")
    consents.end_with_account(person)
    person.delete()


def webhook() -> None:
    WebhookEvent.objects.create(provider="stripe", event_id="evt_1", kind="charge.failed", object_id="ch_1")


def call(key: str) -> None:
    order = purchases.order((purchases.edition(), 1))
    attempt = Attempt.objects.create(order=order, number=1, provider="stripe", amount=119, currency="EUR")
    ProviderCall.objects.create(key=key, attempt=attempt, parameters={"email": "ada@example.com"})


def staff_log() -> None:
    kind = ContentType.objects.get_for_model(User)
    entry = LogEntry.objects.create(user=ada(), content_type=kind, object_id="1", object_repr="Ada", action_flag=1)
    LogEntry.objects.filter(pk=entry.pk).update(action_time=clock.now())


def mailed_confirmation() -> None:
    address = EmailAddress.objects.create(user=ada(), email="ada@example.com")
    EmailConfirmation.objects.create(email_address=address, key="k", created=clock.now())


def session() -> None:
    ended = Session.objects.create(session_key="a" * 32, session_data="x", expire_date=clock.now())
    Device.objects.create(user=ada(), session=ended, last_seen_on=clock.today())


def declined_logo() -> None:
    logo = logos.published(logos.customer())
    branding.decide(logo.pk, revision=logo.revision, by=desk.person("Shop Manager"), refusal="It is another’s.")


def link_to_a_logo() -> None:
    user = logos.customer()
    logos.published(user)
    branding.invite(user)


DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("model", "make", "kept", "margin"),
    [
        (OutgoingMail, sent_mail, timedelta(days=90), HOUR),
        (OutgoingMail, dropped_mail, timedelta(days=90), HOUR),
        (Alert, closed_alert, timedelta(days=365), HOUR),
        (Consent, withdrawn_consent, YEARS_3, HOUR),
        (Consent, consent_of_an_account_that_ended, YEARS_3, HOUR),
        (WebhookEvent, webhook, timedelta(days=90), HOUR),
        (ProviderCall, lambda: call("cs:AO-1:1"), timedelta(hours=24), HOUR),
        (ProviderCall, lambda: call("ppo:AO-1:1"), timedelta(hours=6), HOUR),
        (LogEntry, staff_log, YEARS_3, DAY),  # of a package's table, at most a day late
        (EmailConfirmation, mailed_confirmation, timedelta(days=3), HOUR),
        (Session, session, timedelta(), HOUR),
        (Device, session, timedelta(), HOUR),
        (Logo, declined_logo, timedelta(days=90), HOUR),
        (LogoManager, declined_logo, timedelta(days=90), HOUR),
        (LogoInvitation, link_to_a_logo, timedelta(days=14), HOUR),
    ],
)
def test_a_row_is_kept_for_its_period_and_no_longer(
    model: type[Model], make: Callable[[], None], kept: timedelta, margin: timedelta
) -> None:
    with clock.at(BEGAN):
        make()
    sweep(BEGAN + kept - HOUR)
    assert model._default_manager.count() == 1
    sweep(BEGAN + kept + margin)
    assert model._default_manager.count() == 0


def test_what_is_still_open_stays() -> None:
    with clock.at(BEGAN):
        mails.queue("order_confirmation", 1)
        alerts.raise_alert("test", "1", "Look.")
        consents.give(ada(), "recently_viewed")
    sweep(BEGAN + timedelta(days=2_000))
    assert OutgoingMail.objects.filter(kind="order_confirmation").count() == 1
    assert (Alert.objects.filter(kind="test").count(), Consent.objects.count()) == (1, 1)


def test_who_imported_keys_is_forgotten_and_the_import_stays() -> None:
    with clock.at(BEGAN):
        KeyImport.objects.create(
            edition=purchases.edition(), imported_by=User.objects.create_user("kim@example.com"), count=2
        )
    sweep(BEGAN + YEARS_3 - HOUR)
    assert KeyImport.objects.get().imported_by is not None
    sweep(BEGAN + YEARS_3 + HOUR)
    assert (KeyImport.objects.get().imported_by, KeyImport.objects.get().expires_at) == (None, None)


def test_what_lives_for_a_day_at_most_is_swept_every_hour() -> None:
    assert {rule.name for rule in retention.short_rules()} == {
        "sessions.Session.expire_date",
        "payments.ProviderCall.expires_at",
        "payments.FraudSighting.expires_at",
    }
    with clock.at(clock.now() - timedelta(days=2)):
        session()
        call("cs:AO-1:1")
        webhook()
    assert tasks.sweep_short_periods() == 2
    assert [model._default_manager.count() for model in (Session, Device, ProviderCall, WebhookEvent)] == [0, 0, 0, 1]


def test_the_reasons_why_keys_rested_go_with_the_person_of_their_order() -> None:
    with clock.at(BEGAN):
        order = purchases.paid((purchases.edition(), 1))
        [key] = purchases.keys_of(order)
        Suspension.objects.create(license_key=key, reason="dispute", about="refund:1", ended_at=clock.now())
    sweep(BEGAN + YEARS_3 - HOUR)
    assert Suspension.objects.count() == 1
    sweep(BEGAN + YEARS_3 + HOUR)
    assert Suspension.objects.count() == 0
    key.refresh_from_db()
    assert (key.unit_id, key.state) == (None, "assigned")
