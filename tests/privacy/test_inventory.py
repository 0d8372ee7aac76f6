"""The inventory against the models, and against the database's own catalog."""

from collections.abc import Iterator

import pytest
from django.core.checks import Error
from django.db import connection, models
from django.test.utils import isolate_apps

from privacy import checks, inventory

#: Tables without a model: Django's own list of migrations. It names files and times.
WITHOUT_MODEL = {"django_migrations"}


@pytest.mark.django_db
@pytest.mark.promise("P1")
def test_the_databases_catalog_has_no_column_that_is_not_declared() -> None:
    declared = {
        (model._meta.db_table, field.column)
        for model in inventory.stored_models()
        for field in inventory.stored_fields(model)
        if field.name in dict(inventory.declaration_of(model).columns())  # type: ignore[union-attr]
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
        stored = {(table, column) for table, column in cursor.fetchall() if table not in WITHOUT_MODEL}
    assert stored == declared


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
    names = {field.name for model in inventory.stored_models() for field in inventory.stored_fields(model)}
    assert not {name for name in names if "card" in name or name in {"cvc", "cvv", "iban", "pan", "last4"}}


def _errors(model: type[models.Model], declaration: type[inventory.PersonalData] | None) -> list[str | None]:
    if declaration is not None:
        inventory.register(model)(declaration)
    try:
        return [message.id for message in checks._messages(model)]
    finally:
        inventory._registry.pop(model._meta.label_lower, None)


@pytest.fixture
def newsletter() -> Iterator[type[models.Model]]:
    with isolate_apps("shop"):

        class Newsletter(models.Model):  # noqa: DJ008
            address = models.EmailField(null=True)  # noqa: DJ001
            note = models.TextField()

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
        "keep": inventory.Years(3, since="joined_at"),
        "erasure": inventory.Erasure.CLEAR,
        "export": True,
        "scrub": None,
    }
    return inventory.Personal(**(parts | changes))  # type: ignore[arg-type]


def test_a_new_column_turns_the_check_red_and_says_what_to_write(newsletter: type[models.Model]) -> None:
    messages = [message for message in checks._messages(newsletter) if "address" in message.msg]
    assert messages == [
        Error(
            "The column shop.Newsletter.address isn't declared in the inventory of personal data.",
            hint=(
                "In shop/personal_data.py (for a package's model: accounts/personal_data.py), in the class registered "
                "for shop.Newsletter, write `address = Personal(category=..., purpose=..., ...)`, "
                'or `address = NotPersonal("why it names nobody")`.'
            ),
            obj=newsletter,
            id="privacy.E001",
        )
    ]


def test_a_declaration_without_a_column_and_free_text_without_scrub_are_errors(newsletter: type[models.Model]) -> None:
    class Data(inventory.PersonalData):
        subject = inventory.Subject(email="address")
        address = personal()
        note = personal(category=inventory.Category.FREE_TEXT)
        keys = inventory.NotPersonal("keys", "id gone")

    assert _errors(newsletter, Data) == ["privacy.E002", "privacy.E004"]


def test_a_personal_column_needs_a_way_to_its_person(newsletter: type[models.Model]) -> None:
    class Data(inventory.PersonalData):
        address = personal()
        rest = inventory.NotPersonal("keys", "id note")

    assert _errors(newsletter, Data) == ["privacy.E003"]


def test_no_part_of_a_declaration_has_a_default() -> None:
    with pytest.raises(TypeError, match="missing 8 required keyword-only arguments"):
        inventory.Personal()  # type: ignore[call-arg]


def test_a_model_is_declared_once(newsletter: type[models.Model]) -> None:
    class Data(inventory.PersonalData):
        rest = inventory.NotPersonal("keys", "id note address")

    inventory.register(newsletter)(Data)
    with pytest.raises(ValueError, match="declared twice"):
        inventory.register(newsletter)(Data)
    inventory._registry.pop(newsletter._meta.label_lower)


def test_scrubbing_takes_a_persons_values_out_of_text_and_json() -> None:
    own = frozenset({"Ada", "ada@example.com"})
    assert inventory.scrub_text("Mail ADA@example.com, Ada says", own) == "Mail —, — says"
    assert inventory.scrub_json({"a": ["Ada", 1, {"b": "x ada@example.com"}]}, own) == {"a": ["—", 1, {"b": "x —"}]}
