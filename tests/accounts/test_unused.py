"""Accounts that nobody uses: warned, then erased; what keeps them; what stays of them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import addresses, closing, unused
from accounts.models import Address, Device, License, LicenseKey, User
from privacy import clock, consents, inventory, mails, retention
from privacy.inventory import Erasure, Personal
from privacy.models import Consent, OutgoingMail
from shop.models import CartLine, OrderParty
from tests.accounts import purchases
from tests.accounts.conftest import PASSWORD, person
from tests.accounts.test_addresses import HOME

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P7a")]
#: Long ago, so that everything happens before today and PostgreSQL's own clock agrees.
BEGAN = datetime(2020, 3, 1, 12, tzinfo=UTC)
RULES = {"accounts.User.warn_at", "accounts.User.expires_at"}


def account(email: str = "ada@example.com", **fields: object) -> User:
    """An account that was last used on 1 March 2020."""
    with clock.at(BEGAN):
        return person(email, **fields)


def night(moment: datetime) -> None:
    """What the sweep does to accounts in the night of `moment`."""
    with clock.at(moment):
        for _ in retention.run(as_of=moment, rules=[rule for rule in retention.all_rules() if rule.name in RULES]):
            continue


def after(years: int = 3, days: int = 0) -> datetime:
    return BEGAN.replace(year=BEGAN.year + years) + timedelta(days=days)


def send() -> None:
    OutgoingMail.objects.update(next_try_at=BEGAN)
    mails.send_due()


def is_there(user: User) -> bool:
    return User.objects.filter(pk=user.pk).exists()


def test_three_years_after_the_last_use_it_is_warned_once_and_thirty_days_later_erased(
    mailoutbox: list[EmailMultiAlternatives],
) -> None:
    ada = account(name="Ada Lovelace")
    night(after(days=-2))
    assert OutgoingMail.objects.count() == 0
    night(after())
    night(after(days=1))
    with clock.at(after(days=1)):
        send()
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == (["ada@example.com"], "Your account ends, unless you sign in")
    assert "Your account ends on 31 March 2023." in mail.body
    assert "for 3 years" in mail.body
    night(after(days=29))
    assert is_there(ada)
    night(after(days=31))
    assert not is_there(ada)
    assert len(mailoutbox) == 1


def test_signing_in_ends_the_warning(mailoutbox: list[EmailMultiAlternatives]) -> None:
    ada = account()
    night(after())
    with clock.at(after(days=10)):
        Client().post("/account/login/", {"login": "ada@example.com", "password": PASSWORD})
        send()
    night(after(days=400))
    ada.refresh_from_db()
    assert (ada.warned_at, ada.last_used_on) == (None, date(2023, 3, 11))
    assert ada.warn_at == datetime(2026, 3, 11, tzinfo=UTC)
    assert mailoutbox == []


def test_the_last_use_is_written_once_a_day_and_moves_the_date(as_ada: Client, ada: User) -> None:
    def writes() -> int:
        with CaptureQueriesContext(connection) as queries:
            as_ada.get("/account/")
        return len([query for query in queries if 'UPDATE "accounts_user"' in query["sql"]])

    ada.refresh_from_db()
    before = ada.warn_at
    assert (before is not None, writes()) == (True, 0)
    with clock.at(clock.now() + timedelta(days=2)):
        assert [writes(), writes()] == [1, 0]
    ada.refresh_from_db()
    assert (ada.last_used_on, ada.warn_at) == (clock.today() + timedelta(days=2), before + timedelta(days=2))


@pytest.mark.parametrize("term_months", [None, 120])
def test_a_running_license_keeps_the_account(term_months: int | None) -> None:
    ada = account()
    with clock.at(BEGAN):
        purchases.paid((purchases.edition(), 1), user=ada, term_months=term_months)
    night(after())
    night(after(days=40))
    ada.refresh_from_db()
    assert (ada.warned_at, OutgoingMail.objects.filter(kind=unused.MAIL).count()) == (None, 0)
    looked_again = after(10) if term_months else after() + unused.LOOK_AGAIN
    assert ada.warn_at is not None
    assert ada.warn_at.date() == looked_again.date()


def test_when_the_last_license_has_ended_the_account_is_warned() -> None:
    ada = account()
    with clock.at(BEGAN):
        purchases.paid((purchases.edition(), 1), user=ada, term_months=48)
        purchases.paid((purchases.edition(), 1), user=ada, term_months=12)
    night(after())
    night(after(4, days=-1))
    ada.refresh_from_db()
    assert ada.warned_at is None
    night(after(4, days=1))
    ada.refresh_from_db()
    assert ada.warned_at is not None


def test_a_revoked_license_keeps_nothing() -> None:
    ada = account()
    with clock.at(BEGAN):
        purchases.paid((purchases.edition(), 1), user=ada)
    LicenseKey.objects.update(state="revoked")
    night(after())
    ada.refresh_from_db()
    assert ada.warned_at is not None


def test_a_license_that_joins_after_the_warning_saves_the_account() -> None:
    ada = account()
    night(after())
    with clock.at(after(days=5)):
        purchases.paid((purchases.edition(), 1), email="ada@example.com")
    OutgoingMail.objects.all().delete()
    night(after(days=31))
    ada.refresh_from_db()
    assert (ada.warned_at, ada.licenses.count()) == (None, 1)


def test_the_account_goes_with_all_that_is_its_own_and_orders_and_licenses_stay() -> None:
    ada, bob = account(name="Ada Lovelace"), account("bob@example.com")
    with clock.at(BEGAN):
        consents.give(ada, "recently_viewed")
        order = purchases.paid((purchases.edition(), 2), user=ada, term_months=12)
        addresses.save(Address(**HOME), user=ada)
        CartLine.objects.create(user=ada, edition=purchases.edition(), quantity=1, price_seen=1)
        Client().post("/account/login/", {"login": "ada@example.com", "password": PASSWORD})
        Authenticator.objects.create(user=ada, type="totp", data={"secret": "x"})
    assert Device.objects.count() == Session.objects.count() == 1
    User.objects.filter(pk=bob.pk).update(last_used_on=clock.today())
    night(after())
    OutgoingMail.objects.all().delete()
    night(after(days=31))
    assert list(User.objects.values_list("email", flat=True)) == ["bob@example.com"]
    gone = (Address, Device, CartLine, Authenticator, Session)
    assert [model.objects.count() for model in gone] == [0] * len(gone)
    assert list(EmailAddress.objects.values_list("user", flat=True)) == [bob.pk]
    assert list(OrderParty.objects.values_list("order", "user", "email")) == [(order.pk, None, "ada@example.com")]
    assert list(License.objects.values_list("user", flat=True)) == [None, None]
    assert list(Consent.objects.values_list("user", "end")) == [(None, "account")]


def test_nothing_is_erased_before_its_warning_has_left(mailoutbox: list[EmailMultiAlternatives]) -> None:
    ada = account()
    night(after())
    night(after(days=40))
    assert is_there(ada)
    with clock.at(after(days=40)):
        send()
    night(after(days=42))
    assert (is_there(ada), len(mailoutbox)) == (False, 1)


def test_staff_are_left_alone() -> None:
    admin = account(is_staff=True)
    night(after(6))
    admin.refresh_from_db()
    assert (admin.warned_at, admin.warn_at, admin.expires_at) == (None, None, None)
    User.objects.update(is_staff=False)
    admin.refresh_from_db()
    assert admin.warn_at == datetime(2023, 3, 1, tzinfo=UTC)


def test_former_staff_stay_while_their_work_is_on_record() -> None:
    former = account()
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(user=former, content_type=kind, object_id="1", object_repr="1", action_flag=1)
    night(after())
    former.refresh_from_db()
    assert former.warned_at is None
    LogEntry.objects.all().delete()
    night(after(days=100))
    former.refresh_from_db()
    assert former.warned_at is not None


def test_a_closed_account_goes_when_nothing_points_at_it() -> None:
    ada, bob = account(), account("bob@example.com")
    with clock.at(BEGAN):
        order = purchases.paid((purchases.edition(), 1), user=bob)
        closing.close(ada.pk)
        closing.close(bob.pk)
    night(BEGAN + timedelta(days=1))
    assert [is_there(user) for user in (ada, bob)] == [False, True]
    order.party.delete()
    License.objects.all().delete()
    night(BEGAN + timedelta(days=100))
    assert not is_there(bob)


def test_a_closed_account_waits_no_longer_than_an_unused_one() -> None:
    ada = account()
    with clock.at(BEGAN):
        purchases.paid((purchases.edition(), 1), user=ada)
        closing.close(ada.pk)
    for days in range(1, 1097, 91):
        night(BEGAN + timedelta(days=days))
        assert is_there(ada)
    night(after(days=95))
    assert not is_there(ada)
    assert License.objects.get().user_id is None


def test_what_goes_with_an_account_is_what_was_declared_so() -> None:
    """The database's cascade and the inventory say the same of every column that points at an account."""
    for model in inventory.stored_models():
        declaration = inventory.declaration_of(model)
        declared = dict(declaration.columns()) if declaration else {}
        for column in inventory.stored_fields(model):
            if column.is_relation and column.related_model is User:
                said = declared[column.name]
                assert isinstance(said, Personal), f"{model._meta.label}.{column.name}"
                expected = {Erasure.DELETE_ROW: "CASCADE"}.get(said.erasure, "SET_NULL")
                assert column.remote_field.on_delete.__name__ == expected, f"{model._meta.label}.{column.name}"
