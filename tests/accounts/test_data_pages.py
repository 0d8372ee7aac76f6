"""Your data: what is kept, the copy, consents, and the letter that asks for deletion."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core import mail as mailbox
from django.test import Client
from django.urls import reverse

from accounts import closing, deletion_letters
from accounts.models import User
from privacy import clock, consents, deletion_requests, mails
from privacy.exports import requests
from privacy.models import Consent, Export, OutgoingMail
from shop import consent
from tests import desk
from tests.accounts import purchases
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
SUPPORT = "support@example.com"


@pytest.fixture(autouse=True)
def at_support(settings: object) -> None:
    settings.SUPPORT_EMAIL = SUPPORT  # type: ignore[attr-defined]


def shown(client: Client, path: str = "data/") -> str:
    """The words of a page, without its tags."""
    page = client.get(f"/account/{path}").content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition("</main>")[0]).split())


def reauthenticate(client: Client) -> None:
    client.post("/account/reauthenticate/", {"password": PASSWORD})


def ready(owner: User) -> str:
    """The path of an export that is ready."""
    export = requests.ask(owner)
    requests.make_due()
    return f"/account/data/exports/{requests.token(export)}/"


# --- What is kept -----------------------------------------------------------------------------------------------------


@pytest.mark.promise("P7a")
def test_the_page_says_what_is_kept_why_and_until_when_and_where_to_correct_it(as_ada: Client, ada: User) -> None:
    purchases.paid((purchases.edition(), 2), user=ada)
    words = shown(as_ada)
    assert "E-mail address ada@example.com Name Ada Lovelace" in words
    assert "1 order See it : Orders Delivering what was bought and answering questions about it; keeping order" in words
    year = clock.today().year + 3
    assert re.search(rf"E-mail address, .*?: until \d+ \w+ {year} ", words)
    page = as_ada.get("/account/data/").content.decode()
    for path in ("/account/profile/", "/account/email/", "/account/devices/", "/account/orders/", "/account/licenses/"):
        assert f'href="{path}"' in page


def test_nothing_of_anybody_else_is_shown(as_ada: Client, bob: User) -> None:
    purchases.paid((purchases.edition(), 1), user=bob, email="bob@example.com")
    words = shown(as_ada)
    assert [word for word in ("bob", "order ", "license key") if word in words.partition("A copy of it")[0]] == []


# --- The copy ---------------------------------------------------------------------------------------------------------


def test_who_asks_for_a_copy_shows_the_password_first(as_ada: Client, ada: User) -> None:
    response = as_ada.post("/account/data/exports/")
    assert response.status_code == 302
    assert response["Location"].startswith("/account/reauthenticate/")
    assert Export.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_after_the_password_the_question_goes_through_and_a_worker_makes_the_file(as_ada: Client, ada: User) -> None:
    to = as_ada.post("/account/data/exports/")["Location"]
    answer = as_ada.post(to, {"password": PASSWORD, "next": "/account/data/exports/"})
    assert answer["Location"] == "/account/data/"
    assert Export.objects.get().state == Export.State.MADE  # the task ran at once
    assert "We are making the copy. A mail to ada@example.com says when it is ready." in shown(as_ada)
    assert "Ready. The link is in the mail we sent to ada@example.com." in shown(as_ada)


def test_a_second_request_gets_a_sentence(as_ada: Client, ada: User) -> None:
    reauthenticate(as_ada)
    requests.ask(ada)
    as_ada.post("/account/data/exports/")
    words = shown(as_ada)
    assert "The export is being made already. A mail says when it is ready." in words
    assert "Make me a copy" not in words


def test_an_export_that_failed_is_said(as_ada: Client, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "MOST_BYTES", 1)
    requests.ask(ada)
    requests.make_due()
    assert f"The copy could not be made. Ask again, or write to {SUPPORT}." in shown(as_ada)


def test_the_link_works_after_the_password_and_the_file_is_a_private_download(as_ada: Client, ada: User) -> None:
    path = ready(ada)
    for each in (path, f"{path}file/"):
        assert as_ada.get(each)["Location"].startswith("/account/reauthenticate/")
    reauthenticate(as_ada)
    assert "Fetch the file" in shown(as_ada, path.removeprefix("/account/"))
    response = as_ada.get(f"{path}file/")
    assert response["Content-Disposition"] == f'attachment; filename="azureops-data-{clock.today()}.zip"'
    assert (response["Content-Type"], response["X-Robots-Tag"]) == ("application/zip", "noindex")
    assert "no-store" in response["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(response.content)) as zipped:
        assert zipped.namelist() == ["data.json", "index.html"]


def test_nobody_fetches_it_without_signing_in(client: Client, ada: User) -> None:
    path = ready(ada)
    assert client.get(f"{path}file/")["Location"] == f"/account/login/?next={path}file/"


@pytest.mark.parametrize("part", ["", "file/"])
def test_somebody_elses_an_ended_and_an_unknown_link_look_the_same(
    as_ada: Client, ada: User, bob: User, part: str
) -> None:
    reauthenticate(as_ada)
    unknown = as_ada.get(f"/account/data/exports/{'x' * 32}/{part}")
    theirs = as_ada.get(ready(bob) + part)
    own = ready(ada)
    assert as_ada.get(own + part).status_code == 200
    Export.objects.update(finished_at=clock.now() - timedelta(days=7))  # the trigger moves the end with it
    ended = as_ada.get(own + part)
    assert [each.status_code for each in (unknown, theirs, ended)] == [404, 404, 404]
    assert unknown.content == theirs.content == ended.content


@pytest.mark.django_db(transaction=True)
def test_copies_go_with_the_account_and_a_running_one_is_never_made(as_ada: Client, ada: User) -> None:
    ready(ada)
    requests.ask(ada)
    closing.close(ada.pk)
    assert (Export.objects.count(), requests.make_due()) == (0, 0)


# --- Consents ---------------------------------------------------------------------------------------------------------


def test_each_consent_has_its_words_its_date_and_a_way_back(as_ada: Client, ada: User) -> None:
    consents.give(ada, consent.QUESTION.key)
    order = purchases.paid((purchases.edition(), 1), user=ada, at_once=True)
    words = shown(as_ada, "consents/")
    assert f"“{consent.QUESTION.words}” Stands You said yes" in words
    assert f"About order {order.number}" in words
    assert "Delivery has begun, so this one can’t be taken back." in words
    assert as_ada.get("/account/consents/").content.decode().count("Take it back") == 1


def test_taking_a_consent_back_ends_it_and_what_rested_on_it(as_ada: Client, ada: User) -> None:
    as_ada.post("/consent/", {"recently_viewed": "yes"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert Consent.objects.get().ended_at is None
    response = as_ada.post(f"/account/consents/{consent.QUESTION.key}/withdraw/")
    assert (response["Location"], Consent.objects.get().end) == ("/account/consents/", Consent.End.WITHDRAWN)
    assert response.cookies["viewed"]["max-age"] == 0
    words = shown(as_ada, "consents/")
    assert "Taken back. It no longer counts, from now on." in words
    assert "Products that you view are not remembered." in words
    assert "Take it back" not in words


def test_nobody_takes_back_what_is_somebody_elses(as_ada: Client, bob: User) -> None:
    consents.give(bob, consent.QUESTION.key)
    as_ada.post(f"/account/consents/{consent.QUESTION.key}/withdraw/")
    assert Consent.objects.get().ended_at is None


# --- Deletion ---------------------------------------------------------------------------------------------------------


@pytest.mark.promise("P12b")
def test_the_page_points_to_the_mail_address_with_a_prepared_letter(as_ada: Client) -> None:
    page = as_ada.get("/account/data/").content.decode()
    assert f"mailto:{SUPPORT}?subject=Please%20delete%20my%20data&amp;body=Please%20delete%20the%20personal" in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.promise("P12b")
def test_the_shop_sends_the_letter_in_the_persons_name_once_a_day(as_ada: Client, ada: User) -> None:
    assert as_ada.post("/account/data/deletion/")["Location"] == "/account/data/"
    assert f"Your letter is on its way to {SUPPORT}. We answer to ada@example.com." in shown(as_ada)
    as_ada.post("/account/data/deletion/")
    words = shown(as_ada)
    assert "Your letter was sent today already." in words
    assert f"Your letter of today went to {SUPPORT}." in words
    assert "Send the mail for me" not in words
    mails.send_due()
    [letter] = mailbox.outbox
    assert (letter.to, letter.reply_to, letter.subject) == ([SUPPORT], ["ada@example.com"], "Please delete my data")
    assert "Auto-Submitted" not in letter.extra_headers  # a person sent it
    assert "My e-mail address: ada@example.com\nMy name: Ada Lovelace" in letter.body
    with clock.at(clock.now() + timedelta(days=1)):
        assert deletion_letters.send(ada)
    assert OutgoingMail.objects.filter(kind=deletion_letters.KIND).count() == 2


def test_a_letter_of_an_account_that_was_closed_meanwhile_is_dropped(ada: User) -> None:
    deletion_letters.send(ada)
    User.objects.update(is_active=False, closed_at=clock.now())
    mails.send_due()
    assert mailbox.outbox == []


def test_a_get_sends_nothing(as_ada: Client) -> None:
    assert [as_ada.get(f"/account/data/{path}/").status_code for path in ("deletion", "exports")] == [405, 405]
    assert (OutgoingMail.objects.count(), Export.objects.count()) == (0, 0)


@pytest.mark.promise("P12d")
def test_an_open_request_for_deletion_is_shown_with_its_deadline() -> None:
    person = desk.person()
    client = desk.enter(person)
    other = deletion_requests.receive(channel="mail", address="somebody@example.com")
    page = client.get(reverse("account_data")).content.decode()
    assert other.number not in page
    assert "Send the mail for me" in page
    request = deletion_requests.receive(channel="mail", address=person.email.upper())
    page = client.get(reverse("account_data")).content.decode()
    assert f"{request.number}, waits for proof" in page
    assert f"{request.due_at:%-d %B %Y}" in page
    assert "Confirm it by the link in our mail" in page
    assert "Send the mail for me" not in page
    deletion_requests.withdraw(request.pk)
    assert "Send the mail for me" in client.get(reverse("account_data")).content.decode()
