"""Looks (P9c): each page of the desk that shows a person puts one on record, and the person can read it."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts import roles
from accounts.models import License, User
from privacy import clock, inventory, looks, people, retention
from privacy.admin import Desk
from privacy.exports import contents
from privacy.inventory import Personal, Reader
from privacy.models import Look
from shop.models import Order, OrderParty
from tests import desk
from tests.accounts import purchases
from tests.attacks import addresses
from tests.attacks.test_ownership import ROWS, _row_of

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P9c")]


def page_of(row: object, view: str = "change") -> str:
    meta = row._meta  # type: ignore[attr-defined]
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{view}", args=[row.pk])  # type: ignore[attr-defined]


def bought() -> Order:
    buyer = desk.person()
    return Order.objects.get(pk=purchases.paid((purchases.edition(), 1), user=buyer, email=buyer.email).pk)


@pytest.mark.parametrize("role", [roles.ADMINISTRATOR, roles.SHOP_MANAGER])
def test_opening_an_order_a_customer_and_a_license_is_on_record(role: str) -> None:
    order = bought()
    customer, granted = User.objects.get(is_staff=False), License.objects.get()
    client = desk.at_desk(role)
    for row in (order, customer, granted):
        assert client.get(page_of(row)).status_code == 200
    staff = User.objects.get(is_staff=True)
    assert list(Look.objects.order_by("pk").values_list("by", "role", "kind", "model", "object_id", "purpose")) == [
        (staff.pk, role, "order", "shop.OrderParty", str(order.party.pk), looks.DAILY_WORK),
        (staff.pk, role, "customer", "accounts.User", str(customer.pk), looks.DAILY_WORK),
        (staff.pk, role, "license", "accounts.License", str(granted.pk), looks.DAILY_WORK),
    ]


def test_who_may_not_see_a_row_leaves_no_look_and_lists_leave_none() -> None:
    order = bought()
    support = desk.at_desk(roles.SUPPORT)
    assert support.get(page_of(order)).status_code == 403
    assert desk.at_desk(roles.SHOP_MANAGER).get(reverse("admin:shop_order_changelist")).status_code == 200
    assert Look.objects.count() == 0


def test_an_order_whose_person_has_gone_shows_nobody() -> None:
    order = bought()
    OrderParty.objects.all().delete()
    assert desk.at_desk(roles.SHOP_MANAGER).get(page_of(order)).status_code == 200
    assert Look.objects.count() == 0


def test_nothing_is_shown_where_the_look_cannot_be_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_said: object) -> None:
        raise DatabaseError

    order = bought()
    client = desk.at_desk(roles.SHOP_MANAGER)
    monkeypatch.setattr(looks, "record", broken)
    client.raise_request_exception = False
    answer = client.get(page_of(order))
    assert answer.status_code == 500
    assert order.party.email.encode() not in answer.content


# --- What can't be forgotten ------------------------------------------------------------------------------------------


def test_every_list_of_the_desk_is_made_of_what_records_looks() -> None:
    assert [model for model, shown in admin.site._registry.items() if not isinstance(shown, Desk)] == []


def test_every_page_of_a_row_with_a_column_about_a_person_records_a_look() -> None:
    """Made from what is registered and what the inventory says: a new page that doesn't record one fails."""
    desk.fill(1)
    client = desk.at_desk(roles.ADMINISTRATOR)
    silent = []
    for model in admin.site._registry:
        row = model._default_manager.order_by("pk").first()
        before = Look.objects.count()
        assert client.get(page_of(row)).status_code == 200
        if looks.is_personal(model) and Look.objects.count() == before:
            silent.append(model._meta.label)
    assert silent == []


def test_no_page_of_the_desk_shows_a_person_without_a_look() -> None:
    """Every address of the desk, whatever it is: one that shows a customer's address, name or company has a look."""
    desk.fill(1)
    for customer in User.objects.filter(is_staff=False):
        User.objects.filter(pk=customer.pk).update(name=f"Name-{customer.pk}-Q", company=f"Company-{customer.pk}-Q")
    client = desk.at_desk(roles.ADMINISTRATOR)
    shown_without = []
    for address in addresses.everywhere():
        if not address.name.startswith("admin:") or not address.arguments <= ROWS or "logout" in address.name:
            continue
        before = Look.objects.count()
        answer = client.get(address.path(**dict.fromkeys(ROWS, _row_of(address.name) if address.arguments else 0)))
        values = _values_of_customers()
        if Look.objects.count() == before and any(value in answer.content.decode() for value in values):
            shown_without.append(address.name)
    assert shown_without == []


def _values_of_customers() -> list[str]:
    """E-mail addresses, names and companies of everybody who isn't staff."""
    of_accounts = User.objects.filter(is_staff=False).values_list("email", "name", "company")
    of_orders = OrderParty.objects.values_list("email", "name", "company", "street")
    return [value for row in [*of_accounts, *of_orders] for value in row if value]


def test_every_model_of_which_a_customer_sees_columns_is_told_to_its_customer() -> None:
    """A page at the desk whose rows are in the customer's copy stands in “Who looked at your data” as well."""
    missing = [
        model._meta.label
        for model, shown in admin.site._registry.items()
        if model not in {*looks.kinds(), Look} and _customer_reads(model) and shown is not None
    ]
    assert missing == []


def _customer_reads(model: type) -> bool:
    declaration = inventory.declaration_of(model)
    columns = declaration.columns() if declaration else ()
    return any(isinstance(column, Personal) and Reader.CUSTOMER in column.readers for _, column in columns)


# --- Why --------------------------------------------------------------------------------------------------------------


def test_a_reason_counts_for_half_an_hour() -> None:
    order = bought()
    client = desk.at_desk(roles.SHOP_MANAGER)
    session = client.session
    looks.keep_reason(session, "Deletion request D-2026-000001")
    session.save()
    client.get(page_of(order))
    with clock.at(clock.now() + timedelta(minutes=31)):
        client.get(page_of(order))
    assert list(Look.objects.order_by("pk").values_list("purpose", flat=True)) == [
        "Deletion request D-2026-000001",
        looks.DAILY_WORK,
    ]


def test_a_person_without_a_role_is_called_an_administrator() -> None:
    order = bought()
    staff = desk.person(is_superuser=True)
    User.objects.filter(pk=staff.pk).update(is_staff=True)
    desk.enter(User.objects.get(pk=staff.pk)).get(page_of(order))
    assert Look.objects.get().role == looks.NO_ROLE


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("purpose", "", "look_has_purpose"),
        ("object_id", "", "look_names_row_or_searches"),
        ("kind", "peek", "look_kind_known"),
    ],
)
def test_postgresql_takes_no_look_that_says_too_little(column: str, value: str, constraint: str) -> None:
    looks.record(by=desk.person("Support"), kind=Look.Kind.ORDER, model=Order, object_id=1, purpose="A case.")
    with (
        pytest.raises(IntegrityError, match=constraint),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE privacy_look SET {column} = %s", [value])


def test_a_look_goes_after_a_year() -> None:
    looks.record(by=desk.person("Support"), kind=Look.Kind.ORDER, model=Order, object_id=1, purpose="A case.")
    made = Look.objects.get().at
    for days, left in ((364, 1), (366, 0)):
        moment = made + timedelta(days=days)
        with clock.at(moment):
            for _ in retention.run(as_of=moment):
                continue
        assert Look.objects.count() == left


# --- What its person sees ---------------------------------------------------------------------------------------------


def test_the_customer_sees_role_kind_purpose_and_day_but_no_name() -> None:
    order = bought()
    other = bought()
    staff = desk.person(roles.SHOP_MANAGER)
    User.objects.filter(pk=staff.pk).update(name="Robin Deskworth")
    client = desk.enter(User.objects.get(pk=staff.pk))
    for row in (order, order.party.user, other):
        client.get(page_of(row))
    page = desk.enter(order.party.user).get(reverse("account_looks"))
    assert list(page.context["looks"].values_list("kind", flat=True)) == ["customer", "order"]
    text = page.content.decode()
    for word in ("Shop Manager", "An order", "The account", looks.DAILY_WORK):
        assert word in text
    assert "Robin" not in text
    assert staff.email not in text


def test_a_look_at_to_whom_a_mail_went_is_told_to_its_reader_alone() -> None:
    order, other = bought(), bought()
    mail = desk.mail_to(order)
    desk.at_desk(roles.SHOP_MANAGER).get(page_of(mail))
    page = desk.enter(order.party.user).get(reverse("account_looks"))
    assert list(page.context["looks"].values_list("kind", "model")) == [("mail", "privacy.MailRecipient")]
    assert "A mail" in page.content.decode()
    assert "A mail" not in desk.enter(other.party.user).get(reverse("account_looks")).content.decode()


def test_the_copy_of_the_data_says_it_too() -> None:
    order = bought()
    desk.at_desk(roles.SHOP_MANAGER).get(page_of(order))
    person = people.of_account(order.party.user_id)
    found = {section.label: list(section.rows) for section in contents.sections(person, for_staff=False)}
    (row,) = found["privacy.Look"]
    assert set(row.columns) == {"role", "kind", "purpose", "at"}
    assert (row.columns["role"], row.columns["kind"]) == ("Shop Manager", "order")


def test_an_export_asked_for_at_the_desk_is_a_look_with_its_reason() -> None:
    order = bought()
    client: Client = desk.at_desk(roles.ADMINISTRATOR)
    for address in (order.party.user.email, "nobody@nordhafen.example"):
        said = {"email": address.upper(), "reason": "Asked by letter."}
        assert client.post(reverse("admin:privacy_export_add"), said).status_code == 302
    kinds = Look.objects.filter(kind="export").order_by("pk").values_list("model", "purpose")
    assert list(kinds) == [("accounts.User", "Asked by letter."), ("privacy.Export", "Asked by letter.")]
    page = desk.enter(order.party.user).get(reverse("account_looks"))
    assert "A copy of the data" in page.content.decode()


def test_an_export_of_a_guest_is_a_look_at_each_of_their_orders() -> None:
    for _ in range(2):
        purchases.paid((purchases.edition(), 1), email="guest@nordhafen.example")
    purchases.paid((purchases.edition(), 1), email="other@nordhafen.example")
    client = desk.at_desk(roles.ADMINISTRATOR)
    client.post(reverse("admin:privacy_export_add"), {"email": "guest@nordhafen.example", "reason": "By letter."})
    parties = OrderParty.objects.filter(email="guest@nordhafen.example").values_list("pk", flat=True)
    seen = Look.objects.filter(kind="export", model="shop.OrderParty").values_list("object_id", flat=True)
    assert sorted(seen) == sorted(map(str, parties))


def test_coming_from_a_customer_to_the_form_of_an_export_shows_their_address_and_is_a_look() -> None:
    customer = desk.person()
    page = desk.at_desk(roles.ADMINISTRATOR).get(reverse("admin:privacy_export_add"), {"account": customer.pk})
    assert customer.email in page.content.decode()
    assert Look.objects.get().object_id == str(customer.pk)


def test_the_figure_counts_looks_and_searches() -> None:
    order = bought()
    client = desk.at_desk(roles.SHOP_MANAGER)
    client.get(page_of(order))
    client.get(page_of(order))
    looks.record(by=User.objects.get(is_staff=True), kind=Look.Kind.SEARCH, model=Order, purpose="A question by phone")
    figure = looks.on_record()
    assert (figure.figure, figure.words.count("1 search")) == ("2", 1)
