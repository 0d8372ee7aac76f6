"""People on the desk: who sees whom, who makes staff, and that nobody raises themselves."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.models import User
from privacy import clock
from tests import desk
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LIST, ADD = "/admin/accounts/user/", "/admin/accounts/user/add/"


def page(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def role(name: str) -> int:
    return Group.objects.get(name=name).pk


def errors(client: Client, address: str, **said: object) -> list[str]:
    """What the form objects to."""
    form = client.post(address, said).context["adminform"].form
    return [str(error) for found in form.errors.values() for error in found]


def names_in_list(client: Client) -> set[str]:
    return {user.name for user in client.get(LIST).context["cl"].queryset}


@pytest.mark.promise("P9b")
def test_managers_see_customers_and_administrators_everybody() -> None:
    customer, colleague = desk.person(), desk.person("Support")
    superuser = User.objects.create_superuser("root@nordhafen.example", name="Root")
    assert names_in_list(desk.at_desk("Shop Manager")) == {customer.name}
    administrator = desk.person("Administrator")
    manager = User.objects.get(groups__name="Shop Manager")
    everybody = {person.name for person in (customer, colleague, superuser, administrator, manager)}
    assert names_in_list(desk.enter(administrator)) == everybody


@pytest.mark.promise("P9b")
def test_a_manager_sees_a_customers_page_and_changes_nothing() -> None:
    customer, client = desk.person(), desk.at_desk("Shop Manager")
    text = client.get(page(customer)).content.decode()
    assert (customer.email in text, 'name="name"' in text, 'name="groups"' in text) == (True, False, False)
    assert client.post(page(customer), {"name": "Other", "is_staff": "on", "is_active": "on"}).status_code == 403
    assert User.objects.get(pk=customer.pk).is_staff is False


@pytest.mark.promise("P9b")
@pytest.mark.parametrize("who", ["themselves", "an Administrator", "a superuser"])
def test_a_manager_reaches_no_staff_account(who: str) -> None:
    manager = desk.person("Shop Manager")
    others = {
        "themselves": manager,
        "an Administrator": desk.person("Administrator"),
        "a superuser": User.objects.create_superuser("root@nordhafen.example"),
    }
    client, account = desk.enter(manager), others[who]
    before = User.objects.values().get(pk=account.pk)
    said = {"name": "x", "is_staff": "on", "is_active": "on", "is_superuser": "on", "groups": [role("Administrator")]}
    assert client.get(page(account)).status_code == 302  # not found, says Django's admin, and leads to the start page
    assert client.post(page(account), said).status_code == 403
    assert User.objects.values().get(pk=account.pk) == before
    assert list(manager.groups.values_list("name", flat=True)) == ["Shop Manager"]


def test_a_new_staff_member_has_a_confirmed_address_a_role_and_no_password() -> None:
    client = desk.at_desk("Administrator")
    said = {"email": " Lena@Nordhafen.example ", "name": "Lena", "groups": [role("Support")]}
    assert client.post(ADD, said).status_code == 302
    lena = User.objects.get(email="lena@nordhafen.example")
    assert (lena.is_staff, lena.is_superuser, lena.has_usable_password()) == (True, False, False)
    assert list(lena.groups.values_list("name", flat=True)) == ["Support"]
    assert list(EmailAddress.objects.filter(user=lena).values_list("email", "verified", "primary")) == [
        ("lena@nordhafen.example", True, True)
    ]
    assert desk.enter(lena).get("/admin/").status_code == 200


def test_the_log_names_accounts_by_number() -> None:
    client = desk.at_desk("Administrator")
    client.post(ADD, {"email": "lena@nordhafen.example", "name": "Lena", "groups": [role("Support")]})
    lena = User.objects.get(email="lena@nordhafen.example")
    client.post(page(lena), {"name": "Lena B", "is_staff": "on", "is_active": "on", "groups": [role("Support")]})
    entries = LogEntry.objects.order_by("pk").values_list("object_repr", "action_flag")
    assert list(entries) == [(f"Account {lena.pk}", 1), (f"Account {lena.pk}", 2)]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"email": "lena@nordhafen.example"}, "Choose at least one role."),
        ({"email": "", "groups": "Support"}, "This field is required."),
        ({"email": "lena", "groups": "Support"}, "Enter a valid email address."),
        (
            {"email": "KIM@nordhafen.example", "groups": "Support"},
            "There is an account with this address. Open it, and make it staff there.",
        ),
    ],
)
def test_a_new_staff_member_that_cant_be(said: dict[str, str], sentence: str) -> None:
    User.objects.create_user("kim@nordhafen.example")
    if "groups" in said:
        said = said | {"groups": str(role(said["groups"]))}
    assert errors(desk.at_desk("Administrator"), ADD, name="Lena", **said) == [sentence]


def test_a_customer_becomes_staff_and_the_address_counts_as_confirmed() -> None:
    customer = User.objects.create_user("kim@nordhafen.example")
    EmailAddress.objects.create(user=customer, email=customer.email, verified=False, primary=True)
    said = {"name": "Kim", "is_staff": "on", "is_active": "on", "groups": [role("Shop Manager")]}
    assert desk.at_desk("Administrator").post(page(customer), said).status_code == 302
    customer.refresh_from_db()
    assert (customer.is_staff, customer.is_superuser) == (True, False)
    assert EmailAddress.objects.get(user=customer).verified is True


@pytest.mark.promise("P9b")
def test_who_registered_with_the_address_of_a_new_colleague_does_not_become_staff() -> None:
    stranger = User.objects.create_user("kim@nordhafen.example", PASSWORD)
    EmailAddress.objects.create(user=stranger, email=stranger.email, verified=False, primary=True)
    browser = desk.enter(stranger)
    assert browser.get("/account/").status_code == 200
    said = {"name": "Kim", "is_staff": "on", "is_active": "on", "groups": [role("Shop Manager")]}
    assert desk.at_desk("Administrator").post(page(stranger), said).status_code == 302
    kim = User.objects.get(pk=stranger.pk)
    assert (kim.is_staff, kim.has_usable_password(), kim.devices.count()) == (True, False, 0)
    assert Authenticator.objects.filter(user=kim).count() == 0
    assert [browser.get(path).status_code for path in ("/account/", "/admin/")] == [302, 302]


def test_a_confirmed_customer_who_becomes_staff_keeps_password_and_second_factor() -> None:
    customer = desk.person()
    customer.set_password(PASSWORD)
    customer.save()
    browser = desk.enter(customer)
    said = {"name": "Kim", "is_staff": "on", "is_active": "on", "groups": [role("Shop Manager")]}
    assert desk.at_desk("Administrator").post(page(customer), said).status_code == 302
    assert User.objects.get(pk=customer.pk).check_password(PASSWORD)
    assert browser.get("/admin/").status_code == 200


def test_roles_are_for_staff() -> None:
    said = {"name": "Kim", "is_active": "on", "groups": [role("Shop Manager")]}
    assert errors(desk.at_desk("Administrator"), page(desk.person()), **said) == [
        "Only a staff member has a role. Tick “staff member” as well, or choose no role."
    ]


def test_nobody_locks_themselves_out() -> None:
    administrator = desk.person("Administrator")
    assert errors(desk.enter(administrator), page(administrator), name="Kim", is_active="on") == [
        "You can't take your own access away. Ask another Administrator."
    ]


def test_a_closed_account_stays_closed() -> None:
    closed = desk.person(is_active=False, closed_at=clock.now())
    assert errors(desk.at_desk("Administrator"), page(closed), name="Kim", is_active="on") == [
        "This account was closed by its owner and can't be opened again."
    ]


@pytest.mark.promise("P9b")
def test_no_form_makes_an_account_that_may_do_everything() -> None:
    administrator, customer = desk.person("Administrator"), desk.person()
    client = desk.enter(administrator)
    everything = {"name": "x", "is_staff": "on", "is_active": "on", "is_superuser": "on", "user_permissions": ["1"]}
    for account in (administrator, customer):
        client.post(page(account), everything | {"groups": [role("Administrator")]})
    client.post(ADD, everything | {"email": "lena@nordhafen.example", "groups": [role("Support")]})
    assert User.objects.count() == 3
    assert User.objects.filter(is_superuser=True).count() == 0
    assert User.objects.filter(user_permissions__isnull=False).count() == 0


@pytest.mark.promise("P9b")
def test_an_account_that_may_do_everything_is_changed_by_another_such_only() -> None:
    root = User.objects.create_superuser("root@nordhafen.example", name="Root")
    said = {"name": "Fallen", "is_active": "on"}
    assert desk.at_desk("Administrator").post(page(root), said).status_code == 403
    assert User.objects.get(pk=root.pk).name == "Root"
    other = desk.enter(User.objects.create_superuser("other@nordhafen.example"))
    assert other.post(page(root), said | {"is_staff": "on"}).status_code == 302
    assert User.objects.get(pk=root.pk).name == "Fallen"


def test_an_address_is_found_whole_and_never_by_a_part() -> None:
    client, kim = desk.at_desk("Shop Manager"), desk.person()
    addresses = [desk.search(client, LIST, text) for text in (kim.email.upper(), "nordhafen")]
    found = [list(client.get(address).context["cl"].queryset) for address in addresses]
    assert found == [[kim], []]
