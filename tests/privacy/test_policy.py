"""The privacy policy: derived, published in versions, and dated by the day of its last change (P13)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from threading import Barrier, Thread

import pytest
from django.conf import settings as project_settings
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from privacy import page_version, policy, tasks
from privacy.models import Alert, PolicyVersion
from privacy.policy_document import Document

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def remembered() -> Iterator[None]:
    """What a test publishes vanishes with it, so the process must forget it too."""
    known = dict(policy._known)
    yield
    policy._known.clear()
    policy._known.update(known)


def words(client: Client, path: str = "/privacy/") -> str:
    article = re.search(r"<article.*?</article>", client.get(path).content.decode(), re.DOTALL)
    assert article
    return " ".join(re.sub(r"<[^>]+>", " ", article[0]).split())


def published(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("privacy", "publish", *arguments, stdout=out)
    return out.getvalue().splitlines()


def deploy_errors() -> list[str]:
    found = run_checks(databases=["default"], include_deployment_checks=True)
    return [message.msg for message in found if message.id == "privacy.E011"]


def test_a_fresh_shop_has_version_1_by_itself() -> None:
    version = PolicyVersion.objects.get()
    assert (version.number, version.digest) == (1, policy.document().digest)
    assert Document.read(version.content) == policy.document()
    assert deploy_errors() == []


@pytest.mark.promise("P13")
def test_the_page_and_the_foot_of_every_page_show_the_last_change(client: Client) -> None:
    at = policy.in_force().published_at
    day = f"{at.day} {at:%B %Y}"
    assert f"Version 1, last changed on {day}" in words(client)
    assert f'<time datetime="{at:%Y-%m-%d}">' in client.get("/privacy/").content.decode()
    assert f"Privacy policy last changed on {day}." in client.get("/cookies/").content.decode()


@pytest.mark.promise("P7b")
@pytest.mark.parametrize(("years", "said"), [(3, "3 years"), (1, "1 year"), (10, "10 years")])
def test_the_period_is_the_one_of_the_settings(client: Client, settings: Settings, years: int, said: str) -> None:
    settings.ORDER_RETENTION_YEARS = years
    policy.publish()
    text = words(client)
    assert f"We keep order information for {said}, for tax and accounting" in text
    assert f"{said} after the order was placed" in text


@pytest.mark.promise("P13")
def test_a_changed_inventory_needs_a_new_version_and_the_check_says_so_in_words(
    client: Client, settings: Settings
) -> None:
    settings.ORDER_RETENTION_YEARS = 10
    (error,) = deploy_errors()
    first, *lines = error.splitlines()
    assert first == "The published privacy policy doesn't say what this code does:"
    assert (
        "How long we keep it: now says “We keep order information for 10 years, for tax and accounting: your name, "
        "e-mail address and company name. After that nobody can tell from the order who bought.”" in lines
    )
    assert {line.partition(":")[0] for line in lines} == {"How long we keep it", "Having your data deleted"}
    assert "We keep order information for 3 years" in words(client), "until it is published, the old one is in force"

    assert published("--dry-run") == [*lines, "Nothing was written."]
    assert published() == [*lines, "Version 2 of the privacy policy is published."]
    assert published() == ["Version 2 of the privacy policy is in force, and nothing changed since."]
    assert published("--dry-run") == ["All of it is published."]
    assert deploy_errors() == []
    assert "Version 2, last changed on" in words(client)


@pytest.mark.promise("P13")
def test_old_versions_stay_readable_and_say_what_replaced_them(client: Client, settings: Settings) -> None:
    settings.ORDER_RETENTION_YEARS = 10
    version = policy.publish()
    day = f"{version.published_at.day} {version.published_at:%B %Y}"
    old = words(client, "/privacy/versions/1/")
    assert f"This version is no longer in force. Version 2 replaced it on {day}." in old
    assert "We keep order information for 3 years" in old
    assert "no longer in force" not in words(client, "/privacy/versions/2/")
    assert client.get("/privacy/versions/3/").status_code == 404
    listed = words(client, "/privacy/versions/")
    assert listed.index("Version 2") < listed.index("Version 1")
    assert "How long we keep it: now says “We keep order information for 10 years" in listed
    assert "How long we keep it: no longer says “We keep order information for 3 years" in listed


def test_a_policy_that_returns_to_an_earlier_text_gets_a_new_number(settings: Settings) -> None:
    settings.ORDER_RETENTION_YEARS = 10
    policy.publish()
    settings.ORDER_RETENTION_YEARS = 3
    assert policy.unpublished() != []
    assert policy.publish().number == 3
    assert policy.unpublished() == []


def test_publishing_renews_kept_pages(
    settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before = page_version.current()
    settings.ORDER_RETENTION_YEARS = 10
    with django_capture_on_commit_callbacks(execute=True):
        policy.publish()
    after = page_version.current()
    assert after != before
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        policy.publish()
    assert (callbacks, page_version.current()) == ([], after), "nothing new, so nothing is rendered anew"


def test_the_version_in_force_is_looked_up_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    policy._known.clear()
    with django_assert_num_queries(1):
        first = policy.in_force()
    with django_assert_num_queries(0):
        assert policy.in_force() == first


def test_what_is_not_published_is_an_alert_that_heals_itself(settings: Settings) -> None:
    settings.ORDER_RETENTION_YEARS = 10
    tasks.count_evidence()
    tasks.count_evidence()
    opened = Alert.objects.filter(kind=policy.UNPUBLISHED, closed_at=None)
    assert [alert.message for alert in opened] == [
        "The privacy policy doesn't say what the shop does: run `manage.py privacy publish`."
    ]
    policy.publish()
    assert not opened.all().exists()


@pytest.mark.parametrize("deed", ["UPDATE privacy_policyversion SET digest = 'x'", "DELETE FROM privacy_policyversion"])
def test_nobody_changes_or_deletes_a_version(deed: str) -> None:
    with (
        pytest.raises(IntegrityError, match="A published version of the policy stays as it is"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(deed)


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_write_one_version(settings: Settings) -> None:
    settings.ORDER_RETENTION_YEARS = 10
    policy.document()
    start, numbers = Barrier(2), []

    def publish() -> None:
        start.wait()
        try:
            numbers.append(policy.publish().number)
        finally:
            connection.close()

    threads = [Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers == [2, 2]
    assert list(PolicyVersion.objects.values_list("number", flat=True)) == [2, 1]


def test_migrating_again_publishes_nothing(settings: Settings) -> None:
    settings.ORDER_RETENTION_YEARS = 10
    call_command("migrate", verbosity=0)
    assert PolicyVersion.objects.get().number == 1


def test_a_version_is_dated_by_the_shops_clock(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime(2027, 2, 28, 23, 30, tzinfo=UTC)
    monkeypatch.setattr("privacy.clock.now", lambda: moment)
    settings.ORDER_RETENTION_YEARS = 10
    policy.publish()
    assert policy.in_force() == policy.InForce(2, moment)


@pytest.mark.promise("P10", "P11b")
def test_the_providers_own_policies_are_linked(client: Client) -> None:
    page = client.get("/privacy/").content.decode()
    for address in ("https://www.paypal.com/webapps/mpp/ua/privacy-full", "https://stripe.com/privacy"):
        assert f'<a href="{address}">' in page


@pytest.mark.promise("P12b")
def test_deletion_is_asked_for_by_mail(client: Client) -> None:
    page = client.get("/privacy/").content.decode()
    deleting = page.split('<h2 id="deleting">')[1].split("<h2")[0]
    assert f'<a href="mailto:{project_settings.SUPPORT_EMAIL}">' in deleting
    assert "no account, no form and no portal" in deleting
    assert "Our support team carries the removal out." in deleting
    assert "once it has succeeded: not before" in deleting


@pytest.mark.promise("P2")
def test_viewed_products_have_one_purpose(client: Client) -> None:
    assert "we track the products you viewed, for one thing: to show you your recently viewed products" in words(client)


def test_machines_read_the_same_text(client: Client) -> None:
    found = client.get("/privacy/policy.json").json()
    assert (found.pop("version"), found.pop("published_at")[:10]) == (1, f"{policy.in_force().published_at:%Y-%m-%d}")
    assert Document.read(found) == policy.document()
    assert (
        '<link rel="alternate" type="application/json" href="/privacy/policy.json">'
        in client.get("/privacy/").content.decode()
    )


def test_the_sections_stand_in_their_order(client: Client) -> None:
    page = client.get("/privacy/").content.decode()
    assert re.findall(r'<h2 id="([\w-]+)">', page.split("<article>")[1].split("</article>")[0]) == [
        *("collecting", "using", "keeping", "access", "paying", "deleting", "rights", "every-page"),
    ]


@pytest.mark.promise("P7a", "P4")
def test_the_tables_come_from_the_inventory(client: Client) -> None:
    page = words(client)
    for cell in (
        "Your order: name, e-mail address, company name, VAT number",
        "180 days after the order was placed",
        "Your account: sign-in credential",
        "Keeps the last 12 products you viewed, to show them to you again.",
        "The provider of the shop&#x27;s mail server, processor",
    ):
        assert cell in page, cell
    assert "VIES" in page
