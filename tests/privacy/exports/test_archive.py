"""The file of an export: what is in it, for whom, and what isn't."""

import io
import json
import re
import zipfile
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import addresses, license_keys
from accounts.models import Address, LicenseKey, User
from payments.models import Attempt, Reference, Refund
from privacy import clock, inventory, people
from privacy.exports import archive, presenters
from privacy.models import Export
from shop import orders
from shop.models import CartLine, OrderParty
from tests.accounts import purchases
from tests.accounts.conftest import person
from tests.accounts.test_addresses import HOME

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return person("ada@example.com", name="Ada <Lovelace>")


def files(of: people.Person, **options: Any) -> tuple[dict[str, Any], str]:
    """The two files of the zip: the data, and the page."""
    target = io.BytesIO()
    archive.write(target, of, **options)
    with zipfile.ZipFile(target) as zipped:
        assert zipped.testzip() is None
        assert zipped.namelist() == ["data.json", "index.html"]
        return json.loads(zipped.read("data.json")), zipped.read("index.html").decode()


def rows(data: dict[str, Any], label: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = data["data"][label]["rows"]
    return found


def test_the_data_has_every_column_that_is_declared_for_it_and_no_other(ada: User) -> None:
    data, _ = files(people.of_account(ada.pk))
    declared = {
        model._meta.label: {
            name
            for name, column in inventory.declaration_of(model).columns()  # type: ignore[union-attr]
            if isinstance(column, inventory.Personal) and column.export
        }
        for model in inventory.stored_models()
    }
    assert {label: set(table["columns"]) for label, table in data["data"].items()} == {
        label: names for label, names in declared.items() if names
    }
    assert (data["format"], data["about"]) == (1, {"accounts": [ada.pk], "addresses": ["ada@example.com"]})


def test_every_kind_of_data_has_words_of_its_own() -> None:
    unnamed = [each.model._meta.label for each in presenters.all_presenters() if type(each) is presenters.Presenter]
    assert unnamed == []


def test_an_account_with_all_that_belongs_to_it(ada: User) -> None:
    sold = purchases.edition()
    order = purchases.paid((sold, 2), user=ada, at_once=True)
    addresses.save(Address(**HOME), user=ada)
    CartLine.objects.create(user=ada, edition=sold, quantity=3, price_seen=Decimal(119))
    Authenticator.objects.create(user=ada, type="totp", data={"secret": "not-for-anybody"})
    attempt = Attempt.objects.create(
        order=order, number=1, provider="card", state="captured", amount=238, currency="EUR", captured_at=clock.now()
    )
    Reference.objects.create(attempt=attempt, kind="payment_intent", value="pi_123")
    Refund.objects.create(attempt=attempt, kind="amount", amount=19, reason="Asked kindly.")
    orders.hold(order.pk, by=ada, reason="Odd country.")

    data, page = files(people.of_account(ada.pk))
    found = {label: len(table["rows"]) for label, table in data["data"].items() if table["rows"]}
    assert found == {
        "accounts.User": 1,
        "account.EmailAddress": 1,
        "accounts.Address": 1,
        "shop.OrderParty": 1,
        "accounts.License": 2,
        "accounts.LicenseKey": 2,
        "payments.Reference": 1,
        "payments.Refund": 1,
        "shop.OrderHold": 1,
        "mfa.Authenticator": 1,
        "shop.CartLine": 1,
    }
    [party] = rows(data, "shop.OrderParty")
    assert (party["email"], party["also"]["number"], party["also"]["total"]) == (
        "ada@example.com",
        order.number,
        "238.000",
    )
    [line] = party["also"]["lines"]
    assert (line["quantity"], line["delivered"], line["of_units"]) == (2, 2, 2)
    assert [
        rows(data, label)[0][name] for label, name in (("payments.Reference", "value"), ("shop.OrderHold", "reason"))
    ] == [
        "pi_123",
        "Odd country.",
    ]
    assert "not-for-anybody" not in json.dumps(data) + page
    for words in (order.number, "Ada &lt;Lovelace&gt;", "pi_123", "Asked kindly.", "238.00"):
        assert words in page
    assert "Ada <Lovelace>" not in page


def test_opened_keys_stand_in_clear_and_sealed_ones_stay_sealed(ada: User) -> None:
    sealed = purchases.keys_of(purchases.paid((purchases.edition(), 1), user=ada))[0]
    opened = purchases.keys_of(purchases.paid((purchases.edition(), 1), user=ada, at_once=True))[0]
    data, page = files(people.of_account(ada.pk))
    assert [row["also"]["key"] for row in rows(data, "accounts.LicenseKey")] == [
        "sealed: nobody has seen it, and it isn't shown here either",
        license_keys.text_of(opened),
    ]
    assert license_keys.text_of(opened) in page
    secrets = (license_keys.text_of(sealed), sealed.digest, opened.digest, bytes(sealed.ciphertext).hex())
    assert [secret for secret in secrets if secret in json.dumps(data) + page] == []
    sealed.refresh_from_db()
    assert sealed.opened_at is None


def test_what_staff_hand_over_has_the_end_of_an_opened_key_alone() -> None:
    order = purchases.paid((purchases.edition(), 1), email="guest@example.com", at_once=True)
    text = license_keys.text_of(purchases.keys_of(order)[0])
    data, page = files(people.of_address("guest@example.com"), for_staff=True)
    assert [row["also"]["key"] for row in rows(data, "accounts.LicenseKey")] == [f"… {text[-5:]}"]
    assert text not in json.dumps(data) + page


def test_an_address_of_which_nothing_is_known_gets_the_same_file_with_nothing_in_it(ada: User) -> None:
    known, _ = files(people.of_account(ada.pk))
    data, page = files(people.of_address("nobody@example.com"))
    assert data["about"] == {"accounts": [], "addresses": ["nobody@example.com"]}
    assert [table["rows"] for table in data["data"].values()] == [[]] * len(data["data"])
    assert (data.keys(), data["data"].keys(), data["information"]) == (
        known.keys(),
        known["data"].keys(),
        known["information"],
    )
    assert page.count("We keep no ") == len(data["data"])


def test_the_page_needs_nothing_but_itself(ada: User) -> None:
    _, page = files(people.of_account(ada.pk))
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert re.findall(r"<(?:script|link|img|iframe|object|form)\b|@import|url\(|\bon\w+=", page) == []
    assert (page.count("<!-- here -->"), page.count("<h1>"), page.count("</html>")) == (0, 1, 1)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.promise("P10")
def test_it_says_why_how_long_who_sees_it_and_whom_it_is_passed_to(ada: User) -> None:
    data, page = files(people.of_account(ada.pk))
    told = data["information"]
    assert [recipient["policy"] for recipient in told["passed_to"] if "PayPal" in recipient["name"]] == [
        "https://www.paypal.com/webapps/mpp/ua/privacy-full"
    ]
    assert {
        "purpose": "tax records",
        "words": "keeping order information for tax and accounting",
        "legal_basis": "legal duty, Art. 6(1)(c)",
    } in told["purposes"]
    assert data["data"]["shop.OrderParty"]["columns"]["name"]["kept"].startswith("3 years after ")
    articles = re.findall(r"Art\. (\d+(?:\(\d\))?)\)", " ".join(told["rights"]))
    assert articles == ["16", "17", "18", "20", "21", "7(3)", "77"]
    for words in (*told["rights"], "Stripe Payments Europe"):
        assert words in page


def test_500_orders_take_as_many_queries_as_one(ada: User) -> None:
    sold = purchases.edition()
    counts = []
    for more in (1, 499):
        for _ in range(more):
            purchases.paid((sold, 1), user=ada)
        with CaptureQueriesContext(connection) as captured:
            data, page = files(people.of_account(ada.pk))
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert [len(rows(data, label)) for label in ("shop.OrderParty", "accounts.License", "accounts.LicenseKey")] == [
        500,
        500,
        500,
    ]
    assert OrderParty.objects.count() == 500
    target = io.BytesIO()
    assert archive.write(target, people.of_account(ada.pk)) == 1502
    assert len(target.getvalue()) < 500_000
    assert page.count("<h3>Order AO-") == 500


def test_a_file_beyond_its_size_is_refused(ada: User) -> None:
    with pytest.raises(archive.TooLarge):
        archive.write(io.BytesIO(), people.of_account(ada.pk), most=1_000)


def test_an_export_says_that_there_were_exports_and_holds_none(ada: User) -> None:
    Export.objects.create(
        user=ada, link_hash="x", state="made", file=b"sealed", size=6, finished_at=clock.now() - timedelta(days=1)
    )
    data, _ = files(people.of_account(ada.pk))
    [row] = rows(data, "privacy.Export")
    assert row.keys() == {"user", "email", "requested_at", "reason"}


def test_keys_that_went_back_to_stock_are_nobodys(ada: User) -> None:
    order = purchases.paid((purchases.edition(pool=1), 1), user=ada)
    LicenseKey.objects.filter(unit__line__order=order).update(state="available", unit=None, license=None)
    data, _ = files(people.of_account(ada.pk))
    assert rows(data, "accounts.LicenseKey") == []
