"""Key pools on the desk: a file is checked, shown, and imported by a second click."""

import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts import license_keys
from accounts.models import KeyImport, LicenseKey
from shop.models import Edition
from tests import desk
from tests.accounts import purchases

pytestmark = pytest.mark.django_db
KEYS = "/admin/accounts/licensekey/"


@pytest.fixture
def manager() -> Client:
    return desk.at_desk("Shop Manager")


@pytest.fixture
def pool() -> Edition:
    return purchases.edition(pool=0)


def importing(pool: Edition) -> str:
    return reverse("admin:accounts_keypool_import", args=[pool.pk])


def choose(client: Client, pool: Edition, text: str | bytes) -> HttpResponse:
    content = text.encode() if isinstance(text, str) else text
    return client.post(importing(pool), {"file": SimpleUploadedFile("keys.csv", content)})


def answers(response: HttpResponse) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_a_file_is_checked_first_and_imported_when_that_is_confirmed(manager: Client, pool: Edition) -> None:
    checked = choose(manager, pool, "key\nAAAA-1\nBBBB-2\n")
    assert f"Import 2 keys for {pool}" in checked.content.decode()
    assert LicenseKey.objects.count() == 0
    done = manager.post(importing(pool), {"checked": checked.context["checked"]}, follow=True)
    assert answers(done) == [f"Imported: 2 keys for {pool}."]
    assert LicenseKey.objects.filter(edition=pool, state="available").count() == 2


def test_a_confirmation_counts_once(manager: Client, pool: Edition) -> None:
    token = choose(manager, pool, "AAAA-1\n").context["checked"]
    for _ in range(2):
        done = manager.post(importing(pool), {"checked": token}, follow=True)
    assert answers(done) == ["The check of this file is too old. Choose the file again."]
    assert (LicenseKey.objects.count(), KeyImport.objects.count()) == (1, 1)


def test_a_confirmation_belongs_to_its_person_and_its_pool(manager: Client, pool: Edition) -> None:
    token = choose(manager, pool, "AAAA-1\n").context["checked"]
    other = purchases.edition(pool=0)
    for client, target in ((desk.at_desk("Shop Manager"), pool), (manager, other)):
        done = client.post(importing(target), {"checked": token}, follow=True)
        assert answers(done) == ["The check of this file is too old. Choose the file again."]
    assert LicenseKey.objects.count() == 0


def test_an_emptied_cache_is_a_sentence(manager: Client, pool: Edition) -> None:
    token = choose(manager, pool, "AAAA-1\n").context["checked"]
    cache.clear()
    done = manager.post(importing(pool), {"checked": token}, follow=True)
    assert answers(done) == ["The check of this file is too old. Choose the file again."]


def test_what_waits_for_the_second_click_is_sealed(manager: Client, pool: Edition) -> None:
    text = "VERY-SECRET-KEY-1"
    token = choose(manager, pool, text).context["checked"]
    user = manager.session["_auth_user_id"]
    kept = cache.get(f"key-import:{user}:{pool.pk}:{token}")
    assert [key.digest for key in kept] == [license_keys.digest(text)]
    assert text not in repr(kept)
    assert text.encode() not in kept[0].ciphertext


def test_problems_are_listed_by_line_and_nothing_is_imported(manager: Client, pool: Edition) -> None:
    response = choose(manager, pool, "AAAA-1\nAAAA-1\nBAD\0KEY\n")
    assert re.findall(r"<li>(Line.+?)</li>", response.content.decode()) == [
        "Line 2: the same key as in line 1.",
        "Line 3: the key holds a character that can&#x27;t be printed.",
    ]
    assert ("checked" in response.context, LicenseKey.objects.count()) == (False, 0)


def test_of_many_problems_the_first_hundred_are_listed(manager: Client, pool: Edition) -> None:
    text = choose(manager, pool, "AAAA-1\n" * 151).content.decode()
    assert ("150 lines of the file" in text, text.count("<li>Line"), "the first 100" in text) == (True, 100, True)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\xff\xfe\x00", "The file isn&#x27;t UTF-8 text. Save it as “CSV UTF-8” and choose it again."),
    ],
)
def test_a_file_that_cant_be_read_is_a_sentence(manager: Client, pool: Edition, content: bytes, sentence: str) -> None:
    assert sentence in choose(manager, pool, content).content.decode()


def test_no_file_is_a_sentence(manager: Client, pool: Edition) -> None:
    assert "Choose a file." in manager.post(importing(pool), {"x": "y"}).content.decode()


def test_units_on_back_order_get_the_new_keys_first(
    manager: Client, pool: Edition, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    order = purchases.paid((pool, 2))
    assert [unit.state for unit in purchases.units_of(order)] == ["backordered", "backordered"]
    token = choose(manager, pool, "AAAA-1\nBBBB-2\nCCCC-3\n").context["checked"]
    with django_capture_on_commit_callbacks(execute=True):
        manager.post(importing(pool), {"checked": token})
    assert [unit.state for unit in purchases.units_of(order)] == ["fulfilled", "fulfilled"]


def test_only_pools_have_an_import(manager: Client) -> None:
    assert manager.get(importing(purchases.edition())).status_code == 404


@pytest.mark.promise("P9a")
def test_the_import_needs_its_permission(pool: Edition) -> None:
    assert desk.at_desk("Support").get(importing(pool)).status_code == 403
    assert Client().get(importing(pool)).status_code == 302


def test_pools_are_counted_by_state(manager: Client, pool: Edition) -> None:
    purchases.fill(pool, 4)
    order = purchases.paid((pool, 1))
    LicenseKey.objects.filter(pk=LicenseKey.objects.filter(edition=pool, state="available")[:1].get().pk).update(
        state="void"
    )
    row = manager.get("/admin/accounts/keypool/").context["cl"].queryset.get(pk=pool.pk)
    assert (row.free, row.given, row.gone, order.state) == (2, 1, 1, "paid")
    sections = manager.get(reverse("admin:accounts_keypool_change", args=[pool.pk])).context["sections"]
    found = [(re.sub("<.+?>", "", str(state)), count) for state, count in sections[0].rows]
    assert found == [("available", 2), ("assigned", 1), ("void", 1)]


# --- Taking keys out --------------------------------------------------------------------------------------------------


def test_keys_are_voided_after_a_question(manager: Client, pool: Edition) -> None:
    purchases.fill(pool, 2)
    purchases.paid((pool, 1))
    chosen = {"action": "void", "_selected_action": list(LicenseKey.objects.values_list("pk", flat=True))}
    asked = manager.post(KEYS, chosen)
    assert "Take 1 key out of its pool for good" in asked.content.decode()
    assert LicenseKey.objects.filter(state="void").count() == 0
    done = manager.post(KEYS, chosen | {"confirmed": "yes"}, follow=True)
    assert answers(done) == ["Taken out of their pools: 1."]
    assert list(LicenseKey.objects.order_by("pk").values_list("state", flat=True)) == ["assigned", "void"]


def test_keys_that_somebody_has_stay(manager: Client) -> None:
    purchases.paid((purchases.edition(), 1))
    chosen = {"action": "void", "_selected_action": list(LicenseKey.objects.values_list("pk", flat=True))}
    done = manager.post(KEYS, chosen, follow=True)
    assert answers(done) == ["None of these keys is free. A key that somebody has stays."]
    assert LicenseKey.objects.get().state == "assigned"


def test_the_keys_of_one_pool_can_be_listed(manager: Client, pool: Edition) -> None:
    purchases.fill(pool, 2)
    purchases.fill(purchases.edition(pool=0), 1)
    assert manager.get(f"{KEYS}?edition__id__exact={pool.pk}&state__exact=available").context["cl"].result_count == 2
