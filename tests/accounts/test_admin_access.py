"""Each role at each address of the desk, made from what is registered: a new list without a row here fails."""

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from tests import desk

SEES, NO = 200, 403
#: List, page of one row, adding, deleting: for Administrators, and for Shop Managers where that differs.
ADMINISTRATOR = {
    "accounts.cannedanswer": (SEES, SEES, SEES, SEES),
    "accounts.case": (SEES, SEES, NO, NO),
    "accounts.keypool": (SEES, SEES, NO, NO),
    "accounts.license": (SEES, SEES, NO, NO),
    "accounts.licensekey": (SEES, SEES, NO, NO),
    "accounts.logo": (SEES, SEES, NO, NO),
    "accounts.user": (SEES, SEES, SEES, NO),
    "auth.group": (SEES, SEES, NO, NO),
    "payments.attempt": (SEES, SEES, NO, NO),
    "payments.dispute": (SEES, SEES, NO, NO),
    "payments.fraudassessment": (SEES, SEES, NO, NO),
    "payments.fraudrules": (SEES, SEES, SEES, SEES),
    "payments.refund": (SEES, SEES, NO, NO),
    "payments.statement": (SEES, SEES, NO, NO),
    "payments.webhookevent": (SEES, SEES, NO, NO),
    "privacy.alert": (SEES, SEES, NO, NO),
    "privacy.deletionrequest": (SEES, SEES, SEES, NO),
    "privacy.export": (SEES, SEES, SEES, NO),
    "privacy.legalhold": (SEES, SEES, SEES, NO),
    "privacy.look": (SEES, SEES, NO, NO),
    "privacy.mailwording": (SEES, SEES, NO, NO),
    "privacy.outgoingmail": (SEES, SEES, NO, NO),
    "privacy.policyversion": (SEES, SEES, NO, NO),
    "shop.accountingdocument": (SEES, SEES, NO, NO),
    "shop.category": (SEES, SEES, SEES, SEES),
    "shop.coupon": (SEES, SEES, SEES, NO),
    "shop.edition": (SEES, SEES, SEES, NO),
    "shop.order": (SEES, SEES, NO, NO),
    "shop.page": (SEES, SEES, SEES, NO),
    "shop.post": (SEES, SEES, NO, NO),
    "shop.product": (SEES, SEES, SEES, NO),
    "shop.taxscheme": (SEES, SEES, SEES, SEES),
}
SHOP_MANAGER = ADMINISTRATOR | {
    "accounts.user": (SEES, SEES, NO, NO),
    "auth.group": (NO, NO, NO, NO),
    "privacy.export": (NO, NO, NO, NO),
    "privacy.legalhold": (NO, NO, NO, NO),
    "privacy.look": (NO, NO, NO, NO),
}
SUPPORT = dict.fromkeys(ADMINISTRATOR, (NO, NO, NO, NO)) | {
    "accounts.cannedanswer": (SEES, SEES, NO, NO),
    "accounts.case": (SEES, SEES, NO, NO),
    "privacy.deletionrequest": (SEES, SEES, SEES, NO),
}
TABLE = {"Administrator": ADMINISTRATOR, "Shop Manager": SHOP_MANAGER, "Support": SUPPORT}
#: Queries of each list for an Administrator, with 5 for session, user, second factor and permissions.
LISTS = {
    "accounts.cannedanswer": 7,
    "accounts.case": 11,
    "accounts.keypool": 7,
    "accounts.license": 7,
    "accounts.licensekey": 7,
    "accounts.logo": 7,
    "accounts.user": 8,
    "auth.group": 7,
    "payments.attempt": 8,
    "payments.dispute": 8,
    "payments.fraudassessment": 7,
    "payments.fraudrules": 7,
    "payments.refund": 7,
    "payments.statement": 7,
    "payments.webhookevent": 8,
    "privacy.alert": 8,
    "privacy.deletionrequest": 13,
    "privacy.export": 7,
    "privacy.legalhold": 7,
    "privacy.look": 8,
    "privacy.mailwording": 6,
    "privacy.outgoingmail": 8,
    "privacy.policyversion": 7,
    "shop.accountingdocument": 8,
    "shop.category": 7,
    "shop.coupon": 8,
    "shop.edition": 9,
    "shop.order": 8,
    "shop.page": 7,
    "shop.post": 8,
    "shop.product": 8,
    "shop.taxscheme": 7,
}


def address(model: type[Model], view: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", args=args)


def row_of(model: type[Model]) -> Model:
    """A row that Shop Managers may see too."""
    rows = model._default_manager.order_by("pk")
    return rows.filter(is_staff=False)[0] if model._meta.model_name == "user" else rows[0]


@pytest.mark.promise("P9a", "P9b")
@pytest.mark.django_db
@pytest.mark.parametrize("role", TABLE)
def test_each_role_at_each_address(role: str) -> None:
    desk.fill(1)
    client = desk.at_desk(role)
    found = {}
    for model in admin.site._registry:
        pk = row_of(model).pk
        addresses = [
            address(model, "changelist"),
            address(model, "change", pk),
            address(model, "add"),
            address(model, "delete", pk),
        ]
        found[model._meta.label_lower] = tuple(client.get(one).status_code for one in addresses)
    assert found == TABLE[role]


@pytest.mark.promise("P9a", "P9b")
@pytest.mark.django_db
@pytest.mark.parametrize("browser", ["stranger", "customer"])
def test_nobody_else_gets_anywhere(browser: str) -> None:
    desk.fill(1)
    client = Client() if browser == "stranger" else desk.enter(desk.person())
    for model in admin.site._registry:
        for one in (address(model, "changelist"), address(model, "change", row_of(model).pk), address(model, "add")):
            response = client.get(one)
            assert (response.status_code, response["Location"].split("?")[0]) == (302, "/admin/login/")


def queries(client: Client, path: str) -> int:
    client.get(path)  # content types are remembered from the first time on
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == SEES
    return len(captured)


@pytest.mark.django_db
def test_lists_run_the_same_queries_for_1_and_for_30_rows() -> None:
    client = desk.at_desk("Administrator")
    for times in (1, 29):
        desk.fill(times)
        assert {
            model._meta.label_lower: queries(client, address(model, "changelist")) for model in admin.site._registry
        } == LISTS


@pytest.mark.django_db
@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label_lower)
def test_no_page_shows_a_secret(model: type[Model]) -> None:
    """Neither a key, nor what is stored of one, nor a password's hash; in a list no whole address, name or company."""
    desk.fill(1)
    for customer in User.objects.filter(is_staff=False):
        User.objects.filter(pk=customer.pk).update(name=f"Name-{customer.pk}-Q", company=f"Company-{customer.pk}-Q")
    client = desk.at_desk("Administrator")
    pages = [client.get(address(model, "changelist")), client.get(address(model, "change", row_of(model).pk))]
    secrets = desk.secrets()
    assert secrets
    for page in pages:
        text = page.content.decode()
        assert [secret for secret in secrets if secret in text] == []
    shown = pages[0].content.decode()
    own = pages[0].context["user"].email
    assert [email for email in desk.addresses() if email != own and email in shown] == []
    assert [name for name in desk.names_of_customers() if name in shown] == []
