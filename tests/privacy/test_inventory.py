"""The inventory against the models, and against the database's own catalog."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.checks import Error
from django.db import models
from django.test.utils import isolate_apps

from privacy import database_catalog, inventory
from privacy.checks import columns
from shop.models import OrderParty


@pytest.mark.django_db
@pytest.mark.promise("P1")
def test_the_databases_catalog_and_the_inventory_name_the_same_columns() -> None:
    assert {(column.table, column.name) for column in database_catalog.columns()} == database_catalog.declared()


@pytest.mark.promise("P3")
def test_no_column_could_hold_an_ip_address() -> None:
    suspects = [
        field
        for model in inventory.stored_models()
        for field in inventory.stored_fields(model)
        if isinstance(field, models.GenericIPAddressField) or field.name in {"ip", "ip_address", "user_agent"}
    ]
    assert suspects == []


@pytest.mark.promise("P11b")
def test_no_column_could_hold_card_data() -> None:
    """A number of 31 bits, such as a count of orders by one card, has no room for the sixteen digits of a card."""
    fields = [field for model in inventory.stored_models() for field in inventory.stored_fields(model)]
    small = (models.PositiveIntegerField, models.PositiveSmallIntegerField)
    names = {field.name for field in fields if not isinstance(field, small)}
    assert not {name for name in names if "card" in name or name in {"cvc", "cvv", "iban", "pan", "last4"}}


def _errors(model: type[models.Model], declaration: type[inventory.PersonalData] | None) -> list[str | None]:
    if declaration is not None:
        inventory.register(model)(declaration)
    try:
        return [message.id for message in columns.messages_of(model)]
    finally:
        inventory._registry.pop(model._meta.label_lower, None)


@pytest.fixture
def newsletter() -> Iterator[type[models.Model]]:
    with isolate_apps("shop"):

        class Newsletter(models.Model):  # noqa: DJ008
            address = models.EmailField(null=True)  # noqa: DJ001
            note = models.TextField()
            sent_at = models.DateField()

            class Meta:
                app_label = "shop"

        yield Newsletter


def personal(**changes: object) -> inventory.Personal:
    from privacy.purposes import ACCOUNT, CUSTOMER_ONLY

    parts: dict[str, object] = {
        "category": inventory.Category.EMAIL,
        "purpose": ACCOUNT,
        "source": inventory.Source.ACCOUNT,
        "readers": CUSTOMER_ONLY,
        "keep": inventory.UntilErased("the newsletter ends"),
        "erasure": inventory.Erasure.CLEAR,
        "export": True,
        "scrub": None,
    }
    return inventory.Personal(**(parts | changes))  # type: ignore[arg-type]


def test_a_new_column_turns_the_check_red_and_says_what_to_write(newsletter: type[models.Model]) -> None:
    messages = [message for message in columns.messages_of(newsletter) if "address" in message.msg]
    assert messages == [
        Error(
            "The column shop.Newsletter.address isn't declared in the inventory of personal data.",
            hint=(
                "In shop/personal_data.py, in a new class under `@inventory.register(Newsletter)`, write: "
                "`address = Personal(category=Category.EMAIL, purpose=ACCOUNT, source=Source.ACCOUNT, "
                'readers=CUSTOMER_AND_STAFF, keep=UntilErased("which event ends it"), erasure=Erasure.CLEAR, '
                'export=True, scrub=None)`, or `address = NotPersonal("why it names nobody")`. '
                "docs/privacy.md shows a whole example."
            ),
            obj=newsletter,
            id="privacy.E001",
        )
    ]


@pytest.mark.parametrize("model", inventory.stored_models(), ids=lambda model: model._meta.label)
def test_a_nullable_address_on_any_model_turns_the_check_red(model: type[models.Model]) -> None:
    """Of the shop and of packages alike: one error for the new column, and no other."""
    before = list(columns.messages_of(model))
    field = models.EmailField(null=True)
    field.set_attributes_from_name("second_address")
    field.model = model
    model._meta.local_fields.append(field)
    try:
        (added,) = [message for message in columns.messages_of(model) if message not in before]
    finally:
        model._meta.local_fields.remove(field)
    assert added.msg == (
        f"The column {model._meta.label}.second_address isn't declared in the inventory of personal data."
    )
    assert "`second_address = Personal(category=Category.EMAIL, " in str(added.hint)
    assert "write: `" in str(added.hint)


def test_the_worked_example_of_the_docs_is_what_the_check_says() -> None:
    field = models.CharField(max_length=30, blank=True)
    field.set_attributes_from_name("phone")
    field.model = OrderParty
    OrderParty._meta.local_fields.append(field)
    try:
        (error,) = columns.messages_of(OrderParty)
    finally:
        OrderParty._meta.local_fields.remove(field)
    documented = " ".join((Path(__file__).parents[2] / "docs/privacy.md").read_text(encoding="utf-8").split())
    assert f"shop.OrderParty: ({error.id}) {error.msg} HINT: {error.hint}" in documented


def test_a_period_needs_words_for_its_beginning(newsletter: type[models.Model]) -> None:
    class Data(inventory.PersonalData):
        subject = inventory.Subject(email="address")
        address = personal(keep=inventory.Days(3, since="sent_at"))
        rest = inventory.NotPersonal("keys", "id note sent_at")

    assert _errors(newsletter, Data) == ["privacy.E005"]
    inventory.name_moments({"shop.Newsletter.sent_at": "it was sent"})
    try:
        assert _errors(newsletter, Data) == []
    finally:
        inventory._moments.pop("shop.Newsletter.sent_at")


def test_a_period_that_counts_from_nothing_is_an_error(newsletter: type[models.Model]) -> None:
    class Data(inventory.PersonalData):
        subject = inventory.Subject(email="address")
        address = personal(keep=inventory.Days(3, since="order__gone_at"))
        rest = inventory.NotPersonal("keys", "id note sent_at")

    assert _errors(newsletter, Data) == ["privacy.E005"]


def test_a_declaration_without_a_column_and_free_text_without_scrub_are_errors(newsletter: type[models.Model]) -> None:
    class Data(inventory.PersonalData):
        subject = inventory.Subject(email="address")
        address = personal()
        note = personal(category=inventory.Category.FREE_TEXT)
        keys = inventory.NotPersonal("keys", "id sent_at gone")

    assert _errors(newsletter, Data) == ["privacy.E002", "privacy.E004"]


def test_short_free_text_needs_a_scrub_and_a_file_does_not() -> None:
    with isolate_apps("shop"):

        class Note(models.Model):  # noqa: DJ008
            email = models.EmailField()
            line = models.CharField(max_length=200)
            file = models.BinaryField()

            class Meta:
                app_label = "shop"

        class Data(inventory.PersonalData):
            subject = inventory.Subject(email="email")
            email = personal()
            line = personal(category=inventory.Category.FREE_TEXT)
            file = personal(category=inventory.Category.FREE_TEXT)
            keys = inventory.NotPersonal("keys", "id")

        assert _errors(Note, Data) == ["privacy.E004"]


def test_a_personal_column_needs_a_way_to_its_person(newsletter: type[models.Model]) -> None:
    class Data(inventory.PersonalData):
        address = personal()
        rest = inventory.NotPersonal("keys", "id note sent_at")

    assert _errors(newsletter, Data) == ["privacy.E003"]


def test_no_part_of_a_declaration_has_a_default() -> None:
    with pytest.raises(TypeError, match="missing 8 required keyword-only arguments"):
        inventory.Personal()  # type: ignore[call-arg]


def test_a_model_is_declared_once(newsletter: type[models.Model]) -> None:
    class Data(inventory.PersonalData):
        rest = inventory.NotPersonal("keys", "id note address sent_at")

    inventory.register(newsletter)(Data)
    with pytest.raises(ValueError, match="declared twice"):
        inventory.register(newsletter)(Data)
    inventory._registry.pop(newsletter._meta.label_lower)


def test_scrubbing_takes_a_persons_values_out_of_text_and_json() -> None:
    own = frozenset({"Ada", "ada@example.com"})
    assert inventory.scrub_text("Mail ADA@example.com, Ada says", own) == "Mail —, — says"
    assert inventory.scrub_json({"a": ["Ada", 1, {"b": "x ada@example.com"}]}, own) == {"a": ["—", 1, {"b": "x —"}]}
