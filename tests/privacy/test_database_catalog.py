"""What only the database knows: columns of migrations by SQL, tables that no model manages."""

import pytest
from django.core.checks import run_checks
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import isolate_apps

from privacy import database_catalog, inventory
from privacy.checks import columns
from privacy.database_catalog import Column

pytestmark = pytest.mark.django_db


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def errors() -> list[str]:
    return [message.msg for message in run_checks(databases=["default"]) if message.id == "privacy.E010"]


def test_a_migrated_shop_has_no_column_of_its_own() -> None:
    assert errors() == []


@pytest.mark.promise("P1")
def test_a_migration_by_sql_that_adds_a_column_fails_the_check() -> None:
    run("ALTER TABLE shop_order ADD COLUMN second_email varchar(254)")
    assert errors() == [
        "The database has the column shop_order.second_email, which no model knows and nothing declares."
    ]


@pytest.mark.promise("P1")
@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ("CREATE TABLE newsletter (address text)", "newsletter"),
        ("CREATE VIEW newsletter AS SELECT 'a'::text AS address", "newsletter"),
        ("CREATE MATERIALIZED VIEW newsletter AS SELECT 'a'::text AS address", "newsletter"),
        ("CREATE TABLE newsletter (address text) PARTITION BY LIST (address)", "newsletter"),
        ("CREATE SCHEMA other; CREATE TABLE other.newsletter (address text)", "other.newsletter"),
    ],
    ids=["table", "view", "stored view", "partitioned", "another schema"],
)
def test_a_table_that_no_model_manages_fails_the_check(sql: str, table: str) -> None:
    run(sql)
    assert errors() == [f"The database has the column {table}.address, which no model knows and nothing declares."]
    assert database_catalog.undeclared() == [Column(table, "address", "text")]


def test_a_table_that_names_nobody_is_declared_by_its_columns() -> None:
    run("CREATE TABLE counter (day date, visits integer)")
    inventory.register_table("counter", "day visits", "sums")
    try:
        assert errors() == []
    finally:
        inventory._tables.pop("counter")


@isolate_apps("shop")
def test_an_unmanaged_model_is_checked_like_any_other() -> None:
    class Newsletter(models.Model):  # noqa: DJ008
        address = models.EmailField(primary_key=True)

        class Meta:
            app_label = "shop"
            managed = False

    assert [message.id for message in columns.messages_of(Newsletter)] == ["privacy.E001"]


def test_nothing_is_said_while_migrations_wait() -> None:
    """A column that the next migration removes is no fault, and `migrate` itself asks the checks."""
    run("ALTER TABLE shop_order ADD COLUMN second_email varchar(254)")
    MigrationRecorder(connection).record_unapplied("privacy", _last("privacy"))
    assert errors() == []


def _last(app: str) -> str:
    return max(name for label, name in MigrationRecorder(connection).applied_migrations() if label == app)
