"""Where an account is signed in."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import devices
from accounts.models import Device, User
from privacy import clock, tasks
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"


def sign_in(**headers: str) -> Client:
    client = Client(headers=headers)
    client.post("/account/login/", {"login": "ada@example.com", "password": PASSWORD})
    return client


def writes(queries: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


@pytest.mark.promise("P3")
def test_a_device_is_a_browser_family_a_country_and_a_day(ada: User) -> None:
    sign_in(user_agent=FIREFOX)
    device = Device.objects.get()
    assert (device.user, device.browser_family, device.country) == (ada, "Firefox", "")
    assert (device.last_seen_on, device.session.session_key) == (clock.today(), Session.objects.get().session_key)


def test_a_device_is_written_once_a_day(as_ada: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        as_ada.get("/account/")
    assert writes(queries) == []
    with clock.at(clock.now() + timedelta(days=1)):
        as_ada.get("/account/")
        with CaptureQueriesContext(connection) as queries:
            as_ada.get("/account/")
        assert writes(queries) == []
        assert Device.objects.get().last_seen_on == clock.today()


def test_anonymous_pages_pay_nothing(client: Client) -> None:
    client.get("/account/login/")
    assert (Device.objects.count(), Session.objects.count()) == (0, 0)


def test_signing_out_forgets_the_device(as_ada: Client) -> None:
    as_ada.post("/account/logout/")
    assert (Device.objects.count(), Session.objects.count()) == (0, 0)


def test_the_list_shows_own_devices_and_signs_the_others_out(as_ada: Client, ada: User, bob: User) -> None:
    elsewhere = sign_in(user_agent=FIREFOX)
    of_bob = Client()
    of_bob.post("/account/login/", {"login": "bob@example.com", "password": PASSWORD})
    page = as_ada.get("/account/devices/").content.decode()
    assert page.count('<tr><th scope="row">') == 2
    assert page.count("This one") == 1
    assert "Firefox" in page
    as_ada.post("/account/devices/")
    assert [client.get("/account/").status_code for client in (as_ada, elsewhere, of_bob)] == [200, 302, 200]
    assert (ada.devices.count(), bob.devices.count()) == (1, 1)


def test_the_list_takes_as_many_queries_for_1_device_as_for_30(as_ada: Client) -> None:
    counts = []
    for more in (0, 29):
        for _ in range(more):
            sign_in()
        as_ada.get("/account/devices/")
        with CaptureQueriesContext(connection) as queries:
            as_ada.get("/account/devices/")
        counts.append(len(queries))
    assert counts == [3, 3]


def test_ended_sessions_are_cleared_with_their_devices(ada: User) -> None:
    sign_in()
    old = Session.objects.get()
    sign_in()
    Session.objects.filter(pk=old.pk).update(expire_date=clock.now() - timedelta(seconds=1))
    assert tasks.sweep_short_periods() == 1
    assert (Session.objects.count(), Device.objects.count()) == (1, 1)


def test_a_session_that_ended_meanwhile_is_no_error(as_ada: Client, ada: User) -> None:
    assert devices.sign_out(ada) == 1
    assert devices.sign_out(ada) == 0
    assert as_ada.get("/account/").status_code == 302
