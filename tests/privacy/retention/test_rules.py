"""Rules follow from declarations; what can't be swept is named by a check."""

from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import isolate_apps

from payments.models import Aftermath
from privacy import inventory, retention
from privacy.inventory import Days, Unless, UntilErased, With, Years
from privacy.models import RetentionPeriod
from privacy.retention import checks, rules
from privacy.retention.periods import remember_rules
from shop.models import Order, OrderParty
from tests.privacy.test_inventory import personal

AGE = Days(5, since="made_at", at="ends_at")
Declare = Callable[..., type[models.Model]]


@pytest.fixture
def note() -> Iterator[type[models.Model]]:
    with isolate_apps("shop"):

        class Note(models.Model):  # noqa: DJ008
            order = models.ForeignKey(Order, on_delete=models.CASCADE)
            text = models.CharField(max_length=10)
            size = models.IntegerField()
            made_at = models.DateTimeField()
            ends_at = models.DateTimeField(null=True)
            on = models.DateField(null=True)

            class Meta:
                app_label = "shop"
                indexes = [models.Index(fields=["ends_at", "id"], name="note_due")]

        yield Note


@pytest.fixture
def declare(note: type[models.Model]) -> Iterator[Declare]:
    def as_(**parts: object) -> type[models.Model]:
        data = type("Data", (inventory.PersonalData,), {"subject": inventory.Subject(user="order"), **parts})
        inventory.register(note)(data)
        return note

    yield as_
    inventory._registry.pop("shop.note", None)


def test_a_row_goes_by_its_own_period_and_columns_at_their_own_dates(declare: Declare) -> None:
    note = declare(row=AGE, text=personal(keep=AGE))
    found = retention.rules_of(note)
    assert [(rule.name, rule.period, rule.columns, rule.words) for rule in found] == [
        ("shop.Note.ends_at", {"days": 5}, (), "deleted")
    ]
    assert retention.gaps(note) == []


def test_without_a_row_the_columns_are_cleared_together(declare: Declare) -> None:
    note = declare(text=personal(keep=AGE), order=inventory.NotPersonal("key"))
    assert [(rule.columns, rule.words) for rule in retention.rules_of(note)] == [(("text",), "cleared")]


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (
            {"text": personal(keep=Days(5, since="made_at"))},
            "text: its period names no date column. Say `at=`, or `With(...)` whose row it goes with.",
        ),
        (
            {"text": personal(keep=Days(5, since="made_at", at="gone_at"))},
            "text: its period names the column gone_at, which isn't there.",
        ),
        (
            {"row": Days(5, since="made_at", at="on")},
            "The row: the column on isn't a DateTimeField.",
        ),
        (
            {"row": Years(5, since="order__placed_at", at="made_at")},
            'The row: no index begins with made_at. Add `models.Index(fields=["made_at", "id"])`.',
        ),
        (
            {"size": personal(keep=AGE)},
            "shop.Note.size can't be cleared: it may be neither NULL nor empty.",
        ),
        (
            {"text": personal(keep=With("shop.OrderLine", via="order"))},
            "text: the rows of shop.OrderLine that it goes with are deleted by no rule.",
        ),
    ],
)
def test_what_cannot_be_swept_is_an_error_of_the_check(
    declare: Declare, parts: dict[str, object], sentence: str
) -> None:
    note = declare(**parts)
    assert retention.gaps(note) == [sentence]


def test_what_lives_until_something_else_ends_it_has_no_rule_and_no_gap(declare: Declare) -> None:
    note = declare(text=personal(keep=UntilErased("the account is erased")))
    assert (retention.rules_of(note), retention.gaps(note)) == ([], [])


def test_every_period_that_this_shop_declares_is_swept() -> None:
    assert checks.every_period_is_swept() == []


@pytest.mark.django_db
def test_every_date_of_this_shop_is_written_by_a_trigger() -> None:
    assert checks.every_date_has_its_trigger(databases=["default"]) == []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE shop_orderparty DISABLE TRIGGER shop_orderparty_periods")
    missing = {message.msg: message.id for message in checks.every_date_has_its_trigger(databases=["default"])}
    assert missing == {
        f"No trigger of shop_orderparty writes {at} by the rule shop.OrderParty.{at}.": "privacy.E021"
        for at in ("expires_at", "address_expires_at", "browser_expires_at")
    }


@pytest.mark.django_db
def test_after_a_migrate_each_rule_has_its_row_and_one_that_ended_has_none() -> None:
    RetentionPeriod.objects.create(
        rule="shop.Gone.at", model="shop.Gone", db_table="x", at_column="at", pk_column="id", target={"days": 1}
    )
    remember_rules(apps.get_app_config("privacy"))
    names = set(RetentionPeriod.objects.values_list("rule", flat=True))
    assert names == {rule.name for rule in retention.all_rules()}


def test_a_deed_takes_the_place_of_the_deletion_and_may_have_a_date_of_its_own(declare: Declare) -> None:
    note = declare(row=AGE, text=personal(keep=AGE))
    seen: list[object] = []
    retention.deed("shop.Note", AGE)(seen.append)
    try:
        assert [(rule.deed == seen.append, rule.words) for rule in retention.rules_of(note)] == [(True, "handled")]
    finally:
        rules._deeds.pop(("shop.note", "ends_at"))


def test_a_row_that_stands_for_another_takes_along_what_goes_with_that() -> None:
    [of_party] = [rule for rule in retention.rules_of(OrderParty) if rule.cuts]
    [of_aftermath] = retention.rules_of(Aftermath)
    assert of_aftermath.cuts == of_party.cuts
    assert {cut.key for cut in of_aftermath.cuts} == {"order_id"}
    assert (of_party.under, of_aftermath.under) == ("order", "")


def test_a_period_is_written_with_its_exception_and_its_year_end() -> None:
    keep = Years(
        10,
        since="a",
        at="b",
        from_year_end=True,
        unless=Unless("drafts", Days("UNPAID_RETENTION_DAYS", since="c")),
    )
    assert rules.period_of(keep) == {"years": 10, "from_year_end": True, "unless": {"days": 30}}


def test_what_goes_with_a_party_leads_through_every_app() -> None:
    rule = next(rule for rule in retention.all_rules() if rule.name == "shop.OrderParty.expires_at")
    tables = {cut.table: cut.key for cut in rule.cuts}
    expected = "shop_orderhold shop_orderevent accounts_license accounts_licensekey payments_reference payments_refund"
    assert {table: tables.get(table) for table in expected.split()} == dict.fromkeys(expected.split(), "order_id")
