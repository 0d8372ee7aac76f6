"""The people of the demo shop."""

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from accounts.models import Logo, User
from shop import stock
from shop.models import Edition
from tests.accounts import purchases

pytestmark = pytest.mark.django_db


def made() -> list[tuple[str, bool, list[str], bool]]:
    return [
        (
            user.email,
            user.is_staff,
            list(user.groups.values_list("name", flat=True)),
            EmailAddress.objects.get(user=user).verified and EmailAddress.objects.get(user=user).primary,
        )
        for user in User.objects.order_by("email")
    ]


def test_four_people_are_made_once_and_get_the_password_of_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    for password in ("first of the demo", "second of the demo"):
        monkeypatch.setenv("DEMO_PASSWORD", password)
        call_command("demo_people")
        assert all(user.check_password(password) for user in User.objects.all())
    assert made() == [
        ("admin@example.com", True, ["Administrator"], True),
        ("customer@example.com", False, [], True),
        ("manager@example.com", True, ["Shop Manager"], True),
        ("support@example.com", True, ["Support"], True),
    ]


@pytest.mark.parametrize("password", ["", "too short"])
def test_nobody_is_made_without_a_password(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setenv("DEMO_PASSWORD", password)
    with pytest.raises(CommandError) as refusal:
        call_command("demo_people")
    assert str(refusal.value) == "Set DEMO_PASSWORD to a password of 10 characters or more."
    assert User.objects.count() == 0


def test_empty_pools_are_filled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_PASSWORD", "first of the demo")
    pool, generated = purchases.edition(pool=0), purchases.edition()
    for _ in range(2):
        call_command("demo_people", keys=7)
    assert stock.left([pool.pk, generated.pk]) == {pool.pk: 7}


def test_the_whole_demo_shop_has_keys_in_every_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a company with a logo holds a license of the product."""
    monkeypatch.setenv("DEMO_PASSWORD", "first of the demo")
    call_command("demo_catalog")
    call_command("demo_people", keys=7)
    pools = Edition.objects.filter(key_source="pool").values_list("pk", flat=True)
    assert set(stock.left(list(pools)).values()) == {7}
    assert Logo.objects.count() == 3
