"""The shop's own registrations at the desk and in the database."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from privacy import clock
from shop import tax_schemes
from shop.models import TaxScheme
from shop.tax import Seller
from tests import desk

pytestmark = pytest.mark.django_db


def scheme(start: str, end: str | None = None, **fields: object) -> TaxScheme:
    values: dict[str, object] = {"country": "DE", "scheme": "oss", "registration": "DE1"}
    return TaxScheme.objects.create(valid_from=start, valid_until=end, **values | fields)


def form(**changes: str) -> dict[str, str]:
    typed = {"country": "DE", "scheme": "oss", "registration": "DE136695976", "prices": "gross"}
    return typed | {"valid_from": "2030-01-01", "valid_until": "", "uk_registration": ""} | changes


def test_without_a_row_the_settings_count() -> None:
    assert tax_schemes.seller(clock.today()) == Seller("DE", "oss")


def test_the_row_of_the_day_counts() -> None:
    scheme("2025-01-01", "2026-01-01", scheme="local")
    scheme("2026-01-01", country="AT", prices="net", charges_uk=True, uk_registration="GB1")
    assert tax_schemes.seller(date(2025, 12, 31)) == Seller("DE", "local")
    assert tax_schemes.seller(date(2026, 1, 1)) == Seller("AT", "oss", charges_uk=True, enters_gross=False)
    with pytest.raises(tax_schemes.NoScheme, match="2024-12-31"):
        tax_schemes.seller(date(2024, 12, 31))


@pytest.mark.parametrize(
    ("start", "end"),
    [("2025-06-01", None), ("2024-01-01", "2025-01-02"), ("2025-12-31", "2026-06-01"), ("2024-01-01", None)],
)
def test_two_rows_never_share_a_day(start: str, end: str | None) -> None:
    scheme("2025-01-01", "2026-01-01")
    with pytest.raises(IntegrityError, match="taxscheme_days_do_not_overlap"), transaction.atomic():
        scheme(start, end)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"end": "2025-01-01"}, "taxscheme_has_days"),
        ({"scheme": "cheap"}, "taxscheme_known"),
        ({"prices": "both"}, "taxscheme_prices_known"),
        ({"country": "de"}, "taxscheme_country_is_a_code"),
        ({"charges_uk": True}, "taxscheme_uk_needs_a_number"),
    ],
)
def test_the_database_refuses_nonsense(changes: dict[str, object], name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        scheme("2025-01-01", **changes)


def test_a_manager_writes_one_at_the_desk() -> None:
    manager = desk.enter(desk.person("Shop Manager"))
    add = reverse("admin:shop_taxscheme_add")
    assert manager.post(add, form()).status_code == 302
    assert TaxScheme.objects.get().scheme == "oss"
    again = manager.post(add, form(valid_from="2031-01-01"))
    assert "These days belong to another tax scheme. End that one first." in again.content.decode()
    assert TaxScheme.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"registration": ""}, "Write the number under which the shop takes part in the One-Stop-Shop."),
        ({"country": "EU"}, "Write the code of a country, such as DE."),
        ({"country": "US", "scheme": "local"}, "This scheme is for shops in a member state of the EU."),
        ({"charges_uk": "on"}, "untick it."),
        ({"valid_until": "2029-01-01"}, "The end must be after the beginning."),
    ],
)
def test_what_doesnt_fit_is_said_in_words(changes: dict[str, str], sentence: str) -> None:
    manager = desk.enter(desk.person("Shop Manager"))
    response = manager.post(reverse("admin:shop_taxscheme_add"), form(**changes))
    assert (response.status_code, TaxScheme.objects.count()) == (200, 0)
    assert sentence in response.content.decode()


def test_one_that_has_begun_is_ended_and_neither_changed_nor_deleted() -> None:
    manager = desk.enter(desk.person("Shop Manager"))
    begun = scheme("2025-01-01")
    page = reverse("admin:shop_taxscheme_change", args=[begun.pk])
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert manager.post(page, {"valid_until": tomorrow, "scheme": "none"}).status_code == 302
    begun.refresh_from_db()
    assert (begun.scheme, str(begun.valid_until)) == ("oss", tomorrow)
    assert "End it today at the earliest" in manager.post(page, {"valid_until": "2025-02-01"}).content.decode()
    assert manager.post(reverse("admin:shop_taxscheme_delete", args=[begun.pk]), {"post": "yes"}).status_code == 403
