"""Exports at the desk."""

import io
import json
import time
import zipfile
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail as mailbox
from django.test import Client

from accounts import license_keys
from accounts.models import User
from privacy import mails
from privacy.exports import requests
from privacy.models import Export
from tests import desk
from tests.accounts import purchases

pytestmark = pytest.mark.django_db
LIST, ADD = "/admin/privacy/export/", "/admin/privacy/export/add/"
SAID = {"email": "Kim@example.com", "reason": "Asked by letter."}


def reauthenticated(user: User) -> Client:
    """A browser of a staff member who just showed who they are."""
    client = desk.enter(user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "type": "totp", "at": time.time(), "reauthenticated": True}
    ]
    session.save()
    return client


def ask(client: Client, **said: str) -> Any:
    return client.post(ADD, SAID | said, follow=True)


@pytest.mark.parametrize("role", ["Shop Manager", "Support"])
@pytest.mark.promise("P9a")
def test_exports_are_for_administrators(role: str) -> None:
    client = desk.at_desk(role)
    requests.ask_for("kim@example.com", by=desk.person("Administrator"), reason="Asked.")
    export = Export.objects.get()
    paths = (LIST, ADD, f"{LIST}{export.pk}/change/", f"{LIST}{export.pk}/file/")
    assert [client.get(path).status_code for path in paths][:3] == [403] * 3
    assert client.post(ADD, SAID).status_code == 403
    assert reauthenticated(desk.person(role)).get(paths[3]).status_code == 403
    assert Export.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.promise("P9c")
def test_an_administrator_asks_for_an_account_and_its_person_alone_gets_it() -> None:
    administrator, kim = desk.person("Administrator"), desk.person()
    client = reauthenticated(administrator)
    page = ask(client, email=kim.email.upper()).content.decode()
    export = Export.objects.get()
    assert (export.user, export.asked_by, export.reason, export.state) == (
        kim,
        administrator,
        "Asked by letter.",
        Export.State.MADE,
    )
    assert "Its person alone can fetch it, by the link in the mail." in page
    assert kim.email not in page
    assert client.get(f"{LIST}{export.pk}/file/").status_code == 404
    [entry] = LogEntry.objects.all()
    assert (entry.user, entry.object_repr, entry.change_message) == (
        administrator,
        f"Export {export.pk}",
        f"Account {kim.pk}: asked for. Asked by letter.",
    )
    mails.send_due()
    assert [mail.to for mail in mailbox.outbox] == [[kim.email]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.promise("P9c")
def test_for_an_address_without_account_the_one_who_asked_fetches_the_file_on_record() -> None:
    order = purchases.paid((purchases.edition(), 1), email="kim@example.com", at_once=True)
    client = reauthenticated(desk.person("Administrator"))
    ask(client)
    export = Export.objects.get()
    assert (export.user, export.email) == (None, "kim@example.com")
    response = client.get(f"{LIST}{export.pk}/file/")
    with zipfile.ZipFile(io.BytesIO(response.content)) as zipped:
        data = json.loads(zipped.read("data.json"))
        text = zipped.read("index.html").decode() + json.dumps(data)
    assert data["data"]["shop.OrderParty"]["rows"][0]["also"]["number"] == order.number
    assert license_keys.text_of(purchases.keys_of(order)[0]) not in text
    assert list(LogEntry.objects.order_by("pk").values_list("object_repr", "change_message")) == [
        (f"Export {export.pk}", "Asked by letter."),
        (f"Export {export.pk}", "File fetched."),
    ]
    other = reauthenticated(desk.person("Administrator"))
    assert other.get(f"{LIST}{export.pk}/file/").status_code == 404


def test_the_file_is_fetched_after_showing_who_asks() -> None:
    administrator = desk.person("Administrator")
    export = requests.ask_for("kim@example.com", by=administrator, reason="Asked.")
    requests.make_due()
    response = desk.enter(administrator).get(f"{LIST}{export.pk}/file/")
    assert (response.status_code, "reauthenticate" in response["Location"]) == (302, True)


def test_an_address_of_which_nothing_is_known_gets_the_same_answer() -> None:
    client = desk.at_desk("Administrator")
    desk.fill(1)
    known = ask(client, email=User.objects.exclude(is_staff=True)[0].email)
    unknown = ask(client, email="nobody@example.com")
    said = [[str(message) for message in each.context["messages"]] for each in (known, unknown)]
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"reason": " "}, "Say why, in a few words."),
        ({"email": "kim"}, "Enter a valid email address."),
        ({"email": ""}, "This field is required."),
    ],
)
def test_what_is_asked_without_an_address_or_a_reason_is_refused(said: dict[str, str], sentence: str) -> None:
    assert sentence in ask(desk.at_desk("Administrator"), **said).content.decode()
    assert Export.objects.count() == 0


@pytest.mark.parametrize("has_account", [False, True])
def test_a_second_one_while_the_first_runs_gets_a_sentence(has_account: bool) -> None:
    administrator = desk.person("Administrator")
    email = desk.person().email if has_account else "kim@example.com"
    requests.ask_for(email, by=administrator, reason="Asked.")
    page = ask(desk.enter(administrator), email=email).content.decode()
    assert "The export is being made already." in page
    assert Export.objects.count() == 1


def test_the_page_of_an_account_leads_there_without_its_address_in_the_address() -> None:
    client, kim = desk.at_desk("Administrator"), desk.person()
    response = client.get(f"/admin/accounts/user/{kim.pk}/export/")
    assert response["Location"] == f"{ADD}?account={kim.pk}"
    assert f'value="{kim.email}"' in client.get(response["Location"]).content.decode()
    assert "Export this person" in client.get(f"/admin/accounts/user/{kim.pk}/change/").content.decode()
    assert desk.at_desk("Shop Manager").get(f"/admin/accounts/user/{kim.pk}/export/").status_code == 403


@pytest.mark.parametrize("account", ["0", "x", "9" * 30, "١"])
def test_an_account_that_isnt_there_leaves_the_field_empty(account: str) -> None:
    assert desk.at_desk("Administrator").get(f"{ADD}?account={account}").status_code == 200


def test_the_list_masks_addresses_and_reads_no_file() -> None:
    administrator = desk.person("Administrator")
    requests.ask_for("kim@example.com", by=administrator, reason="Asked.")
    requests.make_due()
    page = desk.enter(administrator).get(LIST).content.decode()
    assert ("k…@exa….com" in page, "kim@example.com" in page) == (True, False)
